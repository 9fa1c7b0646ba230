"""Long work that outlives a page change and a closed tab: one job at a time, with progress and cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from sgcore.errors import CancelledError, SgauditError
from sgcore.jobs import Cancel, Progress

State = Literal["running", "done", "cancelled", "failed"]
JobKind = Literal[
    "check", "import", "what_if", "columns", "predictions", "resample", "explain", "center_signal", "audit"
]
Work = Callable[[Callable[[Progress], None], Cancel], Any]


class BackgroundJob:
    """Work in a thread of its own, watched by whichever page is open.

    Attributes
    ----------
    title : what is being done, in words.
    kind : which page part asked for it, and so who shows what became of it.
    steps : the latest progress of each step, in the order in which they began.
    state : ``running``, then ``done``, ``cancelled`` or ``failed``; ``message`` says why.
    result : what the work returned.
    """

    def __init__(self, title: str, work: Work, kind: JobKind) -> None:
        self.title = title
        self.kind = kind
        self.steps: dict[str, Progress] = {}
        self.state: State = "running"
        self.message = ""
        self.result: Any = None
        self._cancel = Cancel()
        self._work = work
        self._thread = threading.Thread(target=self._run, name="sgaudit-job", daemon=True)

    def start(self) -> BackgroundJob:
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask for a stop; the work ends after the case it is at, and what is finished stays stored."""
        self._cancel.set()
        self.message = "Stopping after the cases in progress …"

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _report(self, progress: Progress) -> None:
        self.steps[progress.stage] = progress

    def _run(self) -> None:
        state: State = "failed"
        message = "The work ended unexpectedly; the terminal that runs the app has the details."
        try:
            self.result = self._work(self._report, self._cancel)
            state, message = "done", ""
        except CancelledError as error:
            state, message = "cancelled", str(error)
        except SgauditError as error:
            message = str(error)
        finally:
            # Whatever happened, no page may wait for ever; an error nobody foresaw goes to the terminal.
            self.message, self.state = message, state


class Desk:
    """Holds the one job that may run: the store has one writer, and two jobs would share the cores."""

    def __init__(self) -> None:
        self.job: BackgroundJob | None = None
        self._lock = threading.Lock()

    @property
    def busy(self) -> bool:
        return self.job is not None and self.job.state == "running"

    def begin(self, title: str, work: Work, kind: JobKind) -> BackgroundJob:
        """Start a job; raises ``SgauditError`` while another is running."""
        with self._lock:
            if self.job is not None and self.job.state == "running":
                raise SgauditError(f"{self.job.title} is still running. Wait for it, or cancel it first.")
            self.job = BackgroundJob(title, work, kind).start()
            return self.job


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The desk of this server, shared by all tabs."""
    return Desk()
