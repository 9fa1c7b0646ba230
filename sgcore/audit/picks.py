"""SGA030: was a classifier picked on the set that it is reported on?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.domain import Severity


class PickedOnReportedSet:
    """Names every pick, the set it was made on and how many candidates there were."""

    code = "SGA030"
    title = "Picked on the set it is reported on"
    severity: Severity = "error"
    page = "models-classifiers"
    plot = "classifier_dots"

    def run(self, evidence: Evidence) -> Outcome:
        picks = evidence.frame("picks")
        rows = evidence.frame("evaluations")
        if picks.empty or rows.empty:
            return Outcome("not_applicable", "No model was fitted, so nothing was picked.")
        candidates = rows.groupby("family")["classifier"].nunique()
        picks = picks.assign(candidates=picks["family"].map(candidates))
        chosen = picks[picks["candidates"] > 1]
        looks = f" Held-out results of what-if analyses were opened {evidence.looks} time(s)." * bool(
            evidence.looks
        )
        if chosen.empty:
            return Outcome("passed", f"No family had more than one candidate classifier.{looks}", table=picks)
        bad = chosen[chosen["evaluated_on"].isin(["external", "validation"])]
        if bad.empty:
            return Outcome(
                "passed",
                "Every pick was made by patient-grouped folds of the training patients: "
                + _name(chosen)
                + f".{looks}",
                table=picks,
            )
        return Outcome(
            "finding",
            f"{_name(bad)}. The AUC on that set is the best of several and too high by construction."
            f"{_bonus(evidence.frame('chance'), set(bad['evaluated_on']))}{looks}",
            remedy="Pick by training folds (the strict recipe), or report all candidates.",
            table=picks,
        )


def _bonus(chance: pd.DataFrame, sets: set[str]) -> str:
    """What the best of all candidates gains by being picked, and how often chance reaches it."""
    text = ""
    for row in chance.itertuples() if len(chance) else ():
        if row.subset not in sets or pd.isna(row.estimate):
            continue
        others = f", those of {row.n_what_ifs} opened what-if(s) among them," if row.n_what_ifs else ""
        text += (
            f" Of all {row.n_candidates} candidates{others} {row.best} has the highest AUC on the {row.subset} "
            f"set by patient, {row.naive:.3f} ({row.n_patients} patients); {row.estimate:.3f} ({row.ci_low:.3f} to "
            f"{row.ci_high:.3f}) is to be expected of such a "
            f"pick on new patients of the same centers, {row.bonus:.3f} less."
        )
        if not pd.isna(row.p):
            text += (
                f" With labels permuted within centers the best of {row.n_candidates} reaches "
                f"{row.chance_95:.3f} in one case of twenty; p = {row.p:.4f} ({row.permutations} permutations)."
            )
    return text


def _name(picks: pd.DataFrame) -> str:
    return "; ".join(
        f"{row.family}: {row.classifier}, best of {row.candidates} "
        + (
            "in the training folds"
            if row.evaluated_on == "training folds"
            else f"on the {row.evaluated_on} set"
        )
        for row in picks.itertuples()
    )
