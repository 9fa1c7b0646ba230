"""The dashboard's store, opened while its server starts: with the demo study, where it has no study.

What it takes to open a store is loaded in the thread that opens it, beside the server.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from sgcore.errors import SgauditError

if TYPE_CHECKING:
    from sgcore.store import Store

Say = Callable[[str], None]

_begun: list[Future[Store]] = []


def begin_to_open(told: Say, failed: Say) -> None:
    """Open the default store in a thread of its own, for whoever calls :func:`opened_store`.

    ``told`` and ``failed`` are those of :func:`open_with_demo`.
    """
    # Shut down without waiting; leaving the program waits for the thread, since it may be writing.
    pool = ThreadPoolExecutor(1, thread_name_prefix="sgaudit-opening")
    _begun.append(pool.submit(open_with_demo, told, failed))
    pool.shutdown(wait=False)


def is_opening() -> bool:
    """True while the thread of :func:`begin_to_open` is at work."""
    return bool(_begun) and not _begun[-1].done()


def opened_store() -> Store:
    """The store that :func:`begin_to_open` opens, once; later, and without it, the default store.

    Raises :class:`StoreError` where it cannot be opened.
    """
    from sgcore.store import open_store

    return _begun.pop().result() if _begun else open_store()


def open_with_demo(told: Say, failed: Say) -> Store:
    """The default store; one without a study gets the demo study: ``told`` its name, or ``failed`` to say why not.

    Raises :class:`StoreError` where it cannot be opened.
    """
    from sgcore.store import open_store
    from sgcore.workflow.demo import load_demo

    store = open_store()
    try:
        if store.studies.list().empty:
            told(f"{load_demo(store).name} is the first study of the store.")
    except SgauditError as error:
        failed(f"The demo study was not loaded: {error}")
    return store
