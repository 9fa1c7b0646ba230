"""SGA022: what does selecting outside the folds add?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Draws, Evidence, Outcome
from sgcore.audit.not_drawn import not_drawn
from sgcore.audit.reported import joined, no_models
from sgcore.audit.waiting import not_computed
from sgcore.domain import Severity

#: Paired repeats below which nothing is said.
_FEWEST = 5
_COLUMNS = [
    "family", "classifier", "unit", "inside", "outside", "difference", "lowest", "highest", "repeats", "n_patients",
    "n_left_out", "reason",
]  # fmt: skip


class SelectedBeforeFolds:
    """AUCs of the same folds, features selected on all training patients or anew in each fold.

    It is a finding where the analysis rests on training scores whose selection saw the patients (a threshold from
    fitted scores), and the difference is above 0 in every repeat.
    """

    code = "SGA022"
    title = "Training results of features that were selected on the same patients"
    severity: Severity = "warning"
    page = "models-classifiers"

    def run(self, evidence: Evidence) -> Outcome:
        picks = evidence.frame("picks")
        if picks.empty:
            return no_models(evidence)
        found = evidence.draws("outside")
        if found is None or found.rows.empty or not (found.rows["repeats"] > 0).any():
            return not_computed("What selecting outside the folds adds")
        own = picks.dropna(subset=["classifier"])[["family", "classifier"]]
        rows = found.rows[found.rows["unit"] == evidence.config.unit]
        rows = rows.merge(own, on=["family", "classifier"])
        table = rows[_COLUMNS].reset_index(drop=True)
        judged = rows[rows["difference"].notna() & (rows["repeats"] >= _FEWEST)]
        aside = _aside(rows[~rows.index.isin(judged.index)]) + not_drawn(own, found.rows)
        if judged.empty:
            return Outcome("not_applicable", f"No difference could be judged.{aside}", table=table)
        message = (
            f"Cross-validated AUC in the training patients, by {evidence.config.unit}, the features selected on all "
            f"of them or anew in each fold of the same folds: {'; '.join(_told(row) for _, row in judged.iterrows())}. "
            "The range is that of repeats on the same patients, and no interval for other patients."
            f"{_usual(found)}{aside}"
        )
        added = judged[judged["lowest"] > 0]
        seen = evidence.config.models.threshold == "fitted"
        if added.empty:
            return Outcome(
                "passed",
                f"Not shown to add anything. {message} A difference above 0 in every repeat would have been shown: "
                f"about {_spread(judged):.3f} on average.",
                table=table,
            )
        if not seen:
            return Outcome(
                "passed",
                f"The analysis selects anew in every fold, so that this is in none of its numbers. {message} By so "
                f"much results of {joined(added['family'])} would be too good if the features were "
                "selected beforehand.",
                table=table,
            )
        return Outcome(
            "finding",
            f"Selecting on the same patients adds to the AUC of {joined(added['family'])} in every repeat. {message} "
            "Training AUC and threshold of this analysis come from scores of patients whom the selection, and the "
            "model too, had seen.",
            remedy="Repeat every step, the selection too, in each fold, and take threshold and training AUC from "
            "those scores (the strict recipe). Never cross-validate features that were chosen beforehand.",
            table=table,
        )


def _told(row: pd.Series) -> str:
    return (
        f"{row['family']} ({row['classifier']}) {row['outside']:.3f} against {row['inside']:.3f}, difference "
        f"{row['difference']:+.3f} ({row['lowest']:+.3f} to {row['highest']:+.3f} over {int(row['repeats'])} "
        f"repeats, {int(row['n_patients'])} patients)"
    )


def _usual(found: Draws) -> str:
    return "" if found.complete else f" {found.draws} of the usual {found.usual} repeats are there."


def _spread(judged: pd.DataFrame) -> float:
    """Mean difference at which the lowest repeat would lie above 0."""
    return float((judged["difference"] - judged["lowest"]).max())


def _aside(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    told = "; ".join(
        f"{row.family} ({row.reason or f'{row.repeats} repeats, {_FEWEST} are needed'})"
        for row in rows.itertuples()
    )
    return f" Not judged: {told}."
