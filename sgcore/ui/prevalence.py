"""How common the condition is where the reader works: asked once, for every part that depends on it."""

from __future__ import annotations

import streamlit as st

from sgcore.ui.text import plain
from sgcore.ui.view import View

#: Percent that can be typed, unless the study file names a rarer or more common condition.
_LOW, _HIGH = 0.001, 99.999


def pick(view: View) -> float | None:
    """The share of positive cases in the reader's clinic; None for the study's own mix.

    It opens on the prevalence of the study file's decision, where there is one, and is kept over page
    changes, for each study by itself.
    """
    decision = view.analysis.decision
    given = None if decision is None or decision.prevalence is None else 100 * decision.prevalence
    key = f"prevalence_{view.study_id}_{given}"
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(f"kept_{key}", given)
    percent = st.number_input(
        f"How many of 100 cases are {plain(view.study.positive)} where you work?",
        min_value=_LOW if given is None else min(_LOW, given),
        max_value=_HIGH if given is None else max(_HIGH, given),
        value=None,
        step=1.0,
        format="%g",
        placeholder="not set: the study's mix",
        key=key,
        help="The prevalence in your clinic. What an answer of the model means depends on it as much as on the model.",
        width=360,
    )
    st.session_state[f"kept_{key}"] = percent
    return None if percent is None else float(percent) / 100
