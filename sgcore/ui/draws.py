"""Stored draws of a resampling as pages read them: evaluated once for as many as there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sgcore import workflow
from sgcore.domain import Resampling
from sgcore.ui import store

if TYPE_CHECKING:
    from sgcore.workflow import Resampled


def resampled(analysis_id: str, kind: Resampling) -> Resampled:
    """The draws of ``kind`` that are stored by now, evaluated."""
    return _resampled(analysis_id, kind, len(store.analysis(analysis_id).drawn(kind)))


@st.cache_data(show_spinner=False, max_entries=32)
def _resampled(analysis_id: str, kind: Resampling, done: int) -> Resampled:
    """``done``, how many draws are stored, is part of the cache's key: more may follow."""
    return workflow.resampled(store.analysis(analysis_id), kind)
