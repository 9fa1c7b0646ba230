"""Dask workers: processes of this machine that end with the one that started them, or a scheduler's own."""

from __future__ import annotations

import asyncio
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError as LostFuture
from contextlib import contextmanager, suppress
from typing import Any

import psutil

from sgcore.errors import SgauditError, UsageError

#: How long a scheduler may take to answer, and how long no worker at all may be there, in seconds.
ANSWER_SECONDS = 5
JOIN_SECONDS = 60
#: How long one look at the running tasks waits for the first of them, in seconds.
LOOK_SECONDS = 0.5


class Workers:
    """Workers that have been asked for; :meth:`join` waits for them.

    Parameters
    ----------
    count : processes to start here, one thread each.
    scheduler : address of a running Dask scheduler, whose workers are used instead.

    Raises ``UsageError`` when no scheduler answers at the address, ``SgauditError`` when the processes
    cannot be started.
    """

    def __init__(self, count: int, scheduler: str | None = None) -> None:
        self.count = count
        self.scheduler = scheduler
        self._cluster: Any = None
        self._client: Any = self._start() if scheduler is None else _connect(scheduler)
        self._seen = time.monotonic()

    def join(self, check: Callable[[], None]) -> None:
        """Wait for every local process, or for the first worker of a scheduler; ``check`` may raise to stop."""
        wanted = self.count if self.scheduler is None else 1
        deadline = time.monotonic() + JOIN_SECONDS
        while (joined := self._present()) < wanted:
            check()
            if time.monotonic() > deadline and joined:
                return  # Fewer than asked for work as well; a late one is given tasks when it comes.
            time.sleep(0.1)

    def room(self) -> int:
        """Tasks that may be under way now, two a thread; it changes as workers come and go."""
        return 2 * max(1, self._present())

    def submit(self, function: Callable[[Any], Any], argument: Any) -> Any:
        with self._answering():
            return self._client.submit(function, argument, pure=False)

    def finished(self, running: dict[Any, str]) -> Iterator[tuple[str, Any, BaseException | None]]:
        """Take what has finished out of ``running`` (task: key) as key, value, error; waits half a second."""
        from distributed import wait

        with self._answering():
            try:
                with self._client.as_current():
                    done = wait(list(running), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                done = set()
        if not done:
            self._present()
        for future in done:
            with self._answering():
                try:
                    error = future.exception(timeout=ANSWER_SECONDS)
                    value = future.result(timeout=ANSWER_SECONDS) if error is None else None
                except TimeoutError:
                    continue  # Its worker died before handing over; the task is computed again.
            yield running.pop(future), value, error
            future.release()

    def drop(self, running: dict[Any, str]) -> None:
        """Forget tasks: those that wait are not begun, and the value of one that has begun is not kept."""
        if running and self._client.status == "running":
            self._client.cancel(list(running))
        running.clear()

    def close(self) -> None:
        self._client.close()
        if self._cluster is not None:
            # They hold nothing any more: killed, not asked by way of a scheduler that may be lost.
            self._cluster.shutdown_scheduler = False
            for process in (self._cluster.scheduler, *self._cluster.workers.values()):
                self._cluster.sync(_end, process)
            self._cluster.close()

    def _present(self) -> int:
        """Threads of the workers that are there; raises when none has been for too long."""
        with self._answering():
            threads = sum(self._client.nthreads().values())
        now = time.monotonic()
        if threads:
            self._seen = now
        elif now - self._seen > JOIN_SECONDS:
            if self.scheduler is None:
                raise SgauditError(
                    f"No local worker process was there for {JOIN_SECONDS} s. Run again to go on; --jobs 0 "
                    "works without such processes."
                )
            raise UsageError(
                f"The Dask scheduler at {self.scheduler} had no worker for {JOIN_SECONDS} s. Start some with "
                f"`dask worker {self.scheduler}` in this environment and run again, or leave --scheduler out "
                "to work in local processes."
            )
        return threads

    def _start(self) -> Any:
        from distributed import Client, SubprocessCluster

        # Should this process be killed, the scheduler ends by this watch, and its workers with it.
        watch = f"from sgcore.workers import end_with_parent\nend_with_parent({os.getpid()})\n"
        try:
            # Processes of their own: a LocalCluster started from a Streamlit page would run app.py
            # again in every worker.
            self._cluster = SubprocessCluster(
                n_workers=self.count,
                worker_kwargs={
                    "nthreads": 1,
                    "dashboard": False,
                    "memory_limit": 0,
                    "death_timeout": JOIN_SECONDS,
                },
                scheduler_kwargs={"dashboard_address": None, "dashboard": False, "preload": watch},
                silence_logs=50,
            )
            return Client(self._cluster, set_as_default=False)
        except (OSError, RuntimeError) as error:
            raise SgauditError(
                f"The {self.count} worker processes cannot be started ({error}). Run again with fewer --jobs; "
                "--jobs 0 works without such processes."
            ) from error

    @contextmanager
    def _answering(self) -> Iterator[None]:
        from distributed.client import ClosedClientError

        try:
            yield
        except (OSError, LostFuture, ClosedClientError) as error:
            whose = "the local worker processes" if self.scheduler is None else self.scheduler
            raise SgauditError(
                f"The connection to the Dask scheduler of {whose} was lost ({type(error).__name__}). What was "
                "finished is stored; run again to go on."
            ) from error


async def _end(process: Any) -> None:
    """End a process of the cluster; one that ended by itself is looked for until its end is noted."""
    while True:
        with suppress(psutil.NoSuchProcess):
            return await process.close()
        await asyncio.sleep(0.05)


def end_with_parent(parent: int) -> None:
    """End this process, at once and with no farewell, when the process ``parent`` is no longer its parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def check_address(scheduler: str) -> None:
    """Raise ``UsageError`` unless it reads as an address; a client given another one waits without end."""
    if not re.fullmatch(r"((tcp|tls)://)?(\[[0-9A-Fa-f:.]+\]|[^:/\s]+):\d{1,5}", scheduler):
        raise UsageError(
            f"--scheduler {scheduler!r} is not an address; give protocol, host and port as in tcp://10.0.0.5:8786."
        )


def _connect(scheduler: str) -> Any:
    from distributed import Client

    try:
        return Client(scheduler, timeout=ANSWER_SECONDS, set_as_default=False)
    except OSError as error:
        raise UsageError(
            f"No Dask scheduler answers at {scheduler} ({error}). Check the address, or "
            "leave --scheduler out to work in local processes."
        ) from error
