"""Background work as a page shows it: started, watched with the time left, cancelled, and told once."""

from __future__ import annotations

import streamlit as st

from sgcore.errors import SgauditError
from sgcore.plots import words
from sgcore.ui.background import BackgroundJob, JobKind, Work, desk
from sgcore.ui.text import plain, small

_OWN, _TOLD = "own_job", "told_job"


def begin(title: str, work: Work, kind: JobKind) -> None:
    """Start work for this tab; while other work is running the page says so instead."""
    try:
        st.session_state[_OWN] = desk().begin(title, work, kind)
    except SgauditError as error:
        st.error(plain(error))
        return
    st.rerun()


def busy() -> bool:
    return desk().busy


def latest(kind: JobKind) -> BackgroundJob | None:
    """The server's latest work, if it is of this kind; whichever tab started it."""
    job = desk().job
    return job if job is not None and job.kind == kind else None


def news(kind: JobKind) -> BackgroundJob | None:
    """The latest work of this kind once it has ended, until this tab was told (:func:`told`)."""
    job = latest(kind)
    ended = job is not None and job.state != "running"
    return job if ended and st.session_state.get(_TOLD) is not job else None


def told(job: BackgroundJob) -> None:
    """This tab knows what became of the work."""
    st.session_state[_TOLD] = job


def own(job: BackgroundJob) -> bool:
    """True in the tab that started the work."""
    return st.session_state.get(_OWN) is job


def failure(job: BackgroundJob) -> None:
    """Why work did not come to its end."""
    (st.info if job.state == "cancelled" else st.error)(plain(job.message))


def progress() -> None:
    """What is running, if anything: progress of each step, the time left and a way to stop it."""
    if busy():
        _watch()


@st.fragment(run_every=1.0)
def _watch() -> None:
    job = desk().job
    if job is None or job.state != "running":
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**{plain(job.title)}** is running. It goes on when this page is closed.")
        for stage, step in list(job.steps.items()):
            share = step.done / step.total if step.total else 1.0
            left = "done" if step.done >= step.total else words.duration(step.seconds_left)
            st.progress(min(1.0, share), text=f"{plain(stage)}: {step.done:,} of {step.total:,} · {left}")
        if not job.steps:
            st.progress(0.0, text="Starting …")
        if job.message:
            small(job.message)
        st.button("Cancel", on_click=job.cancel, key="cancel_job")
