"""The smooth calibration curve and how far it lies from the diagonal (ICI)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from sgcore.stats._arrays import NAN, Cases, Floats
from sgcore.stats.logit_fits import clustered_covariance, critical_value, logistic_fits, too_few_patients
from sgcore.stats.proportions import clustered_proportion
from sgcore.stats.splines import spline_design, spline_knots

CURVE_CLASS = 100  # cases a class from which the curve is shown, with 4 knots
ICI_CLASS = 20  # cases a class from which the ICI is estimated, with 3 knots: 10 a spline term
CURVE_COLUMNS = ["predicted", "observed", "low", "high"]
CHUNK = 2_000_000  # resampled cases held at once


@dataclass(frozen=True)
class Smooth:
    """ICI, its interval and its size by chance, and the ``curve``; NaN or empty beside the reasons."""

    ici: float = NAN
    ci_low: float = NAN
    ci_high: float = NAN
    by_chance: float = NAN
    method: str = "not estimated"
    reason: str = ""
    curve: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CURVE_COLUMNS, dtype=float))
    curve_reason: str = ""


def smooth_calibration(cases: Cases, p: Floats, *, level: float, replicates: int, seed: int) -> Smooth:
    """Curve and ICI of probabilities ``p`` (n,) strictly between 0 and 1, both classes present.

    The smoother is a logistic regression of the label on a restricted cubic spline of logit p: unlike
    lowess it stays within 0 and 1, and a perfectly calibrated model is one of its members. It has 4
    knots from 100 cases a class on, else 3.

    The ICI is a mean of absolute distances and never 0, also of a perfectly calibrated model. So its
    percentile interval (resampled patients, knots fixed) begins at 0 where the ICI is no larger than
    what the curves, moved to lie around the diagonal, show in all but 1 - level of the resamples; the
    mean of these is ``by_chance``. The band of the curve is pointwise, on the logit scale, clustered.

    References
    ----------
    Austin PC, Steyerberg EW. Stat Med 2019;38:4051 (ICI). Van Calster B et al. J Clin Epidemiol
    2016;74:167 (flexible curves and the cases they need).
    """
    counts = f"{cases.n_pos} positive, {cases.n_neg} negative"
    smaller = min(cases.n_pos, cases.n_neg)
    few = "" if smaller >= CURVE_CLASS else f"fewer than {CURVE_CLASS} cases in a class ({counts})"
    if smaller < ICI_CLASS:
        return Smooth(reason=f"fewer than {ICI_CLASS} cases in a class ({counts})", curve_reason=few)
    x = logit(p)
    knots = spline_knots(x, 3 if few else 4)
    if not knots.size:
        reason = f"too few distinct probabilities for a curve ({np.unique(p).size} of {p.size} cases)"
        return Smooth(reason=reason, curve_reason=few or reason)
    design = spline_design(x, knots)
    coefficients, converged = logistic_fits(design, cases.y, np.ones((1, p.size)))
    if not converged[0]:
        reason = "a curve of the probabilities separates the classes, or nearly: none fits best"
        return Smooth(reason=reason, curve_reason=few or reason)
    beta = coefficients[0]
    ici = float(np.abs(expit(design @ beta) - p).mean())
    method = f"restricted cubic spline of logit p, {knots.size} knots"
    low = high = chance = NAN
    reason = too_few_patients(cases, knots.size)
    curve, curve_reason = Smooth().curve, few or reason
    if not curve_reason:
        curve = _curve(cases, p, design, beta, knots, level)
    if not reason and replicates:
        drawn, by_chance = _resampled(cases, p, design, beta, replicates, seed)
        if drawn.size < 0.9 * replicates:
            reason = f"the curve could be fitted in only {drawn.size} of {replicates} resamples: no interval"
        else:
            low, high = (float(v) for v in np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2]))
            chance = float(by_chance.mean())
            # A resample scatters more than the cases did: an interval must still hold its own estimate.
            low = 0.0 if ici <= np.quantile(by_chance, level) else min(low, ici)
            high = max(high, ici)
            method += f", percentile interval from {drawn.size} resamples of patients"
    return Smooth(ici, low, high, chance, method, reason, curve, curve_reason)


def grouped_points(cases: Cases, p: Floats, level: float) -> pd.DataFrame:
    """Tenths of the cases by ``p`` (fifths below 200): ``predicted, observed, low, high, n``.

    Mean probability and share of positives with Wilson's interval, clustered by patient. Cases of equal
    probability stay together; no more distinct ones than groups, and each value is a group.
    """
    parts = 10 if p.size >= 200 else 5
    values = np.unique(p)
    edges = np.unique(np.quantile(p, np.arange(1, parts) / parts)) if values.size > parts else values
    group = np.searchsorted(edges, p, side="right")
    rows = []
    for number in np.unique(group):
        here = group == number
        share = clustered_proportion(cases.y[here], cases.codes[here], level)
        rows.append((float(p[here].mean()), share.estimate, share.ci_low, share.ci_high, share.n))
    return pd.DataFrame(rows, columns=[*CURVE_COLUMNS, "n"])


def _curve(
    cases: Cases, p: Floats, design: Floats, beta: Floats, knots: Floats, level: float
) -> pd.DataFrame:
    """The curve with its band where there are cases: from the 1st to the 99th percentile of ``p``."""
    covariance = clustered_covariance(design, cases.y, expit(design @ beta), cases.codes)
    first, last = (float(edge) for edge in np.quantile(p, [0.01, 0.99]))
    grid = np.linspace(first, last, 101)
    at = spline_design(logit(grid), knots)
    linear = at @ beta
    width = critical_value(cases, level) * np.sqrt(np.einsum("ij,jk,ik->i", at, covariance, at).clip(min=0))
    columns = [grid, expit(linear), expit(linear - width), expit(linear + width)]
    return pd.DataFrame(dict(zip(CURVE_COLUMNS, columns, strict=True)))


def _resampled(
    cases: Cases, p: Floats, design: Floats, beta: Floats, replicates: int, seed: int
) -> tuple[Floats, Floats]:
    """ICI of resampled patients, and of the same curves moved to lie around the diagonal.

    Not stratified by class: the share of positives is part of what calibration is about. Resamples
    whose curve has no best fit are left out.
    """
    rng = np.random.default_rng(seed)
    codes = np.unique(cases.codes, return_inverse=True)[1]
    equal = np.full(cases.n_groups, 1 / cases.n_groups)
    # In the spline's terms the diagonal is logit p itself.
    diagonal = np.eye(design.shape[1])[1]
    drawn, by_chance = [], []
    size = max(1, CHUNK // p.size)
    for start in range(0, replicates, size):
        weights = rng.multinomial(cases.n_groups, equal, size=min(size, replicates - start)).astype(float)
        weights = weights[:, codes]
        coefficients, converged = logistic_fits(design, cases.y, weights)
        coefficients, weights = coefficients[converged], weights[converged]
        distance = np.abs(expit(coefficients @ design.T) - p)
        drawn.append((weights * distance).sum(axis=1) / weights.sum(axis=1))
        moved = (coefficients - beta + diagonal) @ design.T
        by_chance.append(np.abs(expit(moved) - p).mean(axis=1))
    return np.concatenate(drawn), np.concatenate(by_chance)
