"""Whether the models travel: each center by itself, the external centers together, how many patients that takes."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sgcore import plots
from sgcore.plots import words
from sgcore.report.blocks import Block, Paragraph, figure, table
from sgcore.report.sections.asked import Asked

_TOGETHER = {
    "mean": "Mean of the external centers",
    "new_center": "A new center (prediction interval)",
    "all_pairs": "All external cases",
    "same_center_pairs": "Pairs of the same center only",
}


def centers(asked: Asked) -> Iterator[Block]:
    material = asked.material
    rows, means = material.frame("centers"), material.frame("center_means")
    if rows.empty:
        yield Paragraph("No family could be evaluated in any center.", "strong")
        return
    outside = sorted(rows.loc[rows["role"] == "external", "center"].unique())
    shown = material.best or str(rows["family"].iloc[0])
    yield Paragraph(_sentence(means[means["family"] == shown], shown, outside), "strong")
    own, together = rows[rows["family"] == shown], means[means["family"] == shown]
    yield figure(
        "centers",
        lambda theme: plots.forest(own, together, theme, family=shown),
        f"{shown} ({own['classifier'].iloc[0]}), AUC by {material.unit} with 95% intervals. Larger squares have more "
        "patients; open ones are cases of development centers that did not train the model. The other families are in "
        "the table.",
        table(_table(rows, means), "every family in every center"),
    )
    need = material.frame("external_sample")
    if len(need):
        yield table(_need(need), "Size of the external set, every patient counted once")


def _sentence(means: pd.DataFrame, family: str, outside: list[str]) -> str:
    if not outside:
        return "The study has no external center, so that nothing shows whether a model travels."
    found = means[means["measure"] == "mean"]
    if found.empty or words.missing(found["auc"].iloc[0]):
        why = "" if found.empty or words.missing(found["reason"].iloc[0]) else f": {found['reason'].iloc[0]}"
        return f"{family} has no mean over {words.count(len(outside), 'external center')}{why}."
    mean = found.iloc[0]
    text = f"{family}: mean AUC of {words.count(int(mean['k']), 'external center')} {words.estimate(mean)}"
    new = means[means["measure"] == "new_center"].iloc[0]
    if words.missing(new["ci_low"]):
        return f"{text}; what a new center would show cannot be told: {new['reason']}."
    return f"{text}; a new center is predicted at {words.interval(new['ci_low'], new['ci_high'])}."


def _table(rows: pd.DataFrame, means: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat(
        [
            rows.assign(name=rows["center"], part=rows["subset"].map(words.SUBSETS)),
            means.assign(name=means["measure"].map(_TOGETHER), part="External"),
        ],
        ignore_index=True,
    )
    order = {family: place for place, family in enumerate(dict.fromkeys(both["family"]))}
    both = both.sort_values("family", key=lambda names: names.map(order), kind="stable")
    both = both[both["auc"].notna() | both["ci_low"].notna() | both["reason"].notna()]
    return pd.DataFrame(
        {
            "Family": both["family"],
            "Classifier": both["classifier"],
            "Center": both["name"],
            "Cases": both["part"],
            "AUC (95% interval)": [_estimate(row) for row in both.to_dict("records")],
            "Patients": both["n_patients"],
            "Positive": both["n_pos"],
            "Negative": both["n_neg"],
            "Interval by": both["method"],
            "Note": [_note(row) for row in both.to_dict("records")],
        }
    )


def _estimate(row: dict[str, object]) -> str:
    interval = words.interval(row["ci_low"], row["ci_high"])
    if words.missing(row["auc"]):
        return "–" if words.missing(row["ci_low"]) else interval
    return f"{words.auc(row['auc'])} ({interval})"


def _note(row: dict[str, object]) -> str:
    left = row["not_pooled"]
    aside = "" if words.missing(left) or not left else f"not in the mean: {left}"
    return "; ".join(
        text for text in ("" if words.missing(row["reason"]) else str(row["reason"]), aside) if text
    )


def _need(need: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Family": need["family"],
            "Estimate": need["measure"].map({"auc": "AUC", "slope": "Calibration slope"}),
            "Assumed": need["at"],
            "Width now": need["width"],
            "Wanted width": need["wanted_width"],
            "Patients now": need["n_patients"],
            "Patients needed": need["n_needed"],
            "Note": need["reason"].fillna(""),
        }
    )
