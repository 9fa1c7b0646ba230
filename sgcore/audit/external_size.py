"""SGA040: is the external set large enough?"""

from __future__ import annotations

import pandas as pd

from sgcore import stats
from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.reported import no_models, without_estimate
from sgcore.domain import Severity

#: From how many patients of a label a center has an interval that rests on its own scatter (:func:`sgcore.stats.auc`).
FEW = 5
_COLUMNS = [
    "family", "classifier", "measure", "at", "width", "wanted_width", "n_patients", "n_pos", "n_needed",
    "n_pos_needed", "reason",
]  # fmt: skip

_REMEDY = (
    "Quote the intervals before the estimates, call the result preliminary, and plan the next external set by these "
    "numbers."
)


class ExternalSetTooSmall:
    """Patients of the external set against those that an interval of the wanted width needs (Riley 2021)."""

    code = "SGA040"
    title = "External set too small for a precise answer"
    severity: Severity = "warning"
    page = "evidence-centers"

    def run(self, evidence: Evidence) -> Outcome:
        rows = evidence.frame("external_sample")
        if rows.empty:
            return no_models(evidence)
        patients = evidence.study.patients
        external = patients[patients["subset"] == "external"]
        if not rows["n_patients"].any():
            return Outcome("not_applicable", "The study has no external set with a score.")
        table = rows[_COLUMNS].reset_index(drop=True)
        auc, slope = (rows[rows["measure"] == name] for name in ("auc", "slope"))
        planned = auc[auc["n_needed"].notna()]
        head = _head(external)
        if planned.empty:
            return _unplanned(auc, head, table)
        sloped = slope[slope["n_needed"].notna()]
        message = f"{head} {_auc(planned)}{_slope(sloped)}{without_estimate(auc[auc['n_needed'].isna()])}"
        short = (planned["n_needed"] > planned["n_patients"]).any()
        if not short and not (sloped["n_needed"] > sloped["n_patients"]).any():
            return Outcome("passed", f"The external set is large enough. {message}", table=table)
        what = "the AUC" if short else "the AUC, but not for the calibration slope"
        return Outcome(
            "finding",
            f"The external set is {'too small' if short else 'large enough'} for {what}. {message}",
            remedy=_REMEDY,
            table=table,
        )


def _unplanned(auc: pd.DataFrame, head: str, table: pd.DataFrame) -> Outcome:
    """Without an AUC to plan with, what even a perfect one would leave open."""
    n_pos, wanted = int(auc["n_pos"].max()), float(auc["wanted_width"].iloc[0])
    n_neg = int(auc["n_patients"].max()) - n_pos
    message = f"{head} No number of patients can be planned with.{without_estimate(auc)}"
    if not (n_pos and n_neg):
        return Outcome("not_applicable", message, table=table)
    low, high = stats.newcombe_interval(1.0, n_pos, n_neg)
    if high - low <= wanted:
        return Outcome("not_applicable", message, table=table)
    return Outcome(
        "finding",
        f"The external set is too small for the AUC: even one of 1 has a 95% interval {high - low:.2f} wide "
        f"(Newcombe). {message}",
        remedy=_REMEDY,
        table=table,
    )


def _head(external: pd.DataFrame) -> str:
    """Patients and positive ones of the external set and of its centers, and which centers are very small."""
    parts, small = [], []
    for center, own in external.groupby("center", sort=False):
        n_pos = int((own["y"] == 1).sum())
        parts.append(f"{center} {n_pos} of {len(own)}")
        if min(n_pos, len(own) - n_pos) < FEW:
            small.append(str(center))
    text = (
        f"{len(external)} external patients, {int((external['y'] == 1).sum())} of them positive "
        f"({', '.join(parts)})."
    )
    if small:
        text += (
            f" Fewer than {FEW} patients of one label, too few to judge the center alone: {', '.join(small)}."
        )
    return text


def _auc(planned: pd.DataFrame) -> str:
    ordered = planned.sort_values("n_needed", kind="stable")
    least, most = ordered.iloc[0], ordered.iloc[-1]
    now = " to ".join(
        dict.fromkeys(f"{width:.2f}" for width in (planned["width"].min(), planned["width"].max()))
    )
    need = f"{int(least['n_needed']):,} patients ({_at(least)})"
    if len(planned) > 1:
        need = (
            f"{int(least['n_needed']):,} ({_at(least)}) to {int(most['n_needed']):,} patients ({_at(most)})"
        )
    return (
        f"So many give an AUC a 95% interval {now} wide. For a width of {least['wanted_width']:g} the need "
        f"is {need}, with the same share of positives."
    )


def _slope(sloped: pd.DataFrame) -> str:
    if sloped.empty:
        return ""
    least = sloped.sort_values("n_needed", kind="stable").iloc[0]
    return (
        f" The slope of calibration, {least['width']:.1f} wide now, needs {int(least['n_needed']):,} "
        f"patients or more for a width of {least['wanted_width']:g}, of a model that is calibrated."
    )


def _at(row: pd.Series) -> str:
    return f"{row['family']}, AUC {row['at']:.2f}"
