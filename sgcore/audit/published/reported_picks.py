"""SGP020: was something picked on the set that it is reported on?"""

from __future__ import annotations

from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import HELD_OUT, TRAINING_FOLDS, Paper, ReportedPick
from sgcore.domain import Severity


class ReportedPicks:
    """Names every pick, of how many, and its set."""

    code = "SGP020"
    title = "Picked on the set it is reported on"
    severity: Severity = "error"

    def run(self, paper: Paper) -> Answer:
        if not paper.picks:
            return not_applicable("The paper file names no picks ([[picks]]).")
        bad = picks_on_held_out(paper)
        rows = [
            {
                "what": pick.what,
                "candidates": pick.candidates,
                "picked": pick.picked,
                "set": pick.set,
                "held_out": pick in bad,
            }
            for pick in paper.picks
        ]
        values = {"rows": rows}
        if not bad:
            text = f"{_named(paper.picks)}. A pick on a validation or external set would have shown."
            return Answer("passed", text, "Every pick is in the file.", "", values)
        text = (
            f"{_named(bad)}. An AUC reported on the set of its own pick is the best of several, and too high."
        )
        assumption = "How much too high the numbers do not tell; SGP021 says how far chance alone would go."
        remedy = (
            "Pick in patient-grouped folds of the training set, or report all candidates on the held-out set."
        )
        return Answer("finding", text, assumption, remedy, values)


def picks_on_held_out(paper: Paper) -> list[ReportedPick]:
    """Picks of the best of several on a validation or external set."""
    return [
        pick
        for pick in paper.picks
        if pick.candidates > 1 and pick.set != TRAINING_FOLDS and paper.set_named(pick.set).role in HELD_OUT
    ]


def _named(picks: list[ReportedPick]) -> str:
    texts = []
    for pick in picks:
        best = f"the best of {pick.candidates} {pick.what}"
        where = "in training folds" if pick.set == TRAINING_FOLDS else f"on the set {pick.set!r}"
        texts.append(f"{pick.picked} is {best} {where}" if pick.picked else f"{best} was picked {where}")
    return f"{texts[0][0].upper()}{'; '.join(texts)[1:]}"
