"""Long work on Dask: local processes by default, a cluster by its address, one interface for both."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, TypeAlias

from sgcore.errors import CancelledError, SgauditError, UsageError
from sgcore.workers import Workers, check_address

#: A key, and how to make the argument.
Item: TypeAlias = tuple[str, Callable[[], Any]]


@dataclass(frozen=True)
class Progress:
    """How far a stage of the work is; ``seconds_left`` is None until it can be estimated."""

    stage: str
    done: int
    total: int
    seconds_left: float | None = None
    message: str = ""


OnProgress = Callable[[Progress], None]


@dataclass
class Cancel:
    """A flag that running work looks at. ``Future.cancel`` would not stop a task that has begun."""

    _event: threading.Event = field(default_factory=threading.Event)

    def set(self) -> None:
        self._event.set()

    def check(self) -> None:
        """Raise :class:`CancelledError` when somebody asked for a stop."""
        if self._event.is_set():
            raise CancelledError("Stopped on request. What was finished is stored; run again to go on.")


@dataclass(frozen=True)
class Outcome:
    """What became of one item: its ``value``, or the ``error`` in words."""

    key: str
    value: Any = None
    error: str | None = None


class Jobs:
    """Workers for independent tasks; they start with the first task and end with the context.

    Parameters
    ----------
    workers : local processes, one thread each; ``0`` computes in this process.
    scheduler : address of a running Dask scheduler, used instead of local processes.
    """

    def __init__(self, workers: int = 2, scheduler: str | None = None) -> None:
        if workers < 0:
            raise UsageError(f"--jobs is {workers}; give 0 (this process) or a number of processes.")
        if scheduler is not None:
            check_address(scheduler)
        self.workers = workers
        self.scheduler = scheduler
        self._workers: Workers | None = None

    def map(
        self,
        function: Callable[[Any], Any],
        items: Iterable[Item],
        *,
        total: int,
        stage: str,
        on_progress: OnProgress | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Outcome]:
        """Yield each item's outcome as it is finished, in any order.

        ``items`` are (key, make the argument) pairs; an argument is made only when a worker has room,
        so that memory holds a few of them. An item that fails in whatever way, or whose worker dies, is
        an outcome with an error; it neither stops the others nor disappears.

        Raises ``CancelledError`` within a second of ``cancel``, ``UsageError`` when no scheduler answers or
        none of its workers is there, ``SgauditError`` when the connection to the workers is lost.
        """
        report = Reporter(stage, total, on_progress)
        if total == 0:
            return
        outcomes = self._here if self.workers == 0 and self.scheduler is None else self._there
        report(0)
        for done, outcome in enumerate(outcomes(function, items, cancel or Cancel()), start=1):
            yield outcome
            report(done, outcome.key)

    def _here(
        self, function: Callable[[Any], Any], items: Iterable[Item], cancel: Cancel
    ) -> Iterator[Outcome]:
        for key, make in items:
            cancel.check()
            made = _attempt(key, make)
            yield made if made.error is not None else _attempt(key, partial(function, made.value))

    def _there(
        self, function: Callable[[Any], Any], items: Iterable[Item], cancel: Cancel
    ) -> Iterator[Outcome]:
        workers = self._connect(cancel)
        running: dict[Any, str] = {}
        waiting = iter(items)
        item = next(waiting, None)
        try:
            while item is not None or running:
                cancel.check()
                if item is None or len(running) >= workers.room():
                    for key, value, error in workers.finished(running):
                        yield Outcome(key, value, None if error is None else _words(error))
                    continue
                made = _attempt(*item)
                if made.error is None:
                    running[workers.submit(function, made.value)] = made.key
                else:
                    yield made
                item = next(waiting, None)
        finally:
            workers.drop(running)

    def _connect(self, cancel: Cancel) -> Workers:
        if self._workers is None:
            self._workers = Workers(self.workers, self.scheduler)
            self._workers.join(cancel.check)
        return self._workers

    def close(self) -> None:
        if self._workers is not None:
            self._workers.close()
        self._workers = None

    def __enter__(self) -> Jobs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _attempt(key: str, call: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(key, value=call())
    except Exception as error:  # noqa: BLE001 - as on a worker, whatever an item raises is its outcome
        return Outcome(key, error=_words(error))


def _words(error: BaseException) -> str:
    if isinstance(error, SgauditError):
        return str(error)
    if type(error).__name__ == "KilledWorker":
        return "its worker process died, most likely for lack of memory; run again with fewer --jobs"
    return f"{type(error).__name__}: {error}"


class Reporter:
    """Turns counts into progress with the time left, from the pace so far."""

    def __init__(self, stage: str, total: int, on_progress: OnProgress | None) -> None:
        self.stage = stage
        self.total = total
        self.on_progress = on_progress
        self.started = time.monotonic()

    def __call__(self, done: int, message: str = "") -> None:
        if self.on_progress is None:
            return
        elapsed = time.monotonic() - self.started
        left = elapsed / done * (self.total - done) if done else None
        self.on_progress(Progress(self.stage, done, self.total, left, message))
