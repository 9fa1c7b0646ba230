"""Numerical libraries on one thread: sums in another order end in other digits, and may end in another choice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from threadpoolctl import threadpool_limits

_lock = Lock()
_inside = 0
_limits: threadpool_limits | None = None


@contextmanager
def one_thread() -> Iterator[None]:
    """The limit is one of the whole process: it holds while anybody is inside, and goes with the last one."""
    global _inside, _limits  # noqa: PLW0603  (the libraries' number of threads is as global)
    with _lock:
        _inside += 1
        if _limits is None:
            _limits = threadpool_limits(1)
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside and _limits is not None:
                _limits.restore_original_limits()
                _limits = None
