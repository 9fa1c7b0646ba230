"""Costly jobs one after the other: one that fails ends no other, and its reason is told."""

from __future__ import annotations

from typing import Any

import pytest

from sgcore import workflow
from sgcore.errors import CancelledError, ImageError, IncompleteError, SgauditError
from sgcore.workflow import completion
from sgcore.workflow.costly import StudyJob


class _Job(StudyJob):
    """A job that ends with an error, or is done."""

    codes = ("SGA002",)

    def __init__(self, kind: str, error: Exception | None = None) -> None:
        self.kind = kind
        self.title = f"Doing {kind}"
        self.frame = kind
        self.error = error
        self.over = False

    def why_not_of(self, study: Any) -> str | None:
        return None

    def done(self, analysis: Any) -> bool:
        return self.over

    def done_for(self, study: Any, store: Any) -> bool:
        return self.over

    def run(self, given: Any) -> None:
        self.run_on(given)

    def run_on(self, given: Any) -> None:
        if self.error is not None:
            raise self.error
        self.over = True


class _Analysis:
    study = None


def _complete(of: str, monkeypatch: pytest.MonkeyPatch, *jobs: _Job) -> list[workflow.JobState]:
    """The jobs of an analysis, or of a study without one."""
    monkeypatch.setattr(completion, "JOBS", {job.kind: job for job in jobs})
    given: Any = _Analysis()
    if of == "analysis":
        return workflow.complete_audit(given, given)
    return workflow.complete_study_audit(given, given)


@pytest.mark.parametrize("of", ["analysis", "study"])
def test_the_others_are_done_and_each_failure_is_told(of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = _Job("first", ImageError("a.png vanished.")), _Job("last", SgauditError("No center."))
    middle = _Job("middle")
    with pytest.raises(IncompleteError) as told:
        _complete(of, monkeypatch, first, middle, last)
    assert middle.over
    assert str(told.value).splitlines() == [
        "Computations of the audit that failed: 2 of 3. What others found is stored.",
        "Doing first: a.png vanished.",
        "Doing last: No center.",
    ]
    first.error = last.error = None
    assert all(state.done for state in _complete(of, monkeypatch, first, middle, last))


@pytest.mark.parametrize("of", ["analysis", "study"])
def test_a_stop_ends_all_and_forgets_no_failure(of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    last = _Job("last")
    broken, stopped = _Job("broken", SgauditError("No center.")), _Job("stopped", CancelledError("Stopped."))
    with pytest.raises(CancelledError, match=r"Stopped\.\nDoing broken: No center\."):
        _complete(of, monkeypatch, broken, stopped, last)
    assert not last.over


def test_an_error_that_nobody_foresaw_is_none_of_these(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        _complete("study", monkeypatch, _Job("broken", ZeroDivisionError()))
