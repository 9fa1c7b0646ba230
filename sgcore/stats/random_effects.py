"""Centers together: the mean of their effects, how far they differ, and where a new center may fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, as_floats, check_level

FEWEST_TO_POOL = 3
FEWEST_TO_PREDICT = 5
METHOD = "random effects, REML, Hartung-Knapp with variance x max(1, q)"


@dataclass(frozen=True)
class Heterogeneity:
    """Random-effects mean of k centers; NaN beside a ``reason`` where it is not pooled.

    ``se`` belongs to the interval and contains max(1, q); ``se_hartung_knapp`` is the one without that
    floor. ``tau2`` has its Q-profile interval (``tau2_reason`` where there is none), ``i2`` is a share
    from 0 to 1, ``q_test`` and ``p`` are Cochran's. ``prediction_low`` and ``prediction_high`` hold the
    effect of a new center; NaN beside ``prediction_reason`` from fewer than five. ``labels`` are the
    centers used, ``left_out`` the others, each with its reason.
    """

    mean: float
    ci_low: float
    ci_high: float
    se: float
    se_hartung_knapp: float
    tau2: float
    tau2_low: float
    tau2_high: float
    tau2_reason: str
    i2: float
    q_test: float
    p: float
    prediction_low: float
    prediction_high: float
    prediction_reason: str
    k: int
    labels: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    method: str
    reason: str
    level: float

    @property
    def tau(self) -> float:
        """Standard deviation of the centers' true effects, on the scale of the effects."""
        return sqrt(self.tau2)

    @property
    def spread(self) -> str:
        """I2 and tau, never without the number of centers they come from."""
        if np.isnan(self.tau2):
            return f"I2 and tau: not estimated from {self.k} center(s)"
        return f"I2 {self.i2:.0%}, tau {self.tau:.2f}, from {self.k} centers"


def heterogeneity(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    labels: Sequence[object] | None = None,
    level: float = 0.95,
) -> Heterogeneity:
    """Random-effects mean of the centers' effects, with its interval and prediction interval.

    tau2 maximizes the restricted likelihood. With w = 1 / (v + tau2), mu = sum w y / sum w and
    q = sum w (y - mu)^2 / (k - 1), the variance of mu is max(1, q) / sum w and its interval has t(k - 1);
    the prediction interval is mu +- t(k - 2) sqrt(tau2 + variance). I2 = tau2 / (tau2 + s2) with the
    typical variance s2 = (k - 1) sum 1/v / ((sum 1/v)^2 - sum 1/v^2).

    Parameters
    ----------
    estimates : (k,) effects on a scale on which they are about normal (logit of the AUC, log odds).
    variances : (k,) their squared standard errors. labels : (k,) names of the centers, else 1 to k.

    Returns
    -------
    Heterogeneity. A center without a finite estimate and a positive variance is left out and named.
    Fewer than three centers are not pooled; from three or four there is no prediction interval.

    Raises
    ------
    ValueError : arrays of different length or dimension, a bad level.

    References
    ----------
    Hartung J, Knapp G. Stat Med 2001;20:3875. Higgins JPT, Thompson SG. Stat Med 2002;21:1539 (I2).
    Viechtbauer W. Stat Med 2007;26:37 (Q-profile). Snell KIE et al. Stat Methods Med Res 2018;27:3505.
    Debray TPA et al. Stat Methods Med Res 2019;28:2768.
    """
    check_level(level)
    y, v = as_floats(estimates, "estimates"), as_floats(variances, "variances")
    names = center_names(labels, y.size)
    if v.size != y.size:
        raise ValueError(f"variances has {v.size} values where estimates has {y.size}.")
    faults = [_fault(a, b) for a, b in zip(y, v, strict=True)]
    used = np.array([not fault for fault in faults], dtype=bool)
    kept = tuple(name for name, ok in zip(names, used, strict=True) if ok)
    left_out = tuple((name, fault) for name, fault in zip(names, faults, strict=True) if fault)
    y, v, k = y[used], v[used], len(kept)
    if k < FEWEST_TO_POOL:
        away = f" ({len(left_out)} left out)" if left_out else ""
        reason = f"{k} center(s) with an estimate and its variance{away}, at least 3 are needed"
        return Heterogeneity(
            NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, reason, NAN, NAN, NAN, NAN, NAN, reason, k, kept,
            left_out, METHOD, reason, level,
        )  # fmt: skip
    tau2 = _reml(y, v)
    weights, mean, squares = _weighted(y, v, tau2)
    q = squares / (k - 1)
    se_plain = sqrt(q / weights.sum())
    se = sqrt(max(1.0, q) / weights.sum())
    tail = (1 - level) / 2
    half = float(scipy.stats.t.isf(tail, k - 1)) * se
    low = high = NAN
    missing = f"a new center cannot be predicted from {k}" if k < FEWEST_TO_PREDICT else ""
    if not missing:
        far = float(scipy.stats.t.isf(tail, k - 2)) * sqrt(tau2 + se**2)
        low, high = mean - far, mean + far
    tau2_low, tau2_high, tau2_reason = _q_profile(y, v, tail)
    fixed = 1 / v
    typical = (k - 1) * fixed.sum() / (fixed.sum() ** 2 - (fixed**2).sum())
    q_test = _weighted(y, v, 0.0)[2]
    return Heterogeneity(
        mean, mean - half, mean + half, se, se_plain, tau2, tau2_low, tau2_high, tau2_reason,
        tau2 / (tau2 + typical), q_test, float(scipy.stats.chi2.sf(q_test, k - 1)), low, high, missing, k, kept,
        left_out, METHOD, "", level,
    )  # fmt: skip


def center_names(labels: Sequence[object] | None, length: int) -> tuple[str, ...]:
    """The labels as text, 1 to ``length`` without them; ValueError where they are too many, too few or not distinct."""
    names = tuple(str(label) for label in (range(1, length + 1) if labels is None else labels))
    if len(names) != length:
        raise ValueError(f"labels has {len(names)} values where there are {length} centers.")
    if len(set(names)) < length:
        raise ValueError("labels holds a name twice; every center enters once, under its own name.")
    return names


def _fault(estimate: float, variance: float) -> str:
    """Why a center cannot enter; empty when it can."""
    if not np.isfinite(estimate):
        return "it has no finite estimate"
    if np.isnan(variance):
        return "its variance could not be estimated"
    return "" if 0 < variance < np.inf else f"its variance is {variance:g}"


def _weighted(y: Floats, v: Floats, tau2: float) -> tuple[Floats, float, float]:
    """Weights, weighted mean, and weighted sum of squares around it."""
    weights = 1 / (v + tau2)
    mean = float(weights @ y / weights.sum())
    return weights, mean, float(weights @ (y - mean) ** 2)


def _reml(y: Floats, v: Floats) -> float:
    """tau2 at the global maximum of the restricted likelihood, which can have several."""

    def slope(tau2: ArrayLike) -> Floats:
        w = 1 / (v + np.atleast_1d(tau2)[:, None])
        total = w.sum(axis=1)
        mean = w @ y / total
        return (w**2 * (y - mean[:, None]) ** 2).sum(axis=1) - total + (w**2).sum(axis=1) / total

    def likelihood(tau2: float) -> float:
        weights, _, squares = _weighted(y, v, tau2)
        return float(np.log(weights).sum() - np.log(weights.sum()) - squares) / 2

    # At a root tau2 = sum w^2 ((y - mu)^2 - v) / sum w^2 + 1 / sum w, which no value above this is.
    bound = (y.size * float(np.ptp(y)) ** 2 + float(v.max())) / (y.size - 1)
    grid = np.concatenate([[0.0], bound * np.geomspace(1e-8, 1.01, 300)])
    slopes = slope(grid)
    peaks = [
        float(
            scipy.optimize.brentq(lambda t: slope(t)[0], grid[i], grid[i + 1], xtol=1e-14 * bound, rtol=1e-13)
        )
        for i in np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
    ]
    return max([0.0, *peaks], key=likelihood)


def _q_profile(y: Floats, v: Floats, tail: float) -> tuple[float, float, str]:
    """All tau2 at which Cochran's generalized Q, which falls with tau2, is no surprise."""
    df = y.size - 1
    upper, lower = float(scipy.stats.chi2.isf(tail, df)), float(scipy.stats.chi2.ppf(tail, df))

    def solve(target: float) -> float:
        if _weighted(y, v, 0.0)[2] <= target:
            return 0.0
        # Q(t) is at most the sum of squares around the plain mean over t: below target from here on.
        end = float(((y - y.mean()) ** 2).sum()) / target
        return float(
            scipy.optimize.brentq(lambda tau2: _weighted(y, v, tau2)[2] - target, 0.0, end, rtol=1e-12)
        )

    at_zero = _weighted(y, v, 0.0)[2]
    if at_zero < lower:
        words = f"the centers differ less than chance alone would have it (Q = {at_zero:.3g}, {df} df)"
        return NAN, NAN, words
    return solve(upper), solve(lower), ""
