"""Net benefit: what treating by a model is worth against treating everybody or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Cases, Floats, as_cases, as_floats, check_level, same_length
from sgcore.stats.placements import group_sums
from sgcore.stats.probabilities import Kind, as_probabilities, at_prevalence, check_prevalence

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
    where ``prevalence`` is from; ``shift`` was added to the logits of the probabilities. ``n_groups``
    counts patients, ``groups_pos`` and ``groups_neg`` those with a positive or a negative case,
    ``replicates`` the resamples the band is made of.
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
    shift: float
    n_pos: int
    n_neg: int
    n_groups: int
    groups_pos: int
    groups_neg: int
    replicates: int
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
    replicates: int = 1000,
    seed: int = 0,
    kind: Kind = "probability",
) -> DecisionCurve:
    """Net benefit NB(t) = se pi - (1 - sp) (1 - pi) t / (1 - t) over a range of thresholds t.

    Parameters
    ----------
    y_true, y_prob, groups : (n,) label, probability and patient of each case.
    thresholds : (k,) probabilities from 0 to below 1, from which on a case is treated (p >= t).
        None or empty, for a study that does not say what "treat" means, is not applicable.
    prevalence : pi, that of the clinic in mind. By default it is the share of positives among these
        cases, which a study's recruitment has made, and the probabilities are taken as they are.
    train_prevalence : share of positives among the cases the model was fitted on. With ``prevalence``
        the logits are shifted by logit(prevalence) - logit(train_prevalence); without, it is unused.
        A prevalence without it is not applicable.
    replicates, seed : resamples of the band and their seed; 0 for no band.
    kind : ``score`` (a margin or logit) is not applicable.

    Returns
    -------
    DecisionCurve. The band is the percentile interval, at each threshold by itself, over resamples of
    whole patients. They are drawn separately among the patients with and without a positive case:
    pi is a given number in NB, and the band shows what is not known of sensitivity and specificity. It
    is somewhat narrow below about 30 patients a class, and missing below 2. One class only and missing
    values give NaN with the reason.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, probabilities outside [0, 1],
        thresholds outside [0, 1), a prevalence or level outside (0, 1), negative replicates.

    References
    ----------
    Vickers AJ, Elkin EB. Med Decis Making 2006;26:565.
    """
    check_level(level)
    if replicates < 0 or replicates != int(replicates):
        raise ValueError(f"replicates is {replicates}; give a whole number, 0 for no band.")
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
    shift = 0.0
    if prevalence is not None and train_prevalence is None:
        reason = reason or NO_TRAINING
    elif prevalence is not None and train_prevalence is not None:
        p = at_prevalence(p, prevalence, train_prevalence)
        shift = log(prevalence / (1 - prevalence)) - log(train_prevalence / (1 - train_prevalence))
    pi = prevalence if prevalence is not None else (cases.n_pos / cases.y.size if not reason else NAN)
    return _curve(cases, p, t, pi=pi, reason=reason, level=level, replicates=replicates, seed=seed,
                  source=STUDY_MIX if prevalence is None else "target", shift=shift)  # fmt: skip


def _curve(
    cases: Cases, p: Floats, t: Floats, *, pi: float, reason: str, level: float, replicates: int, seed: int,
    source: str, shift: float,
) -> DecisionCurve:  # fmt: skip
    none = np.full(t.size, NAN)
    groups_pos, groups_neg = cases.groups_with(1), cases.groups_with(0)
    benefit = low = high = treat_all = treat_none = se = sp = none
    used, method = 0, "not estimated"
    if not reason:
        method = "net benefit"
        odds = t / (1 - t)
        treated = p[:, None] >= t
        se, sp = treated[cases.positive].mean(axis=0), (~treated[~cases.positive]).mean(axis=0)
        benefit = se * pi - (1 - sp) * (1 - pi) * odds
        treat_all, treat_none = pi - (1 - pi) * odds, np.zeros(t.size)
        if min(groups_pos, groups_neg) < 2:
            counts = f"{groups_pos} positive, {groups_neg} negative"
            reason = f"fewer than 2 patients in a class ({counts}): no band"
        elif replicates:
            draws = _resampled(cases, treated, pi, odds, replicates, seed)
            used = len(draws)
            low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
            method += f", percentile band from {used} resamples of patients, stratified by class"
    return DecisionCurve(
        t, benefit, low, high, treat_all, treat_none, se, sp, pi, source, shift, cases.n_pos, cases.n_neg,
        cases.n_groups, groups_pos, groups_neg, used, method, reason, level,
    )  # fmt: skip


def _resampled(
    cases: Cases, treated: np.ndarray, pi: float, odds: Floats, replicates: int, seed: int
) -> Floats:
    """Net benefit (replicates, k) over resampled patients; resamples that lack a class are left out."""
    rng = np.random.default_rng(seed)
    codes = np.unique(cases.codes, return_inverse=True)[1]
    patients = cases.n_groups
    # A resample is a weighted sum of what each patient counts: no case is looked at twice.
    counts = {}
    for label in (1, 0):
        of_class = (cases.y == label).astype(float)[:, None]
        counts[label] = group_sums(np.hstack([of_class, treated * of_class]), codes, patients)
    weights = np.zeros((replicates, patients))
    has_positive = counts[1][:, 0] > 0
    for stratum in (np.flatnonzero(has_positive), np.flatnonzero(~has_positive)):
        if stratum.size:
            equal = np.full(stratum.size, 1 / stratum.size)
            weights[:, stratum] = rng.multinomial(stratum.size, equal, size=replicates)
    positive, negative = weights @ counts[1], weights @ counts[0]
    # Only where every patient has a positive case can a resample be without a negative one.
    complete = (positive[:, 0] > 0) & (negative[:, 0] > 0)
    tpr = positive[complete, 1:] / positive[complete, :1]
    fpr = negative[complete, 1:] / negative[complete, :1]
    return np.asarray(tpr * pi - fpr * (1 - pi) * odds)
