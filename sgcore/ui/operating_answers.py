"""What models do at their thresholds, in one sentence each: called right, differences, predictive values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sgcore.domain import EvaluationSet
from sgcore.plots import words
from sgcore.ui.answers import TOO_FEW, because, difference, place_of


@dataclass(frozen=True)
class Counted:
    """Which cases are meant, and what their labels are called."""

    at: EvaluationSet
    negative: str
    positive: str

    @property
    def place(self) -> str:
        if self.at.center is None and self.at.subgroup is None and self.at.subset == "train":
            return "in the training folds"
        return place_of(self.at)

    @property
    def threshold(self) -> str:
        """Training cases are those on which the threshold was chosen; the reader is told."""
        return (
            "the threshold chosen on these cases" if self.at.subset == "train" else "its training threshold"
        )


def called(points: pd.DataFrame, pairs: pd.DataFrame, cases: Counted) -> str:
    """How many cases the best model calls right at its threshold, and how it stands against the next.

    ``points`` and ``pairs`` are of the workflow's ``operating_points`` and ``operating_comparisons``; best
    is the largest sum of sensitivity and specificity.
    """
    order = ranked(points)
    if not order:
        return f"Neither sensitivity nor specificity can be given {cases.place}{because(points)}."
    text = f"At {cases.threshold}, {_model(points, order[0])} {_right(points, order[0], cases)} {cases.place}"
    if len(order) == 1:
        return f"{text}."
    against = "; ".join(_against(pairs, measure, *order[:2]) for measure in ("sensitivity", "specificity"))
    return f"{text}. Against {_model(points, order[1])}: {against}."


def predictive(points: pd.DataFrame, cases: Counted, prevalence: float | None) -> str:
    """What a positive and a negative answer of the best model mean, of 100 such answers."""
    order = ranked(points)
    if not order:
        return ""
    own = points[points["name"] == order[0]].set_index("measure")
    share = own.loc["ppv", "prevalence"]
    if words.missing(share):
        return ""
    who = f"{words.percent(share)} {cases.positive}"
    mix = "study mix" if cases.at.subgroup is None else "mix of this subgroup"
    start = f"In these cases ({who}: {mix}, not your clinic)" if prevalence is None else f"At {who}"
    said, missing = [], {}
    for measure, called_as, truth in (
        ("ppv", "positive", cases.positive),
        ("npv", "negative", cases.negative),
    ):
        row = own.loc[measure]
        if words.missing(row["estimate"]):
            missing[str(row["reason"])] = f"{words.OPERATING[measure].lower()}: {row['reason']}"
        else:
            said.append(
                f"of 100 {cases.at.unit}s that {order[0]} calls {called_as}, {_of_100(row)} are {truth}"
            )
    if not said:
        return f"What an answer of {order[0]} means cannot be told: {'; '.join(missing)}."
    return f"{start}, {'; '.join([*said, *missing.values()])}."


def ranked(points: pd.DataFrame) -> list[str]:
    """Models that have a sensitivity or a specificity, the largest sum of the two first."""
    shares = points[points["measure"].isin(["sensitivity", "specificity"])].dropna(subset=["estimate"])
    # A model that has both stands before one that has a single one, whose sum is smaller.
    sums = shares.groupby("name", sort=False)["estimate"].agg(["size", "sum"])
    return sums.sort_values(["size", "sum"], ascending=False, kind="stable").index.tolist()


def _model(points: pd.DataFrame, name: str) -> str:
    row = points[points["name"] == name].iloc[0]
    return f"{row['family']} ({row['classifier']})"


def _right(points: pd.DataFrame, name: str, cases: Counted) -> str:
    own = points[points["name"] == name].set_index("measure")
    parts = []
    for measure, label, answer in (
        ("sensitivity", cases.positive, "positive"),
        ("specificity", cases.negative, "negative"),
    ):
        row = own.loc[measure]
        if words.missing(row["estimate"]):
            parts.append(f"has no {measure} ({row['reason']})")
            continue
        parts.append(
            f"calls {int(row['successes'])} of {words.count(int(row['n']), f'{label} {cases.at.unit}')} {answer} "
            f"({measure} {row['estimate']:.3f}, {words.interval(row['ci_low'], row['ci_high'])})"
        )
    return " and ".join(parts)


def _against(pairs: pd.DataFrame, measure: str, first: str, second: str) -> str:
    own = pairs[pairs["measure"] == measure]
    pair = difference(own, first, second)
    if pair is None or words.missing(pair["delta"]):
        return f"{measure} could not be compared{because(own)}"
    interval = words.signed_interval(pair["ci_low"], pair["ci_high"])
    text = f"{measure} {words.signed(pair['delta'])} ({interval})"
    adjusted: Any = pair["p_adjusted"]
    if words.missing(adjusted):
        return text
    if pair["ci_low"] <= 0 <= pair["ci_high"] or adjusted >= 0.05:
        return f"{text}, {TOO_FEW}"
    return f"{text}, adjusted p {words.p_value(adjusted)}"


def _of_100(row: pd.Series) -> str:
    """Estimate and interval of 100 answers; near none and near all, what whole numbers would hide."""
    shares = [100 * float(row[name]) for name in ("estimate", "ci_low", "ci_high")]
    digits = 0 if min(shares) >= 10 and max(shares) <= 90 else 1
    # Of a rare condition all three would be 0.0, and of its absence 100.0.
    digits = max(digits, words.decimals([row["estimate"]], least=2) - 2)
    value, low, high = (f"{share:.{digits}f}" for share in shares)
    return f"{value} ({low} to {high})"
