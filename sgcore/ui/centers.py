"""What the centers page shows: a model in every center, held-out values of a what-if on demand, the size needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.domain import Subset, candidates_in_order
from sgcore.plots import words
from sgcore.ui import answers, at_cases, center_answers, looks, results, tables
from sgcore.ui.charts import download
from sgcore.ui.sidebar import selectbox
from sgcore.ui.state import choose
from sgcore.ui.text import small
from sgcore.ui.view import View

if TYPE_CHECKING:
    from sgcore.workflow import CenterEffects

PICK = "pick"
WIDTHS = ("0.05", "0.1", "0.15", "0.2")
_TOGETHER = {
    "mean": "Mean of the external centers",
    "new_center": "A new center (prediction interval)",
    "all_pairs": "All external cases",
    "same_center_pairs": "Pairs of the same center only",
}


@dataclass(frozen=True)
class Centers:
    """A model in the study's centers and the page's sentence; ``effects`` is None while they are closed.

    ``subset`` is the set whose looks are counted: external, or validation where nothing is external.
    """

    answer: str
    family: str
    subset: Subset
    effects: CenterEffects | None


def load(view: View, family: str) -> Centers:
    """The page's content for a family, by the classifier that the sidebar names."""
    every = view.frame("evaluations")
    subset: Subset = answers.headline_subset(every)
    shut = looks.closed(view, _look(subset))
    pick = results.pick_of(view, family, "train" if shut else subset)
    classifier = _pick_classifier(every, family, pick)
    if shut:
        rows = answers.rows_of(every, view.at("train"))
        rows = rows[(rows["family"] == family) & (rows["classifier"] == classifier)]
        first = None if rows.empty else rows.iloc[0]
        return Centers(center_answers.closed(first, family, classifier), family, subset, None)
    effects = at_cases.center_effects(view.analysis.id, (family, classifier), view.unit)
    sentence = f"{center_answers.travels(effects)} {center_answers.picked_here(pick, classifier)}"
    return Centers(sentence.strip(), family, subset, effects)


def _look(subset: Subset) -> str:
    """The name under which looks at this page are counted."""
    return f"centers: {subset}"


def _pick_classifier(every: pd.DataFrame, family: str, pick: pd.Series | None) -> str:
    """The family's pick, which follows the family, or another of its candidates."""
    known = candidates_in_order(every.loc[every["family"] == family, "classifier"])
    chosen = None if pick is None or words.missing(pick["classifier"]) else str(pick["classifier"])
    others = [name for name in known if name != chosen]
    options = others if chosen is None else [PICK, *others]
    said = choose(
        "centers_classifier",
        options,
        options[0],
        selectbox,
        "Classifier",
        format_func=lambda name: f"{chosen} (picked)" if name == PICK else name,
    )
    return chosen if said == PICK and chosen is not None else said


def opened(view: View, shown: Centers) -> CenterEffects | None:
    """The centers, or the button that opens those of a what-if."""
    return (
        shown.effects if looks.opened(view, _look(shown.subset), "Show the results in each center") else None
    )


def caption(effects: CenterEffects) -> str:
    """What the figure shows."""
    return (
        f"AUC by {effects.unit} with 95% intervals. Larger squares have more patients; open ones are cases of "
        "development centers that did not train the model."
    )


def raw(effects: CenterEffects) -> pd.DataFrame:
    """Centers and what they say together, for the download."""
    whole = pd.concat([effects.rows.assign(measure="center"), effects.together], ignore_index=True)
    for place, name in enumerate(("family", "classifier", "unit")):
        whole.insert(place, name, getattr(effects, name))
    return whole


def table(effects: CenterEffects) -> pd.DataFrame:
    """Each center, then the external centers together, as people read them."""
    rows = effects.rows.assign(
        name=effects.rows["center"],
        cases=[_cases(row) for row in effects.rows.to_dict("records")],
        reason=center_answers.notes(effects),
    )
    together = effects.together.assign(
        name=effects.together["measure"].map(_TOGETHER),
        cases=[f"from {words.count(int(k), 'external center')}" for k in effects.together["k"]],
    )
    both = pd.concat([rows, together], ignore_index=True)
    estimates = tables.with_interval(both, "auc")
    for i, row in enumerate(both.to_dict("records")):
        if words.missing(row["auc"]) and not words.missing(row["ci_low"]):
            estimates[i] = words.interval(row["ci_low"], row["ci_high"])
    return pd.DataFrame(
        {
            "Center": both["name"],
            "Cases": both["cases"],
            "AUC (95% interval)": estimates,
            "Patients": both["n_patients"],
            "Images": both["n_images"],
            **({"Images left out": both["n_left_out"]} if both["n_left_out"].any() else {}),
            "Positive": both["n_pos"],
            "Negative": both["n_neg"],
            "Interval by": both["method"],
            **tables.why(both),
        }
    )


def _cases(row: dict[str, Any]) -> str:
    if row["role"] == "external":
        return "external center"
    return (
        f"development center, {'validation' if row['subset'] == 'validation' else 'another time or device'}"
    )


def together(effects: CenterEffects) -> None:
    """How far several centers differ, and all external cases beside pairs of the same center."""
    for said in (center_answers.differ(effects), center_answers.pairs(effects)):
        if said:
            small(said)


def enough(view: View, effects: CenterEffects) -> None:
    """How precise the external AUC is, and how many patients the wanted precision needs."""
    if effects.external.empty:
        return
    st.header("Is the external set large enough?", anchor=False)
    width = choose(
        "auc_width",
        WIDTHS,
        "0.1",
        st.segmented_control,
        "Wanted width of the AUC's 95% interval",
        help="Newcombe's variance of the AUC and the information about the slope, as Riley et al. (2021) use them, at "
        "the AUC and the share of positives seen here.",
    )
    need = workflow.external_need(effects, auc_width=float(width))
    small(center_answers.enough(need))
    small(
        "Every patient counts once, all external centers as one population; what differs between centers asks for more "
        "centers, not only for more patients."
    )
    with st.expander("Table: size of the external set"):
        tables.wrapped(_need_table(need))
        download(need, view, "external-size")


def _need_table(need: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Estimate": need["measure"].map({"auc": "AUC", "slope": "Calibration slope"}),
            "Assumed": [tables.number(value, 3) for value in need["at"]],
            "Width now": [tables.number(value, 2) for value in need["width"]],
            "Wanted width": [tables.number(value, 2) for value in need["wanted_width"]],
            "Patients now": [tables.number(value, 0) for value in need["n_patients"]],
            "Patients needed": [tables.number(value, 0) for value in need["n_needed"]],
            "Positive among them": [tables.number(value, 0) for value in need["n_pos_needed"]],
            **tables.why(need),
        }
    )
