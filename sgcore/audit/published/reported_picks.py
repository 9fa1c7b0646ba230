"""SGP020: was something picked on the set that it is reported on?"""

from __future__ import annotations

from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import HELD_OUT, TRAINING_FOLDS, Paper, ReportedPick
from sgcore.audit.published.splits import held_out
from sgcore.domain import Severity


class ReportedPicks:
    """Names every pick, of how many, and its set."""

    code = "SGP020"
    title = "Picked on the set it is reported on"
    severity: Severity = "error"

    def run(self, paper: Paper) -> Answer:
        if not paper.picks:
            return not_applicable("The paper file names no picks ([[picks]]).")
        bad = picks_on_reported(paper)
        of_held_out = _picks_on_held_out(paper)
        rows = [
            {
                "what": pick.what,
                "candidates": pick.candidates,
                "picked": pick.picked,
                "set": pick.set,
                "held_out": pick in of_held_out,
                "on_reported_set": pick in bad,
            }
            for pick in paper.picks
        ]
        values = {"rows": rows}
        if not bad:
            text = f"{_named(paper.picks)}. A pick on the set that is reported would have shown."
            if of_held_out:
                sets = " and ".join(repr(name) for name in dict.fromkeys(pick.set for pick in of_held_out))
                text += f" The AUCs on {sets} are no test of what was picked there; those on the external set are."
            return Answer("passed", text, "Every pick is in the file.", "", values)
        text = (
            f"{_named(bad)}. An AUC reported on the set of its own pick is the best of several, and too high."
        )
        assumption = "How much too high the numbers do not tell; SGP021 says how far chance alone would go."
        remedy = (
            "Pick in patient-grouped folds of the training set, or report all candidates on the held-out set."
        )
        return Answer("finding", text, assumption, remedy, values)


def picks_on_reported(paper: Paper) -> list[ReportedPick]:
    """Picks of the best of several on the set that is reported: an external one, else the validation set.

    A pick on the validation set is what that set is for, where an external set with an AUC was left untouched.
    """
    external = any(each.role == "external" for each in held_out(paper))
    return [
        pick
        for pick in _picks_on_held_out(paper)
        if not external or paper.set_named(pick.set).role == "external"
    ]


def _picks_on_held_out(paper: Paper) -> list[ReportedPick]:
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
