"""SGP030: were there enough patients to develop from so many candidates?"""

from __future__ import annotations

from math import isnan
from typing import Any

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import HELD_OUT, Paper
from sgcore.domain import Severity


class DevelopmentPatients:
    """Riley's criteria for a model that chooses among all candidates."""

    code = "SGP030"
    title = "Too few patients for so many candidate predictors"
    severity: Severity = "warning"

    def run(self, paper: Paper) -> Answer:
        made = paper.development
        if made is None or made.events is None:
            return not_applicable(
                "The paper file does not give candidates, patients and events of the development ([development])."
            )
        found_on = _anticipated(paper)
        if found_on is None:
            return not_applicable(
                "No AUC between 0.5 and 1 is given that a sample size could be planned with."
            )
        auc, where = found_on
        found = stats.development_size(
            made.candidates,
            made.events / made.patients,
            auc=auc,
            n_pos=made.events,
            n_neg=made.patients - made.events,
        )
        if found.reason:
            return not_applicable(f"No sample size can be planned: {found.reason}.")
        values: dict[str, Any] = {
            "candidates": made.candidates,
            "patients": made.patients,
            "events": made.events,
            "anticipated_auc": auc,
            "patients_needed": found.n,
            "events_per_candidate": found.events_per_candidate_achieved,
            "shrinkage": None if isnan(found.shrinkage_achieved) else found.shrinkage_achieved,
            "criteria": {
                "shrinkage": found.n_shrinkage,
                "optimism": found.n_optimism,
                "margin": found.n_margin,
            },
            "rows": [],
        }
        text = (
            f"{made.candidates:,} candidates for {made.events:,} events among {made.patients:,} patients: "
            f"{found.events_per_candidate_achieved:.2f} events a candidate. At an AUC of {auc:.3f} Riley's criteria "
            f"ask for {found.n:,.0f} patients; the expected shrinkage with {made.patients:,} is "
            f"{found.shrinkage_achieved:.2f} (0.90 is asked for)."
        )
        assumption = (
            f"A logistic model of all candidates that reaches the AUC of {where}; selection, penalties and networks "
            "ask for no fewer patients."
        ) + (" The number of events is assumed." if made.events_assumed else "")
        if found.enough:
            return Answer("passed", text, assumption, "", values)
        remedy = "Reduce the candidates before looking at labels, or develop on more patients."
        return Answer("finding", text, assumption, remedy, values)


def _anticipated(paper: Paper) -> tuple[float, str] | None:
    """The highest AUC of a held-out set, else of any; the most favorable that the paper itself could plan with."""
    known = [
        (paper.set_named(auc.set).role in HELD_OUT, auc.value.value, f"{auc.model} on {auc.set!r}")
        for auc in paper.aucs
        if 0.5 < auc.value.value < 1
    ]
    if not known:
        return None
    _, value, where = max(known)
    return value, where
