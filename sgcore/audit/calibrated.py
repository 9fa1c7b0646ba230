"""SGA050: is the model calibrated?"""

from __future__ import annotations

from typing import Any

import pandas as pd

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
_CURVED = "the curve leaves the diagonal by more than chance (ICI, the mean error of the risks)"
_COLUMNS = [
    "family", "classifier", "subset", "unit", "measure", "estimate", "ci_low", "ci_high", "by_chance",
    "n_patients", "n_pos", "n_clipped", "reason",
]  # fmt: skip


class Miscalibrated:
    """Intercept and slope of the picked models on the held-out set that the study is judged by, and the ICI."""

    code = "SGA050"
    title = "Probabilities that do not mean what they say"
    severity: Severity = "warning"
    page = "evidence-families"
    plot = "calibration"

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
        asked = int(judged["measure"].count())
        chance = (
            f"Of {asked} intervals of intercept and slope {0.05 * asked:.1g} would miss the right value by chance, on "
            "average, were the models calibrated."
        )
        off = _off(own)
        if not off:
            known = own[own["estimate"].notna()]
            numbers = "; ".join(
                f"{name} {', '.join(_measure(row) for row in part.itertuples())}"
                for name, part in known.groupby("family", sort=False)
            )
            return Outcome(
                "passed",
                f"{where} not shown to be miscalibrated: {numbers}.{aside} {chance} {_detectable(judged)}",
                table=table,
            )
        faults = "; ".join(f"{words}: {', '.join(named)}" for words, named in off.items())
        return Outcome(
            "finding",
            f"{where} {faults}.{aside} {chance}",
            remedy="Do not read these scores as risks. Recalibrate intercept and slope on patients of the place of "
            "use, and judge them on others; a ranking (AUC) is not touched by it.",
            table=table,
        )


def _off(own: pd.DataFrame) -> dict[str, list[str]]:
    """By what is wrong, the models with their numbers: intervals that miss 0 or 1, an ICI above chance."""
    found: dict[str, list[str]] = {}
    for row in own.itertuples():
        why = _fault(row)
        if why:
            chance = f"; {row.by_chance:.2f} by chance" if row.measure == "ici" else ""
            number = f"{row.estimate:.2f} ({between(row.ci_low, row.ci_high)}{chance})"
            found.setdefault(why, []).append(f"{row.family} {number}")
    return found


def _fault(row: Any) -> str:
    ideal = _IDEAL.get(row.measure)
    if ideal is None:
        # The interval of an ICI begins at 0 where it is no larger than that of a calibrated model.
        return _CURVED if row.ci_low > row.by_chance else ""
    side = "above" if row.ci_low > ideal else "below" if row.ci_high < ideal else ""
    if row.measure == "slope" and side == "below" and row.ci_low <= 0:
        return _UNRELATED
    return _WORDS.get((row.measure, side), "")


def _measure(row: Any) -> str:
    name = row.measure if row.measure in _IDEAL else "ICI"
    return f"{name} {row.estimate:.2f} ({between(row.ci_low, row.ci_high)})"


def _detectable(judged: pd.DataFrame) -> str:
    half = {
        name: ((part["ci_high"] - part["ci_low"]) / 2).median() for name, part in judged.groupby("measure")
    }
    told = joined(f"{name} {width:.2f} away from {_IDEAL[str(name)]:g}" for name, width in half.items())
    return f"With intervals of this width a finding would have been about: {told}."
