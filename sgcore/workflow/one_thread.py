"""Numerical libraries on one thread: sums in another order end in other digits, and may end in another choice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from threadpoolctl import threadpool_limits


class _Limit:
    """A limit is one of the whole process: it holds while anybody is inside, and goes with the last one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._limits: threadpool_limits | None = None

    def enter(self) -> None:
        with self._lock:
            self._inside += 1
            if self._limits is None:
                self._limits = threadpool_limits(1)

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and self._limits is not None:
                self._limits.restore_original_limits()
                self._limits = None


_limit = _Limit()


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for all of the process as long as somebody needs it, in whatever order they leave."""
    _limit.enter()
    try:
        yield
    finally:
        _limit.leave()
