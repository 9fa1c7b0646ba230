"""Long work on Dask: local processes by default, a cluster by its address, one interface for both."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from sgcore.errors import CancelledError, SgauditError, UsageError


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
        self.workers = workers
        self.scheduler = scheduler
        self._client: Any = None
        self._cluster: Any = None

    def map(
        self,
        function: Callable[[Any], Any],
        items: Iterable[tuple[str, Callable[[], Any]]],
        *,
        total: int,
        stage: str,
        on_progress: OnProgress | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Outcome]:
        """Yield each item's outcome as it is finished, in any order.

        ``items`` are (key, make the argument) pairs; an argument is made only when a worker has room,
        so that memory holds a few of them. An item that fails, or whose worker dies, is an outcome
        with an error; it neither stops the others nor disappears.
        """
        report = _Reporter(stage, total, on_progress)
        if total == 0:
            return
        outcomes = self._here if self.workers == 0 and self.scheduler is None else self._there
        report(0)
        for done, outcome in enumerate(outcomes(function, items, cancel or Cancel()), start=1):
            yield outcome
            report(done, outcome.key)

    def _here(
        self, function: Callable[[Any], Any], items: Iterable[tuple[str, Callable[[], Any]]], cancel: Cancel
    ) -> Iterator[Outcome]:
        for key, make in items:
            cancel.check()
            try:
                yield Outcome(key, value=function(make()))
            except SgauditError as error:
                yield Outcome(key, error=str(error))

    def _there(
        self, function: Callable[[Any], Any], items: Iterable[tuple[str, Callable[[], Any]]], cancel: Cancel
    ) -> Iterator[Outcome]:
        from distributed import as_completed

        client = self._connect()
        room = 2 * max(1, sum(client.nthreads().values()))
        running = as_completed([], loop=client.loop)
        keys: dict[str, str] = {}

        def finished() -> Outcome:
            future = next(running)
            outcome = _outcome(keys.pop(future.key), future)
            future.release()
            return outcome

        try:
            for key, make in items:
                if running.count() >= room:
                    yield finished()
                cancel.check()
                try:
                    argument = make()
                except SgauditError as error:
                    yield Outcome(key, error=str(error))
                    continue
                future = client.submit(function, argument, pure=False)
                keys[future.key] = key
                running.add(future)
            while running.count():
                yield finished()
                cancel.check()
        finally:
            client.cancel(list(running.futures))

    def _connect(self) -> Any:
        if self._client is None:
            from distributed import Client, SubprocessCluster

            if self.scheduler is not None:
                try:
                    self._client = Client(self.scheduler, timeout="10s", set_as_default=False)
                except (OSError, ValueError) as error:
                    raise UsageError(
                        f"No Dask scheduler answers at {self.scheduler} ({error}). Check the address, or "
                        "leave --scheduler out to work in local processes."
                    ) from error
            else:
                # Processes of their own: a LocalCluster started from a Streamlit page would run app.py
                # again in every worker.
                self._cluster = SubprocessCluster(
                    n_workers=self.workers,
                    worker_kwargs={"nthreads": 1, "dashboard": False, "memory_limit": 0},
                    scheduler_kwargs={"dashboard_address": None, "dashboard": False},
                    silence_logs=50,
                )
                self._client = Client(self._cluster, set_as_default=False)
        return self._client

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()
        self._client = self._cluster = None

    def __enter__(self) -> Jobs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _outcome(key: str, future: Any) -> Outcome:
    if future.status == "finished":
        return Outcome(key, value=future.result())
    error = future.exception()
    if isinstance(error, SgauditError):
        return Outcome(key, error=str(error))
    if type(error).__name__ == "KilledWorker":
        return Outcome(
            key, error="its worker process died, most likely for lack of memory; run again with fewer --jobs"
        )
    return Outcome(key, error=f"{type(error).__name__}: {error}")


class _Reporter:
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
