"""The limit of threads holds as long as anybody needs it, in whatever order they leave."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from sgcore.workflow.one_thread import one_thread


def _threads() -> set[int]:
    np.ones((4, 4)) @ np.ones((4, 4))
    return {library["num_threads"] for library in threadpool_info()}


def test_it_ends_with_the_last_one_inside() -> None:
    with threadpool_limits(2):
        before = _threads()
        first, second = one_thread(), one_thread()
        first.__enter__()
        second.__enter__()
        assert _threads() == {1}
        first.__exit__(None, None, None)
        assert _threads() == {1}
        second.__exit__(None, None, None)
        assert _threads() == before
