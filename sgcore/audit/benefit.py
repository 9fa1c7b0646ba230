"""SGA051: is there any net benefit?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.networks import subset_name
from sgcore.audit.reported import joined, no_held_out, no_models, reported_set, without_estimate
from sgcore.domain import Severity

_HOW = (
    'Say it in the study file: a table [decision] with treat = "biopsy" (the act), thresholds = [0.1, 0.4] (the '
    "risks at which people differ on acting) and, if known, the prevalence of the clinic."
)
_COLUMNS = [
    "family",
    "classifier",
    "subset",
    "threshold",
    "net_benefit",
    "low",
    "high",
    "treat_all",
    "n_patients",
]


class NoNetBenefit:
    """Where the band of a model's net benefit lies above acting on everybody and on nobody."""

    code = "SGA051"
    title = "No net benefit shown"
    severity: Severity = "warning"
    page = "evidence-families"

    def run(self, evidence: Evidence) -> Outcome:
        if evidence.frame("picks").empty:
            return no_models(evidence)
        decision = evidence.study.decision
        if decision is None:
            return Outcome(
                "not_applicable",
                f"The study does not say what would follow from a score, and at which risks. {_HOW}",
            )
        rows = evidence.frame("net_benefit")
        reported = reported_set(rows)
        if reported is None:
            return no_held_out("net benefit")
        own = rows[rows["subset"] == reported]
        judged = own[own["low"].notna()]
        aside = without_estimate(own[own["low"].isna()])
        what = f"{decision.treat!r} at risks of {decision.low:.0%} to {decision.high:.0%}"
        if judged.empty:
            return Outcome("not_applicable", f"The net benefit of {what} has no band.{aside}")
        places = {str(name): _places(part) for name, part in judged.groupby("family", sort=False)}
        # Ten steps of the range say enough in a table.
        table = (
            judged.groupby("family", sort=False).nth(slice(None, None, 10))[_COLUMNS].reset_index(drop=True)
        )
        numbers = "; ".join(
            _told(name, judged[judged["family"] == name], found) for name, found in places.items()
        )
        message = (
            f"Net benefit of {what} in the {subset_name(reported)} ({int(judged['n_patients'].max())} "
            f"patients; {judged['prevalence'].iloc[0]:.0%} positive, {_mix(judged)}), where the 95% band, "
            f"risk by risk, lies above acting on everybody and on nobody: {numbers}.{aside}{_shifted(judged)}"
        )
        without = [name for name, found in places.items() if not found]
        if not without:
            return Outcome(
                "passed",
                f"{message} The bands reach {_reach(judged):.2f} below their curves: a smaller benefit would "
                "not have been seen.",
                table=table,
            )
        return Outcome(
            "finding",
            f"No benefit shown for {joined(without)}. {message} The bands reach {_reach(judged):.2f} below "
            "their curves: a smaller benefit may be there and is not seen.",
            remedy="Do not claim clinical use from the AUC. Show the curve with its band; recalibrate (SGA050), or "
            "test on more patients of the clinic in mind.",
            table=table,
        )


def _places(part: pd.DataFrame) -> list[tuple[float, float]]:
    """Runs of neighboring risks at which the band lies above both defaults: first and last risk of each."""
    part = part.sort_values("threshold")
    above = (part["low"] > np.maximum(part["treat_all"], 0)).to_numpy()
    risks = part["threshold"].to_numpy()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(int)))
    return [(float(risks[start]), float(risks[end - 1])) for start, end in edges.reshape(-1, 2)]


def _told(name: str, part: pd.DataFrame, found: list[tuple[float, float]]) -> str:
    name = f"{name} ({part['classifier'].iloc[0]})"
    if found:
        runs = [f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}" for low, high in found]
        return f"{name} {joined(runs)}"
    over = (part["net_benefit"] - np.maximum(part["treat_all"], 0)).max()
    return f"{name} nowhere (its curve exceeds both by {over:.3f} at most)" if over > 0 else f"{name} nowhere"


def _reach(judged: pd.DataFrame) -> float:
    return float((judged["net_benefit"] - judged["low"]).median())


def _shifted(judged: pd.DataFrame) -> str:
    """That scores were brought to the share of positives of the very set that judges them."""
    shifts = judged["shift"].dropna()
    if judged["prevalence_source"].iloc[0] == "target" or not shifts.any():
        return ""
    low, high = f"{shifts.min():+.2f}", f"{shifts.max():+.2f}"
    return (
        f" Logits of scores were moved by {low if low == high else f'{low} to {high}'} to this set's own share of "
        "positives, which its labels tell: the benefit is that of scores recalibrated on the patients who judge them."
    )


def _mix(judged: pd.DataFrame) -> str:
    source = judged["prevalence_source"].iloc[0]
    return "the prevalence that the study file names" if source == "target" else str(source)
