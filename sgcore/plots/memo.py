"""Figures that were drawn are kept: plotly takes longer to build one than a page has for everything."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import ParamSpec

import plotly.graph_objects as go
from cachetools import LRUCache, cached

#: How many figures a process keeps: those of some pages in both themes.
KEPT = 256

P = ParamSpec("P")
_figures: LRUCache[str, go.Figure] = LRUCache(KEPT)
_lock = Lock()


def drawn_once(draw: Callable[P, go.Figure]) -> Callable[P, go.Figure]:
    """The same arguments give the same figure object, which nobody may change.

    Arguments are told apart by their content, frames and arrays whole.
    """
    return cached(_figures, key=partial(_key, f"{draw.__module__}.{draw.__qualname__}"), lock=_lock)(draw)


def _key(drawing: str, /, *args: object, **settings: object) -> str:
    content = pickle.dumps((drawing, args, sorted(settings.items())), protocol=pickle.HIGHEST_PROTOCOL)
    return hashlib.blake2b(content, digest_size=16).hexdigest()
