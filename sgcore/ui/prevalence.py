"""How common the condition is where the reader works: asked once, for every part that depends on it."""

from __future__ import annotations

import streamlit as st

from sgcore.domain import Subgroup
from sgcore.ui.text import plain
from sgcore.ui.view import View

#: Percent that can be typed, unless the study file names a rarer or more common condition.
_LOW, _HIGH = 0.001, 99.999


def pick(view: View, subgroup: Subgroup | None = None) -> float | None:
    """The share of positive cases in the reader's clinic; None for the mix of the cases shown.

    It opens on the prevalence of the study file's decision, where there is one, and is kept over page
    changes, for each study by itself. Of a ``subgroup`` it is asked anew: what holds of a clinic need not hold of
    its women.
    """
    decision = None if subgroup is not None else view.analysis.decision
    given = None if decision is None or decision.prevalence is None else 100 * decision.prevalence
    whose = "" if subgroup is None else f" with {plain(subgroup.level)}"
    key = f"prevalence_{view.study_id}_{given}{whose}"
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(f"kept_{key}", given)
    percent = st.number_input(
        f"How many of 100 cases{whose} are {plain(view.study.positive)} where you work?",
        min_value=_LOW if given is None else min(_LOW, given),
        max_value=_HIGH if given is None else max(_HIGH, given),
        value=None,
        step=1.0,
        format="%g",
        placeholder=f"not set: the {'study' if subgroup is None else 'subgroup'}'s mix",
        key=key,
        help="The prevalence in your clinic. What an answer of the model means depends on it as much as on the model.",
        width=360,
    )
    st.session_state[f"kept_{key}"] = percent
    return None if percent is None else float(percent) / 100
