"""What tests that start processes of their own need to know about them."""

from __future__ import annotations

import psutil


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended; one that ended but was not yet collected has."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
