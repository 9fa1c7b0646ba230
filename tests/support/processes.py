"""What tests that start processes of their own need to know about them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended; one that ended but was not yet collected has."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_when(command: Sequence[str | Path], wanted: Callable[[str], bool]) -> str:
    """Start a command and kill it with all its processes at the first line on standard error that is ``wanted``."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if wanted(line):
                    return line
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    raise AssertionError("the command ended before it was killed")
