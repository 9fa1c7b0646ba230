"""SGA080: how many candidate predictors for how many events?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.reported import joined, no_models, without_estimate
from sgcore.domain import Severity

_COLUMNS = [
    "family", "candidates", "at", "n_patients", "n_pos", "candidates_per_event", "n_needed", "n_pos_needed",
    "shrinkage", "reason",
]  # fmt: skip
_WHAT = (
    "Candidates are all features before any selection: the data chose among all of them, and neither "
    "selection nor a penalty asks for fewer patients. The numbers needed are Riley's for a logistic model, "
    "at the AUC of the training folds; trees and networks ask for more. Shrinkage is what the coefficients of "
    "such a model have to expect; 0.9 or more is asked for."
)


class TooManyCandidates:
    """Riley's criteria for the development: patients needed for the candidates that a family starts from."""

    code = "SGA080"
    title = "Too few training patients for so many candidate predictors"
    severity: Severity = "warning"
    page = "features-selection"

    def run(self, evidence: Evidence) -> Outcome:
        rows = evidence.frame("development_sample")
        if rows.empty:
            return no_models(evidence)
        table = rows[_COLUMNS].reset_index(drop=True)
        judged = rows[rows["n_needed"].notna()]
        patients, events = int(rows["n_patients"].iloc[0]), int(rows["n_pos"].iloc[0])
        there = f"{patients} training patients, {events} of them positive"
        aside = without_estimate(rows[rows["n_needed"].isna()])
        if judged.empty:
            return Outcome("not_applicable", f"{there}: no need could be planned.{aside}", table=table)
        few = judged["n_needed"] > judged["n_patients"]
        message = (
            f"{there}. {'; '.join(_told(row) for _, row in judged.iterrows())}. {_WHAT}{_deep(judged)}{aside}"
        )
        if not few.any():
            return Outcome("passed", f"Every family has the patients it needs. {message}", table=table)
        return Outcome(
            "finding",
            f"Too few training patients for {joined(judged.loc[few, 'family'])}. {message}",
            remedy="Start from fewer candidates that are named beforehand, or from more patients; report how "
            "many there were, and read the model as a hypothesis until others have tested it.",
            table=table,
        )


def _told(row: pd.Series) -> str:
    """The candidates of a family, what they need, and how far the coefficients would have to shrink."""
    shrinkage = row["shrinkage"]
    text = (
        f"{row['family']}: {int(row['candidates'])} candidates, {row['candidates_per_event']:.2g} for each "
        f"positive patient; {int(row['n_needed']):,} patients needed at an AUC of {row['at']:.2f}"
    )
    if pd.isna(shrinkage):
        return text
    return f"{text}, expected shrinkage {shrinkage:.2f}"


def _deep(judged: pd.DataFrame) -> str:
    deep = [name for name in judged["family"] if name in ("RadiomicsDL", "Combined")]
    if not deep:
        return ""
    return (
        f" Of {joined(deep)} a component of deep features counts as one; what the network tried to come to it is "
        "not among them."
    )
