"""SGA013: is the model more than lesion size?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.networks import subset_name
from sgcore.audit.reported import between, joined, no_held_out, no_models, reported_set, without_estimate
from sgcore.domain import Severity

_COLUMNS = [
    "family", "classifier", "subset", "delta", "ci_low", "ci_high", "auc", "auc_low", "auc_high", "size_auc",
    "size_low", "size_high", "direction", "n_patients", "n_pos", "n_neg", "n_left_out", "reason",
]  # fmt: skip
_ZOOM = (
    "The size of the ROI is what the image shows of it: where pixels have different sizes it is the zoom of "
    "the device, too, and devices follow centers."
)


class NoMoreThanSize:
    """The AUC of each picked model less that of ROI size on the same held-out cases."""

    code = "SGA013"
    title = "Not shown to be more than lesion size"
    severity: Severity = "warning"
    page = "evidence-families"

    def run(self, evidence: Evidence) -> Outcome:
        if evidence.frame("picks").empty:
            return no_models(evidence)
        if evidence.frame("lesion_size").empty:
            return Outcome(
                "not_applicable", "Neither features nor masks of this study tell the size of a lesion."
            )
        rows = evidence.frame("size_gain")
        reported = reported_set(rows)
        if reported is None:
            return no_held_out("the models and lesion size")
        own = rows[rows["subset"] == reported].reset_index(drop=True)
        table = own[_COLUMNS]
        # Two scores that rank alike have a difference of 0 without an interval.
        judged = own[own["p"].notna()]
        aside = without_estimate(own[own["p"].isna()])
        if judged.empty:
            return Outcome(
                "not_applicable", f"No model could be compared with lesion size.{aside}", table=table
            )
        more = (judged["ci_low"] > 0) & (judged["auc_low"] > 0.5)
        told = f"{_size(judged, reported)} {'; '.join(_told(row) for _, row in judged.iterrows())}."
        if more.all():
            return Outcome(
                "passed",
                f"Each model ranks better than lesion size alone. {told}{aside} {_detectable(judged)} {_ZOOM}",
                table=table,
            )
        shown = f" Shown to be more: {joined(judged.loc[more, 'family'])}." if more.any() else ""
        return Outcome(
            "finding",
            f"Not shown to be more than lesion size: {joined(judged.loc[~more, 'family'])}.{shown} "
            f"{told}{aside} {_detectable(judged)} An interval that holds 0 does not prove that a model is "
            f"size alone. {_ZOOM}",
            remedy="Report the AUC of lesion size beside the models'. Whether they are more than size needs "
            "more held-out patients, or patients who are matched for size.",
            table=table,
        )


def _size(judged: pd.DataFrame, reported: str) -> str:
    row = judged.iloc[0]
    where = subset_name(reported)
    by = "" if row["unit"] == "patient" else f" ({int(row['n_images'])} images)"
    left = int(judged["n_left_out"].max())
    missing = f" {left} images have no score or no size." if left else ""
    return (
        f"Size of the ROI alone ({row['size_unit']}; {row['direction']} counts as more positive, as among "
        f"the {int(row['n_train'])} training patients, AUC {row['train_auc']:.2f}) has an AUC of "
        f"{row['size_auc']:.2f} ({between(row['size_low'], row['size_high'])}) in the {where}, "
        f"{int(row['n_patients'])} "
        f"patients{by}.{' It tells the labels apart by itself.' if row['size_low'] > 0.5 else ''}{missing} "
        "Gain over it:"
    )


def _told(row: pd.Series) -> str:
    gain = f"{row['delta']:+.2f} ({between(row['ci_low'], row['ci_high'])})"
    return f"{row['family']} ({row['classifier']}, AUC {row['auc']:.2f}) {gain}"


def _detectable(judged: pd.DataFrame) -> str:
    half = ((judged["ci_high"] - judged["ci_low"]) / 2).median()
    if pd.isna(half):
        return "No interval of a gain could be computed."
    return f"At this number of cases a gain has to be about {half:.2f} for its interval to lie above 0."
