"""SGA041: do centers differ?"""

from __future__ import annotations

from itertools import combinations
from statistics import median
from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.label_coding import contradictions
from sgcore.audit.reported import between, joined, no_models, p_text
from sgcore.domain import Severity

ALPHA = 0.05
_COLUMNS = [
    "family", "classifier", "center", "left_out", "n_patients", "n_pos", "n_neg", "auc", "ci_low", "ci_high",
    "reason",
]  # fmt: skip
_NOT_YET = (
    "What models that a center did not train make of it has not been computed yet: it takes a while. Ask for "
    "it on the audit page, or with `sgaudit audit --complete`."
)


class CentersDiffer:
    """The AUC of the picked models by external center, and by center left out of training where that was computed.

    A finding is a center whose whole interval lies below 0.5; external centers between which a model's AUC differs by
    more than chance (Cochran's Q from three centers on, p after Holm over the models, below 0.05); two centers whose
    intervals do not meet, where Q compares them not; and a center in which a column of the patients says the opposite
    of the labels.
    """

    code = "SGA041"
    title = "The centers differ"
    severity: Severity = "warning"
    page = "evidence-centers"

    def run(self, evidence: Evidence) -> Outcome:
        coded = [
            f"In {one.center} {one.agree} of {one.n} patients have the label that their {one.column!r} has "
            f"elsewhere (there {one.elsewhere:.0%}): its labels are probably coded the other way."
            for one in contradictions(evidence.study)
        ]
        if evidence.frame("picks").empty and not coded:
            return no_models(evidence)
        left, how = _left_out(evidence)
        centers = evidence.frame("centers")
        external = centers[centers["role"] == "external"].assign(left_out=False) if len(centers) else centers
        both = pd.concat([external, left], ignore_index=True).reindex(columns=[*_COLUMNS, "not_pooled"])
        rows, known = both[_COLUMNS], both[both["auc"].notna()]
        away = known[~known["left_out"].astype(bool)]
        backward = known[known["ci_high"] < 0.5]
        means = evidence.frame("center_means")
        models, differ = _models(away, means)
        if away["center"].nunique() < 2 and backward.empty and not coded:
            n = (
                "No external center has"
                if away.empty
                else f"One external center alone ({away['center'].iloc[0]}) has"
            )
            return Outcome("not_applicable", f"{n} an AUC: nothing to compare. {how}".strip(), table=rows)
        message = f"{models}{_not_pooled(external)} {how}".strip()
        if backward.empty and not differ and not coded:
            return Outcome("passed", f"Not shown to differ. {message}{_detectable(away, means)}", table=rows)
        faults = coded
        if len(backward):
            faults.append(
                "Models rank the wrong way round, the whole interval below 0.5, in "
                f"{joined(_center(row) for row in backward.itertuples())}: labels may be coded the other way "
                "there."
            )
        if differ:
            faults.append(f"The AUC differs between external centers by more than chance: {joined(differ)}.")
        return Outcome(
            "finding",
            f"{' '.join(faults)} {message}".strip(),
            remedy="Ask these centers how they coded labels and made their images. Report each center's AUC, and no "
            "pooled one without the spread of the centers.",
            table=rows,
        )


def _left_out(evidence: Evidence) -> tuple[pd.DataFrame, str]:
    """Rows of the centers that were left out of training, at the unit of the settings, and what is to be said."""
    drawn = evidence.draws("centers")
    if drawn is None:
        return pd.DataFrame(), ""
    if not drawn.draws:
        return (
            pd.DataFrame(),
            f"No center can be left out of training: {drawn.reason}." if drawn.reason else _NOT_YET,
        )
    rows = drawn.rows[drawn.rows["unit"] == evidence.config.unit].assign(left_out=True)
    means = drawn.detail[(drawn.detail["measure"] == "mean") & (drawn.detail["unit"] == evidence.config.unit)]
    parts = [f"{row.family} {_mean(row)}" for row in means.itertuples()]
    partly = "" if drawn.complete else f" ({drawn.draws} of {drawn.usual} centers so far)"
    return (
        rows,
        f"With each center left out of training in turn{partly}, mean of the centers: {'; '.join(parts)}.",
    )


def _mean(row: Any) -> str:
    if pd.isna(row.auc):
        return f"not estimated ({row.reason})"
    spread = row.spread.removesuffix(" (tau on the logit scale)")
    return f"{row.auc:.2f} ({between(row.ci_low, row.ci_high)}; {spread})"


def _models(away: pd.DataFrame, means: pd.DataFrame) -> tuple[str, list[str]]:
    """Each model over the external centers in words, and the models whose centers differ."""
    if means.empty or away.empty:
        return "", []
    pooled = means[means["measure"] == "mean"].set_index("family")
    new = means[means["measure"] == "new_center"].set_index("family")
    adjusted = pd.Series(stats.adjust(pooled["p"].to_numpy(float), "holm"), index=pooled.index)
    parts, differ = [], []
    for family, own in away.groupby("family", sort=False):
        row = pooled.loc[family]
        text = f"{family} ({row['classifier']}) {own['auc'].min():.2f} to {own['auc'].max():.2f}"
        if pd.isna(row["i2"]):
            text += f" in {own['center'].nunique()} centers"
        else:
            text += f", I2 {row['i2']:.0%} and tau {row['tau']:.2f} from {int(row['k'])} centers"
            text += f", p {p_text(row['p'], 2)}"
        if pd.notna(new.loc[family, "ci_low"]):
            text += f", a new center {between(new.loc[family, 'ci_low'], new.loc[family, 'ci_high'])}"
        parts.append(text)
        if adjusted[family] < ALPHA:
            differ.append(
                f"{family} (Cochran's p {adjusted[family]:.4f} after Holm over {len(pooled)} models)"
            )
        elif pair := _apart(own, pooled=pd.notna(row["i2"])):
            differ.append(f"{family} (the intervals of {joined(pair)} do not meet)")
    caution = ""
    if pooled["k"].max() < 5:
        caution = " So few centers show no agreement, an I2 of 0% neither, and a new one cannot be predicted."
    counts = joined(
        f"{row.center} {int(row.n_patients)}" for row in away.drop_duplicates("center").itertuples()
    )
    return (
        f"AUC by external center ({counts} patients; tau is that of the logit, p Cochran's without a correction): "
        f"{'; '.join(parts)}.{caution}"
    ), differ


def _apart(own: pd.DataFrame, pooled: bool) -> tuple[str, str] | None:
    """Two centers of a model whose intervals do not meet and which Q, being of the ``pooled``, has not compared."""
    for one, other in combinations(own.assign(inside=pooled & own["not_pooled"].isna()).itertuples(), 2):
        compared = one.inside and other.inside
        if not compared and (one.ci_low > other.ci_high or other.ci_low > one.ci_high):
            return one.center, other.center
    return None


def _not_pooled(external: pd.DataFrame) -> str:
    """Centers whose AUC could not enter tau and I2, by reason, and those without an AUC."""
    told: dict[str, list[str]] = {}
    for row in external.itertuples():
        why = row.reason if pd.isna(row.auc) else row.not_pooled
        if isinstance(why, str) and why:
            told.setdefault(why, []).append(f"{row.center} of {row.family}")
    if not told:
        return ""
    parts = "; ".join(f"{joined(names)} ({why})" for why, names in told.items())
    return f" Not among the centers of tau and I2: {parts}."


def _center(row: Any) -> str:
    how = ", left out of training" if row.left_out else ""
    return (
        f"{row.center} ({row.family} {row.auc:.2f}, {between(row.ci_low, row.ci_high)}, "
        f"{int(row.n_patients)} patients{how})"
    )


def _detectable(away: pd.DataFrame, means: pd.DataFrame) -> str:
    """How far apart centers with intervals of the usual width had to be: for Q, or for intervals that do not meet."""
    if means.empty or away.empty:
        return ""
    pooled = means[means["measure"] == "mean"].set_index("family")
    tests = int(pooled["p"].notna().sum())
    by_q, by_pair = [], []
    for family, own in away.groupby("family"):
        half, row = (own["ci_high"] - own["ci_low"]).median() / 2, pooled.loc[family]
        if pd.notna(row["p"]) and pd.notna(half):
            by_q.append(stats.detectable_spread(half, int(row["k"]), p=ALPHA / tests))
        elif len(own) > 1 and pd.notna(half):
            by_pair.append(2 * half)
    said = ""
    if by_q:
        said = _far(median(by_q), "For Cochran's Q after Holm's correction", ", the others halfway between")
    if by_pair:
        said += _far(median(by_pair), "For intervals that do not meet")
    return said


def _far(apart: float, what: str, others: str = "") -> str:
    if apart >= 1:
        return f" {what} the intervals are too wide: no difference between centers would have been seen."
    scale = "; a useless model and a perfect one are 0.50 apart" if apart > 0.5 else ""
    return (
        f" {what} the best and the worst center of a model had to lie about {apart:.2f} apart{others}{scale}."
    )
