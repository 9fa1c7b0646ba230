"""Work in this process and in others gives the same outcomes; a failure is an outcome too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from types import SimpleNamespace

import psutil
import pytest

from sgcore import workers
from sgcore.errors import CancelledError, ExtractionError, SgauditError, UsageError
from sgcore.jobs import Cancel, Jobs
from tests.support.processes import is_running


def _divide(number):
    if number == 3:
        raise ExtractionError("three is not divided")
    if number == 4:
        os._exit(9)
    if number == 5:
        raise KeyError("five")
    return 12 / number


def _items(numbers):
    return [(str(number), lambda number=number: number) for number in numbers]


def _unreadable():
    raise ExtractionError("the file is gone")


def _unforeseen():
    raise KeyError("column")


def _meet(argument):
    """Be there until as many tasks as wanted have been there; the number that was there."""
    folder, name, wanted = argument
    (folder / name).touch()
    deadline = time.monotonic() + 60
    while len(list(folder.iterdir())) < wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(list(folder.iterdir()))


def _wait_for(path):
    while not path.exists():
        time.sleep(0.05)


@pytest.fixture(scope="module")
def three():
    """Three local processes, started once."""
    with Jobs(3) as jobs:
        yield jobs


@pytest.fixture(scope="module")
def cluster():
    """A scheduler of its own with one worker."""
    from distributed import SubprocessCluster

    with SubprocessCluster(
        n_workers=1,
        worker_kwargs={"nthreads": 1, "dashboard": False, "memory_limit": 0},
        scheduler_kwargs={"dashboard_address": None, "dashboard": False},
        silence_logs=50,
    ) as started:
        yield started


@pytest.fixture(params=["this process", "three processes", "a scheduler"])
def jobs(request):
    if request.param == "three processes":
        yield request.getfixturevalue("three")
        return
    address = request.getfixturevalue("cluster").scheduler_address if "scheduler" in request.param else None
    with Jobs(0, scheduler=address) as made:
        yield made


def test_outcomes_by_key(jobs):
    steps = []
    items = [*_items([1, 2, 3, 5]), ("gone", _unreadable), ("bug", _unforeseen)]
    outcomes = {
        outcome.key: outcome
        for outcome in jobs.map(_divide, items, total=6, stage="divide", on_progress=steps.append)
    }
    assert {key: o.value for key, o in outcomes.items() if o.error is None} == {"1": 12, "2": 6}
    assert outcomes["3"].error == "three is not divided"
    assert outcomes["5"].error == "KeyError: 'five'"
    assert outcomes["gone"].error == "the file is gone"
    assert outcomes["bug"].error == "KeyError: 'column'"
    assert [step.done for step in steps] == [0, 1, 2, 3, 4, 5, 6]
    assert steps[0].seconds_left is None
    assert steps[-1].seconds_left == 0
    assert {step.stage for step in steps} == {"divide"}


def test_as_many_tasks_run_at_once_as_there_are_processes(three, tmp_path):
    items = [(str(n), partial(tuple, (tmp_path, str(n), 3))) for n in range(3)]
    met = [outcome.value for outcome in three.map(_meet, items, total=3, stage="meet")]
    assert met == [3, 3, 3]


def test_a_killed_worker_is_an_outcome_and_the_others_go_on(three):
    outcomes = {o.key: o for o in three.map(_divide, _items([1, 4, 6]), total=3, stage="x")}
    assert outcomes["1"].value == 12
    assert outcomes["6"].value == 2
    assert "worker process died" in outcomes["4"].error


def test_cancel_stops_between_items(jobs):
    cancel = Cancel()
    seen = []
    with pytest.raises(CancelledError, match="run again to go on"):  # noqa: PT012
        for outcome in jobs.map(_divide, _items([1] * 50), total=50, stage="x", cancel=cancel):
            seen.append(outcome.value)
            cancel.set()
    assert 1 <= len(seen) < 50


def test_cancel_does_not_wait_for_a_task_that_has_begun(three, tmp_path):
    cancel = Cancel()
    path = tmp_path / "end"
    timer = threading.Timer(1, cancel.set)
    timer.start()
    try:
        with pytest.raises(CancelledError):
            list(three.map(_wait_for, [("long", lambda: path)], total=1, stage="x", cancel=cancel))
        assert not path.exists()
    finally:
        path.touch()
        timer.join()


def test_room_follows_the_workers_of_a_scheduler(cluster):
    with Jobs(scheduler=cluster.scheduler_address) as jobs:
        assert next(jobs.map(_divide, _items([1]), total=1, stage="x")).value == 12
        assert jobs._workers.room() == 2
        cluster.scale(2)
        deadline = time.monotonic() + 60
        while jobs._workers.room() == 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert jobs._workers.room() == 4


def test_a_scheduler_without_workers_is_not_waited_for(cluster, monkeypatch):
    monkeypatch.setattr(workers, "JOIN_SECONDS", 1)
    address = cluster.scheduler_address

    def leave():
        cluster.scale(0)
        return 1

    with Jobs(scheduler=address) as jobs, pytest.raises(UsageError, match="dask worker tcp://"):
        list(jobs.map(_divide, [("last", leave), *_items([1] * 9)], total=10, stage="x"))
    with Jobs(scheduler=address) as jobs, pytest.raises(UsageError, match="had no worker for 1 s"):
        list(jobs.map(_divide, _items([1]), total=1, stage="x"))


def test_a_lost_scheduler_is_told_in_words():
    def lose():
        os.kill(jobs._workers._cluster.scheduler.process.pid, signal.SIGKILL)
        return 1

    with Jobs(1) as jobs, pytest.raises(SgauditError, match="What was finished is stored; run again"):
        list(jobs.map(_divide, [*_items([1]), ("lost", lose), *_items([2] * 9)], total=11, stage="x"))


def test_a_process_that_ended_a_moment_ago_is_no_error_of_closing(monkeypatch):
    """Between the end of a process and the note of it distributed finds no process of its number, and says so."""
    jobs = Jobs(1)
    assert [outcome.value for outcome in jobs.map(_divide, _items([1]), total=1, stage="x")] == [12]
    cluster = jobs._workers._cluster
    pids = [process.process.pid for process in (cluster.scheduler, *cluster.workers.values())]
    gone = iter([True, True, False, True])

    def look(pid):
        if next(gone, False):
            raise psutil.NoSuchProcess(pid)
        return psutil.Process(pid)

    monkeypatch.setattr("distributed.deploy.subprocess.psutil", SimpleNamespace(Process=look))
    jobs.close()
    assert next(gone, None) is None
    assert not any(map(is_running, pids))


def test_a_scheduler_that_does_not_answer_is_named_soon():
    started = time.monotonic()
    with Jobs(scheduler="tcp://127.0.0.1:9") as jobs, pytest.raises(UsageError, match="No Dask scheduler"):
        list(jobs.map(_divide, _items([1]), total=1, stage="x"))
    assert time.monotonic() - started < 20


_ORPHANS = """
import os, sys, time
from sgcore.jobs import Jobs

if __name__ == "__main__":
    with Jobs(1) as jobs:
        for outcome in jobs.map(time.sleep, [("begin", lambda: 0), ("long", lambda: 3)], total=2, stage="x"):
            cluster = jobs._workers._cluster
            processes = [cluster.scheduler, *cluster.workers.values()]
            print(*(process.process.pid for process in processes), flush=True)
"""


def test_processes_end_with_the_one_that_started_them():
    with subprocess.Popen([sys.executable, "-c", _ORPHANS], stdout=subprocess.PIPE, text=True) as parent:
        pids = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()
    assert len(pids) == 2
    try:
        deadline = time.monotonic() + 60
        while any(map(is_running, pids)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert [pid for pid in pids if is_running(pid)] == []
    finally:
        for pid in filter(is_running, pids):
            os.kill(pid, signal.SIGKILL)


def test_no_work_starts_no_workers():
    jobs = Jobs(2)
    assert list(jobs.map(_divide, [], total=0, stage="x")) == []
    assert jobs._workers is None


@pytest.mark.parametrize("address", ["127.0.0.1", "a:b:c", "http://127.0.0.1:8786", ""])
def test_what_is_no_address_is_named_at_once(address):
    with pytest.raises(UsageError, match="is not an address"):
        Jobs(scheduler=address)


def test_bad_settings_are_named():
    with pytest.raises(UsageError, match="--jobs is -1"):
        Jobs(-1)
