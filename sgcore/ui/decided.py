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
from sgcore.ui import answers, at_cases, prevalence, results, tables
from sgcore.ui.charts import chart
from sgcore.ui.decision_answers import best_family, digits_of, moved, sentence, stretches
from sgcore.ui.navigation import link
from sgcore.ui.page import answer
from sgcore.ui.results import Shown
from sgcore.ui.text import small
from sgcore.ui.view import View, theme

#: What the part of a page is called.
PART = "Decision curve"
#: What a study file needs for a decision curve.
_EXAMPLE = """[decision]
treat = "biopsy"            # what one would do above a risk
thresholds = [0.05, 0.30]   # the risks at which people differ on it
prevalence = 0.10           # optional: share of positives in your clinic
"""
_NOTES = (
    "Probabilities hold at the mix of cases that a model was trained on. They are moved to the mix given above, as if "
    "its cases were of the same kind and only more or less often positive. "
    "The band says what these cases leave open about sensitivity and specificity; the prevalence is taken as given. "
    "Bands hold at each risk by itself, not at all risks together. A net benefit of 0.10 is worth as much as "
    "finding 10 positives of 100 cases without acting on a single negative."
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
    place = answers.place_of(shown.at)
    if shown.few:
        answer(f"No decision curve can be drawn {place}: {shown.few}.")
        return
    head = st.container()
    clinic = prevalence.pick(view, shown.at.subgroup)
    curves = {
        model[0]: at_cases.net_benefit(
            view.analysis.id, model, shown.at, low=decision.low, high=decision.high, prevalence=clinic
        )
        for model in shown.models.values()
    }
    best = best_family(curves)
    with head:
        picked = best is not None and results.picked_here(view, best, shown.at.subset)
        whose = "study" if shown.at.subgroup is None else "subgroup"
        answer(sentence(curves, best, decision, place, picked=picked, mix_of=whose))
    if best is None:
        return
    frames = {name: curve.frame() for name, curve in curves.items()}
    chart(
        plots.net_benefit(frames, theme(), colors=shown.colors, band=best),
        view,
        name="family-net-benefit",
        says=_caption(view, best, decision, curves[best]),
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


def _table(curves: Mapping[str, DecisionCurve]) -> pd.DataFrame:
    """Every tenth threshold of each family."""
    parts, digits = [], digits_of(*curves.values())
    for name, curve in curves.items():
        rows = curve.frame().iloc[_listed(curve.thresholds)]
        parts.append(
            pd.DataFrame(
                {
                    "Family": name,
                    "Acting from a risk of": rows["threshold"].map(words.percent),
                    "Net benefit (95% interval)": tables.with_interval(
                        rows, "net_benefit", "low", "high", digits
                    ),
                    "Acting on all": [
                        "–" if words.missing(v) else f"{v:.{digits}f}" for v in rows["treat_all"]
                    ],
                    "Sensitivity": rows["sensitivity"],
                    "Specificity": rows["specificity"],
                    "Patients": curve.n_patients,
                    "reason": curve.reason,
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table.drop(columns="reason").assign(**tables.why(table))


def _listed(thresholds: np.ndarray) -> list[int]:
    """Eleven thresholds, evenly spread."""
    wanted = np.linspace(thresholds[0], thresholds[-1], 11)
    return sorted({int(np.abs(thresholds - value).argmin()) for value in wanted})


def _caption(view: View, best: str, decision: Decision, curve: DecisionCurve) -> str:
    """What is drawn, where the band lies above or below, and which shift the probabilities got."""
    text = (
        f"Acting: {decision.treat}. By {view.unit}, net benefit: positives found, less the negatives acted on, weighed "
        "by the risk from which one acts. A model is useful where it lies above both gray lines."
    )
    if not np.isnan(curve.low).any():
        other = np.maximum(curve.treat_all, 0)
        text += f" Band: 95% interval of {best} at each risk by itself"
        for holds, says in ((curve.low > other, "above both"), (curve.high < other, "below the higher one")):
            if found := stretches(curve.thresholds, holds):
                text += f"; {says} from {found}"
        text += "."
    return f"{text} Sentence: at the middle of the study file's risks. {moved(curve)}"
