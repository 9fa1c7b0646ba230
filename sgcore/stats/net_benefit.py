"""Net benefit: what treating by a model is worth against treating everybody or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Cases, Floats, Ints, as_cases, as_floats, check_level, same_length
from sgcore.stats.delong import SMALL_CLASS
from sgcore.stats.probabilities import Kind, as_probabilities, at_prevalence, check_prevalence, no_risks
from sgcore.stats.proportions import confidence, effective_sizes

NO_THRESHOLDS = (
    "not applicable: the study file does not say what 'treat' means and which thresholds come into question"
)
NO_TRAINING = (
    "not applicable: a target prevalence moves the probabilities from the prevalence among the training "
    "cases, which is not given"
)
STUDY_MIX = "study mix, not your clinic"


@dataclass(frozen=True)
class DecisionCurve:
    """Net benefit per case at each threshold, all arrays (k,), in the order of ``thresholds``.

    ``low`` and ``high`` are a pointwise band, NaN where ``reason`` says that there is none; all but
    ``thresholds`` is NaN where ``reason`` says that there is no curve. ``prevalence_source`` says
    where ``prevalence`` is from; ``shift``, its logit less that of ``train_prevalence`` (NaN where it
    was not given), was added to the logits of the probabilities. ``n_groups`` counts patients,
    ``groups_pos`` and ``groups_neg`` those with a positive or a negative case.
    """

    thresholds: Floats
    net_benefit: Floats
    low: Floats
    high: Floats
    treat_all: Floats
    treat_none: Floats
    sensitivity: Floats
    specificity: Floats
    prevalence: float
    prevalence_source: str
    train_prevalence: float
    shift: float
    n_pos: int
    n_neg: int
    n_groups: int
    groups_pos: int
    groups_neg: int
    method: str
    reason: str
    level: float

    @property
    def n_patients(self) -> int:
        """The same as ``n_groups``: without groups, every case counts as a patient of its own."""
        return self.n_groups

    def frame(self) -> pd.DataFrame:
        """One row a threshold: ``threshold``, then the seven other arrays by name."""
        names = "net_benefit", "low", "high", "treat_all", "treat_none", "sensitivity", "specificity"
        return pd.DataFrame({"threshold": self.thresholds, **{name: getattr(self, name) for name in names}})


def decision_curve(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    thresholds: ArrayLike | None,
    prevalence: float | None = None,
    train_prevalence: float | None = None,
    level: float = 0.95,
    kind: Kind = "probability",
) -> DecisionCurve:
    """Net benefit NB(t) = se pi - (1 - sp) (1 - pi) t / (1 - t) over a range of thresholds t.

    Parameters
    ----------
    y_true, y_prob, groups : (n,) label, probability and patient of each case.
    thresholds : (k,) probabilities from 0 to below 1, from which on a case is treated (p >= t).
        None or empty, for a study that does not say what "treat" means, is not applicable.
    prevalence : pi, that of the clinic in mind. By default it is the share of positives among these
        cases, which a study's recruitment has made.
    train_prevalence : share of positives among the cases the model was fitted on: the logits are shifted
        by logit(pi) - logit(train_prevalence), also at the default pi. Without it the probabilities are
        taken as they are, and a prevalence is not applicable.
    kind : ``score`` (a margin or logit) is not applicable.

    Returns
    -------
    DecisionCurve. The band is pointwise. With b = (1 - pi) t / (1 - t) and fpr = 1 - sp it joins the
    Wilson limits of se and fpr (of cases that count by patient, on their effective number) by MOVER::

        low  = NB - sqrt((pi (se - se_low))^2 + (b (fpr_high - fpr))^2)
        high = NB + sqrt((pi (se_high - se))^2 + (b (fpr - fpr_low))^2)

    It holds where se or fpr is 0 or 1, where resamples of the cases do not vary. Acting on all and on
    none are constants at a given pi, so that the difference from either has the same distances. pi is
    taken as known; se and fpr as independent, which makes the band somewhat wide where patients have
    cases of both classes. There is none below 5 patients a class, and none where probabilities are all
    equal or all 0 or 1. One class only and missing values give NaN with the reason.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, probabilities outside [0, 1],
        thresholds outside [0, 1), a prevalence or level outside (0, 1).

    References
    ----------
    Vickers AJ, Elkin EB. Med Decis Making 2006;26:565. Zou GY, Donner A. Stat Med 2008;27:1693 (MOVER).
    """
    check_level(level)
    for name, value in (("prevalence", prevalence), ("train_prevalence", train_prevalence)):
        if value is not None:
            check_prevalence(value, name)
    t = as_floats([] if thresholds is None else thresholds, "thresholds")
    wrong = t[~((t >= 0) & (t < 1))]
    if wrong.size:
        raise ValueError(f"thresholds hold {wrong[0]:g}; they are probabilities from 0 to below 1.")
    cases = as_cases(y_true, groups)
    p, why = as_probabilities(y_prob, kind)
    same_length(cases.y.size, y_prob=p)
    reason = why or cases.reason or ("" if t.size else NO_THRESHOLDS)
    if prevalence is not None and train_prevalence is None:
        reason = reason or NO_TRAINING
    pi = prevalence if prevalence is not None else (cases.n_pos / cases.y.size if not reason else NAN)
    flat = no_risks(p)
    shift = NAN if reason else 0.0
    if train_prevalence is not None and not reason:
        p = at_prevalence(p, pi, train_prevalence)
        shift = _logit(pi) - _logit(train_prevalence)
    return _curve(
        cases,
        p,
        t,
        pi=pi,
        reason=reason,
        level=level,
        source=STUDY_MIX if prevalence is None else "target",
        shift=shift,
        flat=flat,
        train=NAN if train_prevalence is None else train_prevalence,
    )


def _logit(share: float) -> float:
    return log(share / (1 - share))


def _curve(
    cases: Cases,
    p: Floats,
    t: Floats,
    *,
    pi: float,
    reason: str,
    level: float,
    source: str,
    shift: float,
    flat: str,
    train: float,
) -> DecisionCurve:
    none = np.full(t.size, NAN)
    groups_pos, groups_neg = cases.groups_with(1), cases.groups_with(0)
    benefit = low = high = treat_all = treat_none = se = sp = none
    method = "not estimated"
    if not reason:
        method = "net benefit"
        odds = t / (1 - t)
        treated = p[:, None] >= t
        se, sp = treated[cases.positive].mean(axis=0), (~treated[~cases.positive]).mean(axis=0)
        benefit = se * pi - (1 - sp) * (1 - pi) * odds
        treat_all, treat_none = pi - (1 - pi) * odds, np.zeros(t.size)
        if min(groups_pos, groups_neg) < SMALL_CLASS:
            counts = f"{groups_pos} positive, {groups_neg} negative"
            reason = f"fewer than {SMALL_CLASS} patients in a class ({counts}): no band"
        elif flat:
            reason = f"{flat}: no band"
        else:
            low, high = _band(cases, treated, pi=pi, odds=odds, level=level, benefit=benefit)
            by_patient = ", clustered by patient" if cases.clustered else ""
            method += f", MOVER band of Wilson limits{by_patient}"
    return DecisionCurve(
        t, benefit, low, high, treat_all, treat_none, se, sp, pi, source, train, shift, cases.n_pos,
        cases.n_neg, cases.n_groups, groups_pos, groups_neg, method, reason, level,
    )  # fmt: skip


def _band(
    cases: Cases, treated: np.ndarray, *, pi: float, odds: Floats, level: float, benefit: Floats
) -> tuple[Floats, Floats]:
    """MOVER: the distances of the limits of two proportions, joined as the sides of a right angle."""
    (se, se_low, se_high), (fpr, fpr_low, fpr_high) = (
        _shares(treated[own].astype(float), cases.codes[own], level)
        for own in (cases.positive, ~cases.positive)
    )
    cost = (1 - pi) * odds
    low = benefit - np.hypot(pi * (se - se_low), cost * (fpr_high - fpr))
    high = benefit + np.hypot(pi * (se_high - se), cost * (fpr - fpr_low))
    return low, high


def _shares(hits: Floats, codes: Ints, level: float) -> tuple[Floats, Floats, Floats]:
    """Shares of the columns of 0/1 ``hits`` (n, k) with Wilson's limits, clustered by patient."""
    share = hits.mean(axis=0)
    return share, *confidence(share, effective_sizes(hits, codes), level, "wilson")
