"""What the audit says of a view: its findings in the order of their weight, and the verdict in one line."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sgcore.plots import words
from sgcore.ui import looks, store
from sgcore.ui.view import View

_STATUS = {"finding": 0, "muted": 1, "not_applicable": 2, "passed": 3}
#: What a look at the audit of a what-if is called in the record of looks.
LOOK = "overview: audit"
CLOSED = "The audit of this what-if is closed: it names held-out results."
RUNNING = "Audit: running"
#: The analysis whose audit this tab has left to the time after its figures.
_LEFT = "audit_left"
#: Seconds in which a browser that opens the dashboard for the first time has loaded and drawn a figure.
_DRAWN = 3.0


def rows(view: View) -> pd.DataFrame:
    """Every check's answer; of a study without an analysis, that of its tables and images."""
    if view.analysis_id is None:
        return store.study_findings(view.study_id or "")
    found = view.frame("findings")
    store.audited_analyses().add(view.analysis_id)
    return found


def ready(view: View) -> bool:
    """False where the figures of a page had better come first: the first audit of an analysis takes seconds.

    Such a page ends with :func:`soon`. That of a what-if is closed, or was just asked for.
    """
    done = view.what_if or view.analysis_id in store.audited_analyses()
    return done or st.session_state.get(_LEFT) == view.analysis_id


@st.fragment(run_every=_DRAWN)
def soon(view: View) -> None:
    """Make the audit when the browser asks again, which is after the page was drawn, and draw the page with it."""
    if st.session_state.get(_LEFT) != view.analysis_id:
        st.session_state[_LEFT] = view.analysis_id
        return
    rows(view)
    st.rerun()


def opened(view: View) -> pd.DataFrame | None:
    """The rows, or None where those of a what-if stay closed: a button opens them, and counts the look."""
    if not looks.opened(view, LOOK, "Show the audit of this what-if"):
        return None
    return rows(view)


def ordered(found: pd.DataFrame) -> pd.DataFrame:
    """Findings first, then what is muted, does not apply and passed; within these the gravest first."""
    ranks = found.assign(
        _status=found["status"].map(_STATUS), _severity=found["severity"].map(list(words.SEVERITIES).index)
    )
    ranks = ranks.sort_values(["_status", "_severity", "code"], kind="stable", ignore_index=True)
    return ranks.drop(columns=["_status", "_severity"])


def verdict(view: View) -> str:
    """The audit as counts; a check that does not apply is no pass. Closed for a what-if."""
    if looks.closed(view, LOOK):
        return CLOSED
    found = rows(view)
    grave = found[found["status"] == "finding"]["severity"].value_counts()
    parts = [words.count(int(grave.get(name, 0)), noun) for name, noun in words.SEVERITIES.items()]
    other = found["status"].value_counts()
    return (
        f"Audit: {words.join(parts)}; {words.count(int(other.get('passed', 0)), 'check')} passed, "
        f"{int(other.get('not_applicable', 0))} not applicable, {int(other.get('muted', 0))} muted "
        f"(of {len(found)})."
    )
