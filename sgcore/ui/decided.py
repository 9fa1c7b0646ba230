"""Decision curves of the families on the families page: is acting by their probabilities worth something."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from sgcore import plots
from sgcore.domain import Decision
from sgcore.plots import words
from sgcore.stats import DecisionCurve
from sgcore.ui import answers, prevalence, store, tables
from sgcore.ui.charts import chart
from sgcore.ui.navigation import link
from sgcore.ui.page import answer
from sgcore.ui.results import Shown
from sgcore.ui.text import small
from sgcore.ui.view import View, theme

#: What a study file needs for a decision curve.
_EXAMPLE = """[decision]
treat = "biopsy"            # what one would do above a risk
thresholds = [0.05, 0.30]   # the risks at which people differ on it
prevalence = 0.10           # optional: share of positives in your clinic
"""
_NOTES = (
    "Probabilities hold at the mix of cases that a model was trained on. With a prevalence they are moved to your "
    "clinic, as if its cases were of the same kind and only more or less often positive. "
    "The band says what these cases leave open about sensitivity and specificity; the prevalence is taken as given. "
    "A net benefit of 0.10 is worth as much as finding 10 positives of 100 cases without acting on a single negative."
)


def net_benefit(view: View, shown: Shown) -> None:
    """The part of the page: a sentence, the curves against acting on all and on none, the table."""
    decision = view.analysis.decision
    if decision is None:
        answer(
            "Not applicable: the study file does not say what acting on a score means, and from which risk on it comes "
            "into question."
        )
        st.write("Add a section like this to the study file and import it again; nothing is computed anew.")
        st.code(_EXAMPLE, language="toml")
        link("study-import", "Import it again")
        return
    head = st.container()
    clinic = prevalence.pick(view)
    curves = {
        model[0]: store.net_benefit(
            view.analysis_id or "",
            model,
            subset=shown.subset,
            center=shown.center,
            unit=view.unit,
            low=decision.low,
            high=decision.high,
            prevalence=clinic,
        )
        for model in shown.models
    }
    best = best_family(curves)
    with head:
        answer(sentence(curves, best, decision, answers.place_of(shown.subset, shown.center, 0)))
    if best is None:
        return
    frames = {name: curve.frame() for name, curve in curves.items()}
    chart(
        plots.net_benefit(frames, theme(), colors=shown.colors, band=best),
        view,
        name="family-net-benefit",
        says=_caption(view, best, decision),
        table=_table(curves),
        raw=pd.concat(
            [
                frame.assign(
                    family=name, n_patients=curves[name].n_patients, prevalence=curves[name].prevalence
                )
                for name, frame in frames.items()
            ]
        ),
    )
    small(_NOTES)


def best_family(curves: Mapping[str, DecisionCurve]) -> str | None:
    """The family with the highest net benefit on average over the risks; None where no curve exists."""
    means = {
        name: float(curve.net_benefit.mean())
        for name, curve in curves.items()
        if curve.net_benefit.size and not np.isnan(curve.net_benefit).any()
    }
    return max(means, key=means.__getitem__) if means else None


def sentence(curves: Mapping[str, DecisionCurve], best: str | None, decision: Decision, where: str) -> str:
    """At which risks the best family's band lies above acting on all and on none, or that none can be told."""
    if best is None:
        reasons = [curve.reason for curve in curves.values() if curve.reason]
        return f"No decision curve can be drawn {where}{f': {reasons[0]}' if reasons else ''}."
    curve, span = curves[best], f"{words.percent(decision.low)} to {words.percent(decision.high)}"
    cases = f"{words.count(curve.n_patients, 'patient')}; {_mix(curve)}"
    acting = f"cting ({decision.treat}) on {words.possessive(best)} probabilities"
    first = ", the highest of the families on average," if len(curves) > 1 else ""
    if np.isnan(curve.low).any():
        return f"What a{acting} is worth {where} has no band: {curve.reason} ({cases})."
    other = np.maximum(curve.treat_all, curve.treat_none)
    better, worse = runs(curve.thresholds, curve.low > other), runs(curve.thresholds, curve.high < other)
    rest = f"at risks from {worse} it is worth less than the better of the two" if worse else ""
    if not better and not rest:
        return (
            f"Whether a{acting}{first} is worth more than acting on all or on none cannot be told {where} at any "
            f"risk from {span} ({cases})."
        )
    if not better:
        return f"A{acting}{first} is not shown to be worth anything {where} ({cases}): {rest}."
    if not rest and better != span:
        rest = f"at other risks from {span} it cannot be told"
    text = f"A{acting}{first} is worth more than acting on all or on none {where} at risks from {better} ({cases})"
    return f"{text}; {rest}." if rest else f"{text}."


def _mix(curve: DecisionCurve) -> str:
    share = words.percent(curve.prevalence)
    if curve.prevalence_source == "target":
        return f"{share} positive, as set here"
    return f"{share} positive as in this study's mix, not your clinic's"


def runs(thresholds: np.ndarray, holds: np.ndarray) -> str:
    """Stretches of thresholds where a condition holds, as people read them: ``5% to 12% and 20% to 30%``."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(int)))
    ends = [
        [words.percent(thresholds[at]) for at in (first, end - 1)]
        for first, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    return words.join([low if low == high else f"{low} to {high}" for low, high in ends])


def _table(curves: Mapping[str, DecisionCurve]) -> pd.DataFrame:
    """Every tenth threshold of each family."""
    parts = []
    for name, curve in curves.items():
        rows = curve.frame().iloc[::10]
        parts.append(
            pd.DataFrame(
                {
                    "Family": name,
                    "Acting from a risk of": rows["threshold"].map(words.percent),
                    "Net benefit (95% interval)": tables.with_interval(rows, "net_benefit", "low", "high"),
                    "Acting on all": rows["treat_all"],
                    "Sensitivity": rows["sensitivity"],
                    "Specificity": rows["specificity"],
                    "Patients": curve.n_patients,
                    "reason": curve.reason,
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table.drop(columns="reason").assign(**tables.why(table))


def _caption(view: View, best: str, decision: Decision) -> str:
    """What is drawn."""
    return (
        f"Acting: {decision.treat}. By {view.unit}, net benefit: positives found, less the negatives acted on, weighed "
        f"by the risk from which one acts. Band: 95% interval of {best}, the highest on average, at each risk by "
        "itself. A model is useful where it lies above both gray lines."
    )
