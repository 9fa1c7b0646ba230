"""SGA050: is the model calibrated?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.networks import subset_name
from sgcore.audit.reported import between, joined, no_held_out, no_models, reported_set, without_estimate
from sgcore.domain import Severity

#: What a calibrated model has.
_IDEAL = {"intercept": 0.0, "slope": 1.0}
_WORDS = {
    ("intercept", "above"): "risks are too low (intercept above 0)",
    ("intercept", "below"): "risks are too high (intercept below 0)",
    ("slope", "above"): "risks are too close together (slope above 1)",
    ("slope", "below"): "risks are too extreme (slope below 1)",
}
_UNRELATED = "risks are too extreme and not shown to rise with the label (slope below 1, 0 not excluded)"
_P = 0.05
_COLUMNS = [
    "family", "classifier", "subset", "unit", "measure", "estimate", "ci_low", "ci_high", "by_chance",
    "n_patients", "n_pos", "n_clipped", "reason",
]  # fmt: skip


class Miscalibrated:
    """Intercept and slope of the picked models on the held-out set that the study is judged by, and the ICI.

    A finding is an interval that misses 0 or 1 at p < 0.05 after Holm over all of them. An ICI has no p that could be
    corrected: it is told and not judged.
    """

    code = "SGA050"
    title = "Probabilities that do not mean what they say"
    severity: Severity = "warning"
    page = "evidence-families"

    def run(self, evidence: Evidence) -> Outcome:
        rows = evidence.frame("calibration")
        if rows.empty:
            return no_models(evidence)
        reported = reported_set(rows)
        if reported is None:
            return no_held_out("calibration")
        own = rows[
            (rows["subset"] == reported)
            & rows["center"].isna()
            & (rows["unit"] == evidence.config.unit)
            & rows["measure"].isin([*_IDEAL, "ici"])
        ]
        table = own[_COLUMNS].reset_index(drop=True)
        judged = own[own["measure"].isin(_IDEAL) & own["ci_low"].notna()]
        mute = own[own["measure"].isin(_IDEAL) & own["ci_low"].isna()]
        aside = without_estimate(mute.assign(family=mute["family"] + ", " + mute["measure"]))
        if judged.empty:
            return Outcome("not_applicable", f"No calibration could be judged.{aside}", table=table)
        patients = int(own["n_patients"].max())
        where = f"In the {subset_name(reported)} (by {evidence.config.unit}, {patients} patients)"
        judged = _corrected(judged)
        rule = f"Judged at p < 0.05 after Holm's correction over {len(judged)} interval(s) of intercept and slope."
        beside = f"{_uncorrected(judged)}{_curved(own)}"
        off = _off(judged)
        if not off:
            known = own[own["estimate"].notna()]
            numbers = "; ".join(
                f"{name} {', '.join(_measure(row) for row in part.itertuples())}"
                for name, part in known.groupby("family", sort=False)
            )
            return Outcome(
                "passed",
                f"{where} not shown to be miscalibrated: {numbers}.{aside} {rule}{beside} {_detectable(judged)}",
                table=table,
            )
        faults = "; ".join(f"{words}: {', '.join(named)}" for words, named in off.items())
        return Outcome(
            "finding",
            f"{where} {faults}.{aside} {rule}{beside}",
            remedy="Do not read these scores as risks. Recalibrate intercept and slope on patients of the place of "
            "use, and judge them on others; a ranking (AUC) is not touched by it.",
            table=table,
        )


def _corrected(judged: pd.DataFrame) -> pd.DataFrame:
    """Intercepts and slopes with ``p`` of 0 or 1 after Holm over all of them, and ``half`` and ``df`` of intervals."""
    clustered = judged["method"].str.contains("clustered")
    df = np.where(clustered, judged["n_patients"] - 1, np.inf)
    half = (judged["ci_high"] - judged["ci_low"]) / 2
    p = stats.wald_p(judged["estimate"], half, judged["measure"].map(_IDEAL), df=df)
    return judged.assign(half=half, df=df, p=stats.adjust(p))


def _off(judged: pd.DataFrame) -> dict[str, list[str]]:
    """By what is wrong, the models with their numbers."""
    found: dict[str, list[str]] = {}
    for row in judged[judged["p"] < _P].itertuples():
        number = f"{row.estimate:.2f} ({between(row.ci_low, row.ci_high)})"
        found.setdefault(_fault(row), []).append(f"{row.family} {number}")
    return found


def _fault(row: Any) -> str:
    if row.measure == "slope" and row.ci_low <= 0 and row.estimate < 1:
        return _UNRELATED
    return _WORDS[row.measure, "above" if row.estimate > _IDEAL[row.measure] else "below"]


def _uncorrected(judged: pd.DataFrame) -> str:
    """Intervals that miss 0 or 1 and do not count after the correction."""
    ideal = judged["measure"].map(_IDEAL)
    missed = (judged["ci_low"] > ideal) | (judged["ci_high"] < ideal)
    rows = judged[missed & (judged["p"] >= _P)]
    if rows.empty:
        return ""
    named = joined(f"{row.measure} of {row.family} (p {row.p:.2f})" for row in rows.itertuples())
    return f" Not after it, though the 95% interval misses: {named}."


def _curved(own: pd.DataFrame) -> str:
    """Models whose ICI lies above that of a calibrated one: its interval begins at 0 where it does not."""
    rows = own[(own["measure"] == "ici") & (own["ci_low"] > own["by_chance"])]
    if rows.empty:
        return ""
    named = ", ".join(
        f"{row.family} {row.estimate:.2f} ({between(row.ci_low, row.ci_high)}; {row.by_chance:.2f} by chance)"
        for row in rows.itertuples()
    )
    return f" Not judged, since it has no p: the ICI (mean error of the risks) lies above that of chance in {named}."


def _measure(row: Any) -> str:
    name = row.measure if row.measure in _IDEAL else "ICI"
    return f"{name} {row.estimate:.2f} ({between(row.ci_low, row.ci_high)})"


def _detectable(judged: pd.DataFrame) -> str:
    """How far off the first of the models has to be, at the intervals that the correction asks of it."""
    judged = judged.assign(half=stats.wald_half(judged["half"], 1 - _P / len(judged), df=judged["df"]))
    away = judged.groupby("measure")["half"].median()
    told = joined(f"{name} {half:.2f} away from {_IDEAL[str(name)]:g}" for name, half in away.items())
    return f"With intervals of this width a finding would have been about: {told}."
