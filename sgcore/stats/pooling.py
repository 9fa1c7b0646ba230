"""One AUC from several centers: pooled on the logit scale, where a new center's can be predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from sgcore.stats._arrays import NAN, Floats, as_floats
from sgcore.stats.delong import AucResult
from sgcore.stats.random_effects import METHOD, Heterogeneity, center_names, heterogeneity


@dataclass(frozen=True)
class PooledAuc:
    """The AUC of the average center, and of a new one, pooled on the logit scale and mapped back.

    ``on_logit`` has everything on the logit scale, tau2 and I2 among it. ``n_pos``, ``n_neg`` (cases) and
    ``n_patients`` are sums over the centers used, NaN where they were not given.
    """

    auc: float
    ci_low: float
    ci_high: float
    prediction_low: float
    prediction_high: float
    prediction_reason: str
    on_logit: Heterogeneity
    k: int
    n_pos: float
    n_neg: float
    n_patients: float
    left_out: tuple[tuple[str, str], ...]
    method: str
    reason: str
    level: float

    @property
    def spread(self) -> str:
        """I2 and tau of the logit AUC, with the number of centers."""
        return self.on_logit.spread + ("" if self.reason else " (tau on the logit scale)")


def pooled_auc(
    auc: Sequence[AucResult] | ArrayLike,
    variance: ArrayLike | None = None,
    *,
    labels: Sequence[object] | None = None,
    level: float = 0.95,
) -> PooledAuc:
    """Random-effects AUC of k centers: :func:`heterogeneity` of logit A with variance V / (A (1 - A))^2.

    Parameters
    ----------
    auc : one AucResult a center, or the (k,) AUCs; then ``variance`` holds their (k,) variances.
    labels : (k,) names of the centers.

    Returns
    -------
    PooledAuc. A center with an AUC of 0 or 1 has no finite logit, one without variance no weight:
    both are left out and named.

    Raises
    ------
    ValueError : AUCs outside [0, 1], arrays of different length or dimension, a bad level.

    References
    ----------
    Snell KIE et al. Stat Methods Med Res 2018;27:3505. Debray TPA et al. Stat Methods Med Res 2019;28:2768.
    """
    results = _results(auc) if variance is None else ()
    value, spread = _arrays(results if variance is None else auc, variance)
    inside = (value > 0) & (value < 1)
    on_logit = np.full(value.size, np.nan)
    on_logit[inside] = logit(value[inside])
    slope = np.where(inside, value * (1 - value), 1.0)
    pooled = heterogeneity(on_logit, spread / slope**2, labels=labels, level=level)
    why = {}
    for i, name in enumerate(center_names(labels, value.size)):
        if value[i] in (0.0, 1.0):
            why[name] = f"its AUC is {value[i]:g}, which has no finite logit"
        elif results and results[i].reason:
            why[name] = results[i].reason
    left_out = tuple((name, why.get(name, fault)) for name, fault in pooled.left_out)
    used = [r for r in results if 0 < r.auc < 1 and 0 < r.variance < np.inf]
    n_pos, n_neg, n_patients = (
        float(sum(getattr(r, name) for r in used)) if results else NAN
        for name in ("n_pos", "n_neg", "n_patients")
    )
    mean, low, high, new_low, new_high = (
        float(expit(x))
        for x in (pooled.mean, pooled.ci_low, pooled.ci_high, pooled.prediction_low, pooled.prediction_high)
    )
    return PooledAuc(
        mean, low, high, new_low, new_high, pooled.prediction_reason, pooled, pooled.k, n_pos, n_neg,
        n_patients, left_out, METHOD + ", logit scale", pooled.reason, level,
    )  # fmt: skip


def _results(auc: object) -> tuple[AucResult, ...]:
    if not isinstance(auc, Sequence) or not all(isinstance(result, AucResult) for result in auc):
        raise ValueError("without variance, auc must be a sequence of AucResult; else give both arrays.")
    return tuple(auc)


def _arrays(auc: Any, variance: ArrayLike | None) -> tuple[Floats, Floats]:
    """AUCs and variances, from results where ``variance`` is None."""
    if variance is None:
        auc, variance = [result.auc for result in auc], [result.variance for result in auc]
    value, spread = as_floats(auc, "auc"), as_floats(variance, "variance")
    if value.size != spread.size:
        raise ValueError(f"variance has {spread.size} values where auc has {value.size}.")
    outside = value[(value < 0) | (value > 1)]
    if outside.size:
        raise ValueError(f"auc holds {outside[0]:g}; every AUC lies between 0 and 1.")
    return value, spread
