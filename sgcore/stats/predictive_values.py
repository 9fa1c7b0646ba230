"""PPV and NPV where the condition is as frequent as the user says, not as in these cases."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, log, sqrt

import pandas as pd
import scipy
from scipy.special import expit

from sgcore.stats._arrays import NAN, check_level
from sgcore.stats.proportions import Proportion


@dataclass(frozen=True)
class PredictiveValue:
    """An estimate with its interval; NaN beside a ``reason``."""

    estimate: float
    ci_low: float
    ci_high: float
    method: str
    reason: str


@dataclass(frozen=True)
class PredictiveValues:
    """PPV and NPV at ``prevalence``, and the positive and negative cases and patients behind them."""

    prevalence: float
    ppv: PredictiveValue
    npv: PredictiveValue
    n_pos: int
    n_neg: int
    groups_pos: int
    groups_neg: int
    level: float

    def frame(self) -> pd.DataFrame:
        """One row a measure: ``measure, prevalence, estimate, ci_low, ci_high, n_pos, n_neg, method, reason``."""
        rows = [
            {
                "measure": name,
                "prevalence": self.prevalence,
                **{c: getattr(value, c) for c in ("estimate", "ci_low", "ci_high")},
                "n_pos": self.n_pos,
                "n_neg": self.n_neg,
                "method": value.method,
                "reason": value.reason,
            }
            for name, value in (("ppv", self.ppv), ("npv", self.npv))
        ]
        return pd.DataFrame(rows)


def predictive_values_at(
    prevalence: float, sensitivity: Proportion, specificity: Proportion, level: float = 0.95
) -> PredictiveValues:
    """PPV and NPV from sensitivity and specificity by Bayes' rule, intervals on the logit scale.

    With pi the prevalence, logit PPV = log(se pi) - log((1 - sp) (1 - pi)) has the variance
    (1 - se) / (se n1) + sp / ((1 - sp) n0), and logit NPV = log(sp (1 - pi)) - log((1 - se) pi) has
    se / ((1 - se) n1) + (1 - sp) / (sp n0). n1 and n0 are the effective sample sizes of the two
    proportions, so that intervals are clustered by patient where those are. At a sensitivity or
    specificity of 0 or 1 the interval (not the estimate) comes from the adjusted proportions
    (x + z^2 / 2) / (n + z^2) on n + z^2 cases, and is widened to the estimate.

    The prevalence is taken as known without error, sensitivity and specificity as the same wherever
    the model is used and, where patients have cases of both classes, as independent of each other. At
    the share of positives among the cases the estimates are those of the cases.

    Parameters
    ----------
    prevalence : share of positives where the model would be used, strictly between 0 and 1.
    sensitivity, specificity : as :func:`sgcore.stats.operating_point` gives them.

    Returns
    -------
    PredictiveValues. Where sensitivity or specificity is not estimated, and for the PPV where no case
    is called positive (NPV: negative), NaN with the reason.

    Raises
    ------
    ValueError : a prevalence that is not strictly between 0 and 1, a bad level.

    References
    ----------
    Mercaldo ND, Lau KF, Zhou XH. Stat Med 2007;26:2170.
    """
    check_level(level)
    if not 0 < prevalence < 1:
        raise ValueError(
            f"prevalence is {prevalence}; give the share of positives, above 0 and below 1, for example 0.2."
        )
    se, sp = sensitivity.estimate, specificity.estimate
    reason = ""
    for name, share in (("specificity", specificity), ("sensitivity", sensitivity)):
        if isnan(share.estimate):
            reason = f"{name}: {share.reason or 'not estimated'}"
    clustered = sensitivity.n_groups < sensitivity.n or specificity.n_groups < specificity.n
    z = float(scipy.stats.norm.isf((1 - level) / 2))
    first, second = (se, sensitivity.n_effective), (sp, specificity.n_effective)
    if reason:
        ppv = npv = PredictiveValue(NAN, NAN, NAN, "not estimated", reason)
    else:
        ppv = _ppv(prevalence, first, second, z, clustered, "no case is called positive")
        # Swapping the classes makes the NPV a PPV.
        npv = _ppv(1 - prevalence, second, first, z, clustered, "no case is called negative")
    return PredictiveValues(
        float(prevalence), ppv, npv, sensitivity.n, specificity.n, sensitivity.n_groups,
        specificity.n_groups, level,
    )  # fmt: skip


def _ppv(
    prevalence: float,
    hit: tuple[float, float],
    rejected: tuple[float, float],
    z: float,
    clustered: bool,
    nobody: str,
) -> PredictiveValue:
    (se, n1), (sp, n0) = hit, rejected
    by_patient = ", clustered by patient" if clustered else ""
    if se == 0 and sp == 1:
        return PredictiveValue(NAN, NAN, NAN, "not estimated", nobody)
    estimate = se * prevalence / (se * prevalence + (1 - sp) * (1 - prevalence))
    method = "logit"
    if not (0 < se < 1 and 0 < sp < 1):
        method = "adjusted logit"
        se, n1 = (se * n1 + z**2 / 2) / (n1 + z**2), n1 + z**2
        sp, n0 = (sp * n0 + z**2 / 2) / (n0 + z**2), n0 + z**2
    center = log(se * prevalence) - log((1 - sp) * (1 - prevalence))
    width = z * sqrt((1 - se) / (se * n1) + sp / ((1 - sp) * n0))
    low, high = float(expit(center - width)), float(expit(center + width))
    return PredictiveValue(estimate, min(low, estimate), max(high, estimate), method + by_patient, "")
