"""What every command shares: options, errors for people, JSON on standard output, progress bars."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

from sgcore.errors import SgauditError, StudyError
from sgcore.jobs import OnProgress, Progress

StudyPath = Annotated[Path, typer.Argument(metavar="STUDY.toml", help="The study file.")]
StorePath = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="PATH", help="The store (default: SGAUDIT_STORE, or the user-data folder)."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
JobsCount = Annotated[int, typer.Option("--jobs", min=0, help="Local processes; 0 works in this one.")]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="A running Dask scheduler.")
]

errors = Console(stderr=True, highlight=False, soft_wrap=True)
output = Console(highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON object; a number that is not finite is null."""
    sys.stdout.write(json.dumps(_finite(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


@contextmanager
def reported(as_json: bool = False) -> Iterator[None]:
    """End with an error's message and exit code instead of a traceback."""
    try:
        yield
    except SgauditError as error:
        if as_json:
            problems = [p.as_dict() for p in error.problems] if isinstance(error, StudyError) else []
            print_json({"error": str(error), "problems": problems})
        else:
            errors.print(f"error: {error}", style="bold red", markup=False)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as error:
        errors.print("Stopped. What was finished is stored; run again to go on.")
        raise typer.Exit(130) from error


@contextmanager
def progress() -> Iterator[OnProgress]:
    """Progress bars on standard error: stage, count, time left."""
    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
        console=errors,
    )
    tasks: dict[str, Any] = {}

    def report(step: Progress) -> None:
        if step.stage not in tasks:
            tasks[step.stage] = bars.add_task(step.stage, total=step.total, left="")
        left = "" if step.seconds_left is None else time_left(step.seconds_left)
        bars.update(tasks[step.stage], completed=step.done, total=step.total, left=left)

    with bars:
        yield report


def time_left(seconds: float) -> str:
    """A duration as people say it: ``40 s left``, ``3 min left``."""
    if seconds < 90:
        return f"{max(0, round(seconds))} s left"
    return f"{round(seconds / 60)} min left"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
