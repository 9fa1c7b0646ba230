"""What a family's selection left over, and what a what-if changed, in one sentence each."""

from __future__ import annotations

import pandas as pd

from sgcore.plots import words
from sgcore.ui.answers import TOO_FEW, because


def selection(counts: pd.Series | None, family: str, p: float, value: str = "p") -> str:
    """How many features were left after each step."""
    if counts is None:
        return f"{family} has no feature selection in this analysis."
    if words.missing(counts["lasso"]):
        return _descriptors(counts, family, p)
    total, tested, differ, apart, kept = (
        int(counts[name]) for name in ("features", "usable", "univariate", "correlation", "lasso")
    )
    left_out = f" ({total - tested:,} of {total:,} left out before)" if tested < total else ""
    if tested == 0:
        return f"All {total:,} features were left out before testing, and {family} gives everybody the same score."
    text = f"Of {tested:,} features{left_out}, {differ:,} differ by label at {value} < {p:g}"
    if differ == 0:
        return (
            f"{text}: no feature is left, and {family} gives everybody the same score. Raise the threshold."
        )
    text += f", {apart:,} {'is' if apart == 1 else 'are'} left without near copies"
    if kept == 0:
        return f"{text}, and the LASSO keeps none: {family} gives everybody the same score."
    return f"{text}, and the LASSO keeps {kept:,}."


def untested(fates: pd.DataFrame, value: str = "p") -> str:
    """Why there is no p value to draw: the reasons for which features were left out, the most frequent first."""
    reasons = fates["reason"].fillna("").replace("", "no reason stored").value_counts()
    said = "; ".join(f"{count:,}: {reason}" for reason, count in reasons.head(3).items())
    more = f"; and {words.count(len(reasons) - 3, 'other reason')}" if len(reasons) > 3 else ""
    return f"No feature has a {value} value: all {len(fates):,} were left out before testing ({said}{more})."


def by_patient(tested: pd.Series, p: float, value: str = "p") -> str:
    """How many features pass the first test when images are counted as independent, and when patients are."""
    differ, own, both = (tested[name] for name in ("univariate", "univariate_clustered", "both"))
    verb = "has" if differ == 1 else "have"
    text = (
        f"{words.count(int(differ), 'feature')} {verb} {value} < {p:g} when images are counted as independent"
    )
    if words.missing(own):
        return f"{text}; this analysis was stored before patients could be counted as well."
    text += f", {int(own):,} when patients are"
    others = int(own - both)
    return f"{text} ({others:,} of which are not among those)." if others else f"{text}."


def _descriptors(counts: pd.Series, family: str, p: float) -> str:
    """The same for descriptors, which go through logistic models instead."""
    tested, differ, kept = (int(counts[name]) for name in ("usable", "univariate", "multivariable"))
    text = (
        f"Of {words.count(tested, 'descriptor')}, {differ} {'has' if differ == 1 else 'have'} p < {p:g} alone"
    )
    if kept == 0:
        also = " and none of them together with the others" if differ else ""
        return f"{text}{also}: there is no {family} model."
    return f"{text}, and the multivariable model keeps {kept}."


def what_if(features: pd.DataFrame, auc: pd.DataFrame, family: str, against: str) -> str:
    """What changed against another analysis, called ``against``: features, and the AUC in training folds."""
    own = features[features["family"] == family]
    counts = own["change"].value_counts()
    gained, lost, kept = (int(counts.get(name, 0)) for name in ("gained", "lost", "kept"))
    text = f"Against {against}, {words.count(gained, 'feature')} gained, {lost} lost, {kept} kept"
    row = auc[auc["family"] == family] if len(auc) else auc
    if row.empty or words.missing(row.iloc[0]["delta"]):
        return f"{text}; the AUC in training folds cannot be compared{because(row)}."
    first = row.iloc[0]
    text += (
        f"; AUC in training folds {words.auc(first['auc'])} against {words.auc(first['reference_auc'])}, "
        f"{words.signed(first['delta'])} ({words.signed_interval(first['ci_low'], first['ci_high'])}; "
        f"{words.patients(first)})"
    )
    if first["classifier"] != first["reference_classifier"]:
        text += f", {first['classifier']} against {first['reference_classifier']}, each the best in its folds"
    if words.missing(first["ci_low"]):
        return f"{text}{because(row)}."
    return f"{text}: {TOO_FEW}." if first["ci_low"] <= 0 <= first["ci_high"] else f"{text}."
