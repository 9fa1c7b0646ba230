"""Work in this process and in others gives the same outcomes; a failure is an outcome too."""

from __future__ import annotations

import os

import pytest

from sgcore.errors import CancelledError, ExtractionError, UsageError
from sgcore.jobs import Cancel, Jobs


def _divide(number):
    if number == 3:
        raise ExtractionError("three is not divided")
    if number == 4:
        os._exit(9)
    return 12 / number


def _items(numbers):
    return [(str(number), lambda number=number: number) for number in numbers]


def _unreadable():
    raise ExtractionError("the file is gone")


@pytest.mark.parametrize("workers", [0, 1])
def test_outcomes_by_key(workers):
    steps = []
    items = [*_items([1, 2, 3]), ("gone", _unreadable)]
    with Jobs(workers) as jobs:
        outcomes = {
            outcome.key: outcome
            for outcome in jobs.map(_divide, items, total=4, stage="divide", on_progress=steps.append)
        }
    assert {key: o.value for key, o in outcomes.items() if o.error is None} == {"1": 12, "2": 6}
    assert outcomes["3"].error == "three is not divided"
    assert outcomes["gone"].error == "the file is gone"
    assert [step.done for step in steps] == [0, 1, 2, 3, 4]
    assert steps[0].seconds_left is None
    assert steps[-1].seconds_left == 0
    assert {step.stage for step in steps} == {"divide"}


@pytest.mark.timeout(120)
def test_a_killed_worker_is_an_outcome_and_the_others_go_on():
    with Jobs(1) as jobs:
        outcomes = {o.key: o for o in jobs.map(_divide, _items([1, 4, 6]), total=3, stage="x")}
    assert outcomes["1"].value == 12
    assert outcomes["6"].value == 2
    assert "worker process died" in outcomes["4"].error


@pytest.mark.parametrize("workers", [0, 1])
def test_cancel_stops_between_items(workers):
    cancel = Cancel()
    seen = []
    with Jobs(workers) as jobs, pytest.raises(CancelledError, match="run again to go on"):  # noqa: PT012
        for outcome in jobs.map(_divide, _items([1] * 50), total=50, stage="x", cancel=cancel):
            seen.append(outcome.value)
            cancel.set()
    assert 1 <= len(seen) < 50


def test_no_work_starts_no_workers():
    jobs = Jobs(2)
    assert list(jobs.map(_divide, [], total=0, stage="x")) == []
    assert jobs._client is None


def test_bad_settings_are_named():
    with pytest.raises(UsageError, match="--jobs is -1"):
        Jobs(-1)
