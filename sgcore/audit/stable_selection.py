"""SGA021: how stable is the selection?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Draws, Evidence, Outcome
from sgcore.audit.not_drawn import not_drawn
from sgcore.audit.reported import between, joined, no_models, without_estimate
from sgcore.audit.waiting import not_computed
from sgcore.domain import Severity

#: Nogueira, Sechidis and Brown 2018, after Fleiss' limits for kappa.
POOR, EXCELLENT = 0.40, 0.75
#: Features of a family that the message names.
_NAMED = 3


class UnstableSelection:
    """Nogueira's phi over draws of the training patients, and how often each selected feature returns."""

    code = "SGA021"
    title = "Other patients would give other features"
    severity: Severity = "warning"
    page = "features-selection"

    def run(self, evidence: Evidence) -> Outcome:
        trace = evidence.frame("selection")
        if trace.empty:
            return no_models(evidence)
        found = evidence.draws("stability")
        if found is None or found.rows.empty:
            return not_computed("How stable the selection is")
        judged = found.rows[found.rows["phi"].notna()]
        aside = without_estimate(found.rows[found.rows["phi"].isna()]) + not_drawn(trace, found.rows)
        table = _table(found)
        if judged.empty:
            return Outcome("not_applicable", f"No selection could be judged.{aside}", table=table)
        numbers = "; ".join(_told(row, found.detail) for _, row in judged.iterrows())
        message = (
            f"Nogueira's stability over {_draws(found)} of 63% of the training patients each (1: always the same "
            f"features, 0: no better than drawing lots; intervals are error of the draws): {numbers}.{aside}"
        )
        unstable = judged[judged["phi"] < POOR]
        if unstable.empty:
            return Outcome(
                "passed",
                f"{message} Below {POOR:.2f} it would be poor, above {EXCELLENT:.2f} it is excellent; with so many "
                f"draws the figure is known to within {_error(judged):.2f}.",
                table=table,
            )
        return Outcome(
            "finding",
            f"Poor stability (below {POOR:.2f}): {joined(unstable['family'])}. {message}{_edge(unstable)} The model "
            "may predict all the same: correlated features stand for each other.",
            remedy="Do not read the selected features as the ones that matter, nor give them a biological meaning; "
            "report how often each returns, or fit a model that keeps correlated features together (ridge).",
            table=table,
        )


def _draws(found: Draws) -> str:
    return f"{found.draws} draws" + ("" if found.complete else f" of the usual {found.usual}")


def _told(row: pd.Series, detail: pd.DataFrame) -> str:
    text = (
        f"{row['family']} {row['phi']:.2f} ({between(row['ci_low'], row['ci_high'])}), {row['mean_size']:.1f} of "
        f"{int(row['n_features'])} features a draw"
    )
    if row["n_empty"]:
        text += f", none in {int(row['n_empty'])} draws"
    chosen = detail[(detail["family"] == row["family"]) & detail["selected"]]
    if chosen.empty:
        return text
    again = chosen.sort_values("frequency", ascending=False, kind="stable")
    best = ", ".join(f"{one.feature} {one.frequency:.0%}" for one in again.head(_NAMED).itertuples())
    rest = len(again) - _NAMED
    half = int((again["frequency"] >= 0.5).sum())
    more = f" and {rest} less often" if rest > 0 else ""
    return f"{text}; {half} of the model's {len(again)} features return in at least half of the draws ({best}{more})"


def _edge(unstable: pd.DataFrame) -> str:
    """Families that more draws could lift over the limit."""
    close = unstable[unstable["ci_high"] >= POOR]
    return "" if close.empty else f" Of {joined(close['family'])} more draws could say otherwise."


def _error(judged: pd.DataFrame) -> float:
    return float(((judged["ci_high"] - judged["ci_low"]) / 2).max())


def _table(found: Draws) -> pd.DataFrame:
    """Features of the models first, most frequent first; of those that were never selected there is no row."""
    detail = found.detail[(found.detail["frequency"] > 0) | found.detail["selected"]]
    return detail.sort_values(["selected", "frequency"], ascending=False, kind="stable")[
        ["family", "feature", "frequency", "selected"]
    ].reset_index(drop=True)
