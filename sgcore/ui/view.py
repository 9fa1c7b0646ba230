"""The one state object that pages share: which study, which analysis, which unit."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from sgcore.domain import EvaluationSet, Study, Subset, Unit
from sgcore.plots import THEMES, Theme
from sgcore.ui import store
from sgcore.workflow import Analysis


@dataclass(frozen=True)
class View:
    """What the sidebar and the link say; ``None`` where nothing is imported or computed yet.

    ``reference_id`` is the analysis of the study with which others are compared.
    """

    study_id: str | None
    analysis_id: str | None
    reference_id: str | None
    unit: Unit
    picture: str = "png"

    @property
    def study(self) -> Study:
        return store.study(self.study_id or "")

    @property
    def analysis(self) -> Analysis:
        return store.analysis(self.analysis_id or "")

    @property
    def what_if(self) -> bool:
        """True for an analysis that was made by trying thresholds; its held-out results stay closed."""
        return self.analysis_id is not None and store.is_what_if(self.analysis_id)

    def at(self, subset: Subset, center: str | None = None) -> EvaluationSet:
        """Cases of a subset, or of one center of it, by the unit of the sidebar."""
        return EvaluationSet(subset, center, self.unit)

    def frame(self, kind: str) -> pd.DataFrame:
        """A result frame of the analysis; empty where there is none yet."""
        return pd.DataFrame() if self.analysis_id is None else store.frame(self.analysis_id, kind)


def keep(view: View) -> None:
    st.session_state["view"] = view


def current() -> View:
    """The view that the sidebar has set in this run."""
    view: View = st.session_state["view"]
    return view


def theme() -> Theme:
    """Colors for the theme in which the page is shown."""
    return THEMES.get(st.context.theme.type or "light", THEMES["light"])
