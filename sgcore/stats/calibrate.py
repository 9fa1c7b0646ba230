"""Calibration: do probabilities mean what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from sgcore.stats._arrays import NAN, Cases, Floats, as_cases, check_level, same_length
from sgcore.stats.calibration_curve import Smooth, grouped_points, smooth_calibration
from sgcore.stats.logit_fits import (
    clustered_covariance,
    critical_value,
    intercept_with_offset,
    logistic_fits,
    too_few_patients,
)
from sgcore.stats.placements import group_sums
from sgcore.stats.probabilities import Kind, as_probabilities, no_risks

# Logits need probabilities within (0, 1); beyond a millionth no study of this kind can tell them apart.
EPS = 1e-6
MEASURES = ("intercept", "slope", "brier", "scaled_brier", "ici")


@dataclass(frozen=True)
class CalibrationMeasure:
    """One number of a calibration with its interval; what cannot be estimated is NaN beside a ``reason``."""

    estimate: float
    ci_low: float
    ci_high: float
    method: str
    reason: str


@dataclass(frozen=True)
class Calibration:
    """How probabilities agree with what was observed.

    ``intercept`` is calibration in the large (ideal 0; above it the probabilities are too low),
    ``slope`` is ideal at 1 (below it they are too extreme), ``brier`` the mean squared error,
    ``scaled_brier`` 1 minus its ratio to that of the prevalence, ``ici`` the mean distance of the smooth
    curve from the diagonal and ``ici_by_chance`` what a perfectly calibrated model would show on these
    cases. ``curve`` and ``grouped`` are frames (empty beside ``curve_reason`` and ``reason``).
    ``n_clipped`` probabilities were moved to [eps, 1 - eps] for their logits.
    """

    intercept: CalibrationMeasure
    slope: CalibrationMeasure
    brier: CalibrationMeasure
    scaled_brier: CalibrationMeasure
    ici: CalibrationMeasure
    ici_by_chance: float
    curve: pd.DataFrame
    curve_reason: str
    grouped: pd.DataFrame
    n_pos: int
    n_neg: int
    n_groups: int
    n_clipped: int
    reason: str
    level: float

    @property
    def n_cases(self) -> int:
        return self.n_pos + self.n_neg

    @property
    def n_patients(self) -> int:
        """The same as ``n_groups``: without groups, every case counts as a patient of its own."""
        return self.n_groups

    def frame(self) -> pd.DataFrame:
        """One row a measure: ``measure, estimate, ci_low, ci_high, method, reason``."""
        return pd.DataFrame([{"measure": name, **vars(getattr(self, name))} for name in MEASURES])


def calibration(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    *,
    kind: Kind = "probability",
    replicates: int = 1000,
    seed: int = 0,
) -> Calibration:
    """Calibration in the large, slope, Brier score and ICI, each with its interval.

    Parameters
    ----------
    y_true, y_prob, groups : (n,) label, probability and patient of each case; with groups every
        interval is clustered by patient.
    kind : ``score`` (a margin or logit) is not applicable.
    replicates, seed : resamples of patients behind the interval of the ICI, and their seed; 0 for none.

    Returns
    -------
    Calibration. Intercept and slope come from logistic regressions of the label on logit p, the first
    with the slope fixed at 1 (logit p as offset), the second with both free; Wald intervals on the
    robust variance (HC1), clustered by patient with Student's t where patients have several cases. The
    Brier scores have Wald intervals of (ratios of) patient means. The ICI needs 20, the curve 100 cases
    a class, intercept and slope 5 patients a class for an interval. Constant probabilities and separated
    classes have no slope, probabilities of 0 and 1 alone neither slope nor intercept. Others are cut at
    ``EPS`` from 0 and 1; where a cut at EPS / 1000 moves intercept or slope by more than half its interval,
    there is none. One class only leaves the Brier score alone. The reasons say so. Missing values and scores
    that are no probabilities make all NaN.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, probabilities outside [0, 1],
        a bad level, negative replicates.

    References
    ----------
    Cox DR. Biometrika 1958;45:562 (intercept and slope). Brier GW. Mon Weather Rev 1950;78:1.
    Steyerberg EW et al. Epidemiology 2010;21:128 (scaled Brier score).
    Austin PC, Steyerberg EW. Stat Med 2019;38:4051 (ICI).
    Van Calster B et al. BMC Med 2019;17:230.
    """
    check_level(level)
    if replicates < 0 or replicates != int(replicates):
        raise ValueError(f"replicates is {replicates}; give a whole number, 0 for no interval of the ICI.")
    cases = as_cases(y_true, groups)
    p, why = as_probabilities(y_prob, kind)
    same_length(cases.y.size, y_prob=p)
    one_class = cases.reason.startswith("one class")
    reason = why or cases.reason
    clipped = np.clip(p, EPS, 1 - EPS)
    intercept = slope = brier = scaled = ici = _nothing(reason)
    smooth, grouped = Smooth(curve_reason=reason), pd.DataFrame(columns=[*Smooth().curve.columns, "n"])
    if not reason:
        x = logit(clipped)
        if calls := no_risks(p) if np.isin(p, (0, 1)).all() else "":
            intercept = slope = _nothing(calls)
        else:
            intercept, slope = _intercept(cases, x, level), _slope(cases, x, level)
            if (clipped != p).any():
                further = logit(np.clip(p, EPS / 1000, 1 - EPS / 1000))
                intercept = _unless_cut(intercept, _intercept(cases, further, level))
                slope = _unless_cut(slope, _slope(cases, further, level))
        smooth = smooth_calibration(cases, clipped, level=level, replicates=replicates, seed=seed)
        ici = CalibrationMeasure(smooth.ici, smooth.ci_low, smooth.ci_high, smooth.method, smooth.reason)
    if not reason or (one_class and not why):
        brier, scaled = _brier(cases, p, level), _nothing(reason) if one_class else _scaled(cases, p, level)
        grouped = grouped_points(cases, clipped, level)
    return Calibration(
        intercept, slope, brier, scaled, ici, smooth.by_chance, smooth.curve, smooth.curve_reason, grouped,
        cases.n_pos, cases.n_neg, cases.n_groups, 0 if why else int((clipped != p).sum()), reason, level,
    )  # fmt: skip


def _nothing(reason: str) -> CalibrationMeasure:
    return CalibrationMeasure(NAN, NAN, NAN, "not estimated", reason)


def _unless_cut(found: CalibrationMeasure, further: CalibrationMeasure) -> CalibrationMeasure:
    """The measure, unless it says where probabilities of 0 and 1 are cut rather than what was observed.

    ``further`` is the same with the cut a thousand times nearer to 0 and 1.
    """
    if np.isnan(found.estimate):
        return found
    half = (found.ci_high - found.ci_low) / 2
    if abs(further.estimate - found.estimate) <= (0.0 if np.isnan(half) else half):
        return found
    at = f"{found.estimate:.2f} at a millionth, {further.estimate:.2f} at a billionth"
    return _nothing(f"it hangs on where probabilities near 0 and 1 are cut ({at})")


def _measure(
    estimate: float, variance: float, cases: Cases, level: float, *, method: str, reason: str = ""
) -> CalibrationMeasure:
    """A Wald interval around the estimate; none where there is a reason."""
    width = NAN if reason else critical_value(cases, level) * sqrt(variance)
    method += ", Wald, " + ("clustered by patient" if cases.clustered else "robust")
    return CalibrationMeasure(estimate, estimate - width, estimate + width, method, reason)


def _intercept(cases: Cases, x: Floats, level: float) -> CalibrationMeasure:
    """Calibration in the large: the intercept beside an offset."""
    estimate = intercept_with_offset(x, cases.y)
    reason = too_few_patients(cases, 1)
    variance = NAN
    if not reason:
        ones = np.ones((x.size, 1))
        variance = float(clustered_covariance(ones, cases.y, expit(x + estimate), cases.codes)[0, 0])
    return _measure(estimate, variance, cases, level, method="logistic, slope fixed at 1", reason=reason)


def _slope(cases: Cases, x: Floats, level: float) -> CalibrationMeasure:
    if x.max() - x.min() < 1e-9:
        return _nothing(f"all {x.size} probabilities are equal ({expit(x[0]):.3g}): no slope")
    scale = float(x.std())
    design = np.column_stack([np.ones_like(x), (x - x.mean()) / scale])
    coefficients, converged = logistic_fits(design, cases.y, np.ones((1, x.size)))
    if not converged[0]:
        return _nothing(f"{_apart(x[cases.positive], x[~cases.positive])}: no finite slope, n = {x.size}")
    reason, variance = too_few_patients(cases, 2), NAN
    if not reason:
        fitted = expit(design @ coefficients[0])
        variance = float(clustered_covariance(design, cases.y, fitted, cases.codes)[1, 1]) / scale**2
    return _measure(
        float(coefficients[0, 1]) / scale, variance, cases, level, method="logistic", reason=reason
    )


def _apart(positive: Floats, negative: Floats) -> str:
    """How the logits of the two classes lie where a slope would be infinite."""
    for way, above, below in (("lower", positive, negative), ("higher", negative, positive)):
        if above.min() > below.max():
            other = "higher" if way == "lower" else "lower"
            return f"every positive case has a {other} probability than every negative one"
        if above.min() == below.max():
            both = f"they meet at {expit(above.min()):.3g} alone"
            return f"no positive case has a {way} probability than a negative one ({both})"
    return "the probabilities nearly separate the classes"


def _brier(cases: Cases, p: Floats, level: float) -> CalibrationMeasure:
    error = (p - cases.y) ** 2
    mean = float(error.mean())
    few = f"{cases.n_groups} patient(s): no interval" if cases.n_groups < 2 else ""
    variance = NAN if few else _mean_variance(error - mean, cases)
    result = _measure(mean, variance, cases, level, method="mean squared error", reason=few)
    if few:
        return result
    return replace(result, ci_low=max(0.0, result.ci_low), ci_high=min(1.0, result.ci_high))


def _scaled(cases: Cases, p: Floats, level: float) -> CalibrationMeasure:
    error, prevalence = (p - cases.y) ** 2, cases.n_pos / cases.y.size
    brier, reference = float(error.mean()), prevalence * (1 - prevalence)
    # The delta method: both the score and the prevalence that scales it are means over patients.
    influence = (brier - error) / reference
    influence += brier * (1 - 2 * prevalence) * (cases.y - prevalence) / reference**2
    reason = too_few_patients(cases, 1)
    variance = NAN if reason else _mean_variance(influence, cases)
    method = "1 - Brier / Brier of the prevalence"
    return _measure(1 - brier / reference, variance, cases, level, method=method, reason=reason)


def _mean_variance(residuals: Floats, cases: Cases) -> float:
    """Variance of the mean of clustered values from their ``residuals`` (n,), which sum to 0."""
    codes = np.unique(cases.codes, return_inverse=True)[1]
    totals = group_sums(residuals[:, None], codes, cases.n_groups)
    return float(cases.n_groups / (cases.n_groups - 1) * (totals**2).sum() / residuals.size**2)
