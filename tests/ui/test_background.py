"""Background work reports, stops on request, fails in words, and runs one at a time."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from sgcore.errors import SgauditError
from sgcore.jobs import Progress
from sgcore.ui.background import Desk


def test_done_and_progress() -> None:
    def work(report: Any, cancel: Any) -> str:
        report(Progress("radiomics", 3, 10, 12.0, "case 3"))
        return "result"

    job = Desk().begin("Import", work, "import")
    job.wait(10)
    assert (job.state, job.result) == ("done", "result")
    assert job.steps["radiomics"].done == 3


def test_cancel_and_one_at_a_time() -> None:
    begun, desk = threading.Event(), Desk()

    def work(report: Any, cancel: Any) -> None:
        begun.set()
        while True:
            cancel.check()

    job = desk.begin("Import", work, "import")
    assert begun.wait(10)
    with pytest.raises(SgauditError, match="still running"):
        desk.begin("Another", work, "import")
    job.cancel()
    job.wait(10)
    assert job.state == "cancelled"
    assert "run again" in job.message
    assert not desk.busy


def test_failure_in_words() -> None:
    def work(report: Any, cancel: Any) -> None:
        raise SgauditError("The mask is empty. Draw it again.")

    job = Desk().begin("Import", work, "import")
    job.wait(10)
    assert (job.state, job.message) == ("failed", "The mask is empty. Draw it again.")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # goes to the terminal
def test_unforeseen_error_never_hangs_the_page() -> None:
    def work(report: Any, cancel: Any) -> None:
        raise ZeroDivisionError

    job = Desk().begin("Import", work, "import")
    job.wait(10)
    assert job.state == "failed"
    assert "unexpectedly" in job.message
