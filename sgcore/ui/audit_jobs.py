"""The costly part of the audit on its page: which jobs are done, and the button that does the others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import streamlit as st

from sgcore import workflow
from sgcore.jobs import Jobs
from sgcore.plots import words
from sgcore.ui import store, watching
from sgcore.ui.text import plain, small
from sgcore.ui.view import View

if TYPE_CHECKING:
    from sgcore.workflow import JobState


def section(view: View) -> None:
    """Jobs that checks wait for; nothing while they are all done."""
    job = watching.news("audit")
    if job is not None and watching.own(job):
        watching.told(job) if job.state == "done" else watching.failure(job)
    states = (
        workflow.study_jobs(view.study, store.store())
        if view.analysis_id is None
        else store.costly_jobs(view.analysis_id)
    )
    waiting = [state for state in states if not state.done and state.reason is None]
    if not waiting:
        return
    codes = sorted({code for state in waiting for code in state.codes})
    verb = "waits" if len(codes) == 1 else "wait"
    title = f"{words.count(len(codes), 'check')} {verb} for longer computations ({words.join(codes)})"
    with st.expander(plain(title)):
        small(
            "They run in the background, one after the other; what is finished stays stored, also when they are "
            "stopped."
        )
        names = {state.kind: state for state in waiting}
        chosen = st.multiselect(
            "Computations",
            list(names),
            default=list(names),
            format_func=lambda kind: _label(names[kind]),
            key="audit_jobs",
        )
        if st.button("Compute them", disabled=watching.busy() or not chosen, key="audit_complete"):
            _begin(view, chosen)


def _label(state: JobState) -> str:
    return f"{state.title} ({words.join(list(state.codes))})"


def _begin(view: View, kinds: list[str]) -> None:
    study, opened = view.study, store.store()
    analysis = None if view.analysis_id is None else view.analysis

    def work(on_progress: Any, cancel: Any) -> None:
        if analysis is None:
            workflow.complete_study_audit(study, opened, kinds=kinds, on_progress=on_progress, cancel=cancel)
            return
        with Jobs(min(4, os.cpu_count() or 1)) as jobs:
            workflow.complete_audit(
                analysis, opened, kinds=kinds, jobs=jobs, on_progress=on_progress, cancel=cancel
            )

    watching.begin(f"The audit of {study.name if analysis is None else analysis.name}", work, "audit")
