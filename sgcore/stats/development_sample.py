"""How many patients the development of a model needs for the candidates it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, log

import numpy as np
import scipy
from scipy.special import log_expit

from sgcore.stats._arrays import NAN
from sgcore.stats.sample_size import binormal_logits, check_between

METHOD = "Riley's three criteria for a binary outcome"


@dataclass(frozen=True)
class DevelopmentSize:
    """Patients needed for ``candidates`` parameters, and what the study's own number gives.

    ``n_shrinkage`` (criterion i), ``n_optimism`` (ii), ``n_margin`` (iii), and ``n``, the largest, are
    NaN beside a ``reason``; ``events_per_candidate`` belongs to ``n``. The last four describe a study
    of ``n_pos`` and ``n_neg`` patients (NaN when not given): events per candidate, candidates per
    event, the shrinkage to expect and whether ``n`` is reached. An event is a positive, as in the
    criteria. ``cox_snell`` is the R2 used, ``cox_snell_max`` the largest at this prevalence.
    """

    n: float
    n_events: float
    events_per_candidate: float
    n_shrinkage: float
    n_optimism: float
    n_margin: float
    candidates: int
    prevalence: float
    cox_snell: float
    cox_snell_max: float
    method: str
    reason: str
    n_pos: float
    n_neg: float
    events_per_candidate_achieved: float
    candidates_per_event_achieved: float
    shrinkage_achieved: float

    @property
    def nagelkerke(self) -> float:
        """The R2 as a share of the largest possible one."""
        return self.cox_snell / self.cox_snell_max

    @property
    def enough(self) -> bool | None:
        """Whether the study has the patients; None where that is not known."""
        have = self.n_pos + self.n_neg
        return None if np.isnan(have) or np.isnan(self.n) else have >= self.n


def development_size(
    candidates: int,
    prevalence: float,
    *,
    auc: float | None = None,
    cox_snell: float | None = None,
    n_pos: int | None = None,
    n_neg: int | None = None,
    shrinkage: float = 0.9,
    optimism: float = 0.05,
    margin: float = 0.05,
) -> DevelopmentSize:
    """Smallest number of patients for developing a logistic model from so many candidate parameters.

    (i) n = p / ((S - 1) log(1 - R2 / S)) at the wanted shrinkage S; (ii) the same at
    S = R2 / (R2 + optimism max R2), which keeps the optimism in Nagelkerke's R2 within ``optimism``;
    (iii) n = (1.96 / margin)^2 prevalence (1 - prevalence) for the overall risk.

    Parameters
    ----------
    candidates : parameters that the data choose among, before any selection: 1288 radiomic features
        are 1288, however few are kept.
    prevalence : share of positives, strictly between 0 and 1.
    auc, cox_snell : one of the two: the anticipated AUC, mapped by :func:`cox_snell_from_auc`, or
        Cox and Snell's R2.
    n_pos, n_neg : the patients that a study has, to be judged.

    Returns
    -------
    DevelopmentSize. An R2 that is no use (an AUC of 0.5 or below), too large for the prevalence or
    not below the wanted shrinkage gives NaN with the reason.

    Raises
    ------
    ValueError : no candidate, shares outside (0, 1), both or none of ``auc`` and ``cox_snell``, one of
        ``n_pos`` and ``n_neg`` alone.

    References
    ----------
    Riley RD et al. Stat Med 2019;38:1276. Riley RD et al. BMJ 2020;368:m441.
    Riley RD, Van Calster B, Collins GS. Stat Med 2021;40:859 (R2 from the AUC).
    """
    check_between(prevalence=prevalence, shrinkage=shrinkage, optimism=optimism, margin=margin)
    if candidates < 1:
        raise ValueError(f"{candidates} candidates; there is at least 1.")
    if (auc is None) == (cox_snell is None):
        raise ValueError("give either auc or cox_snell: the R2 follows from the AUC.")
    if (n_pos is None) != (n_neg is None):
        raise ValueError("give n_pos and n_neg together; they are the patients of one study.")
    null = prevalence * log(prevalence) + (1 - prevalence) * log(1 - prevalence)
    largest = 1 - exp(2 * null)
    r2 = cox_snell_from_auc(auc, prevalence) if cox_snell is None else cox_snell
    reason = _reason(auc, r2, largest, shrinkage)
    first = second = third = n = NAN
    if not reason:
        first = _size(candidates, r2, shrinkage)
        second = _size(candidates, r2, r2 / (r2 + optimism * largest))
        third = float(
            ceil((float(scipy.stats.norm.isf(0.025)) / margin) ** 2 * prevalence * (1 - prevalence))
        )
        n = max(first, second, third)
    have_pos = have_neg = per_candidate = per_event = achieved = NAN
    if n_pos is not None and n_neg is not None:
        have_pos, have_neg = float(n_pos), float(n_neg)
        per_candidate = have_pos / candidates
        per_event = candidates / have_pos if have_pos else NAN
        achieved = expected_shrinkage(candidates, n_pos + n_neg, r2) if not reason else NAN
    return DevelopmentSize(
        n, n * prevalence, n * prevalence / candidates, first, second, third, candidates, prevalence, r2,
        largest, METHOD, reason, have_pos, have_neg, per_candidate, per_event, achieved,
    )  # fmt: skip


def cox_snell_from_auc(auc: float | None, prevalence: float) -> float:
    """Cox and Snell's R2 of a calibrated model with this AUC, normal predictors in both classes.

    R2 = 1 - exp(-2 (l - l0)) with the expected log-likelihoods a patient of the model and of the
    prevalence alone. The published simulation of a million patients, as an integral.

    Raises
    ------
    ValueError : an AUC or a prevalence that is not strictly between 0 and 1.

    References
    ----------
    Riley RD, Van Calster B, Collins GS. Stat Med 2021;40:859.
    """
    auc = NAN if auc is None else auc
    check_between(auc=auc, prevalence=prevalence)
    logits, weights = binormal_logits(auc, prevalence)
    half = logits.size // 2
    model = weights[:half] @ log_expit(-logits[:half]) + weights[half:] @ log_expit(logits[half:])
    null = prevalence * log(prevalence) + (1 - prevalence) * log(1 - prevalence)
    return max(0.0, 1 - exp(-2 * (float(model) - null)))


def expected_shrinkage(candidates: int, n: int, cox_snell: float) -> float:
    """Shrinkage S to expect of a model from ``candidates`` parameters and n patients.

    The root of (S - 1) log(1 - R2 / S) = p / n between R2 and 1: criterion (i) read backwards. NaN
    without patients or with an R2 outside (0, 1).
    """
    if n < 1 or not 0 < cox_snell < 1:
        return NAN

    def excess(s: float) -> float:
        return (s - 1) * log(1 - cox_snell / s) - candidates / n

    # It falls from infinity at R2 to -p / n at 1; so near to R2 that it cannot be told apart, it is R2.
    start = cox_snell * (1 + 1e-12)
    return float(scipy.optimize.brentq(excess, start, 1.0)) if excess(start) > 0 else cox_snell


def _size(candidates: int, r2: float, shrinkage: float) -> float:
    return float(ceil(candidates / ((shrinkage - 1) * log(1 - r2 / shrinkage))))


def _reason(auc: float | None, r2: float, largest: float, shrinkage: float) -> str:
    if auc is not None and auc <= 0.5:
        return f"an AUC of {auc:.3g} leaves nothing to develop: its R2 is 0 or belongs to the opposite score"
    if not 0 < r2 <= largest:
        return f"an R2 of {r2:.3g} is not above 0 and at most {largest:.3g}, the largest at this prevalence"
    return "" if r2 < shrinkage else f"an R2 of {r2:.3g} is not below the wanted shrinkage of {shrinkage:g}"
