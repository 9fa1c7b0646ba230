"""What every command shares: options, errors for people, JSON on standard output, progress bars."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars
from rich.table import Table

from sgcore.errors import SgauditError, StudyError
from sgcore.jobs import OnProgress, Progress

StudyPath = Annotated[Path, typer.Argument(metavar="STUDY.toml", help="The study file.")]
StorePath = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="PATH", help="The store (default: SGAUDIT_STORE, or the user-data folder)."
    ),
]
AuditOnly = Annotated[
    bool,
    typer.Option(
        "--audit-only", help="Accept contradicting patients or images; such a study is not modelled."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
JobsCount = Annotated[int, typer.Option("--jobs", min=0, help="Local processes; 0 works in this one.")]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="A running Dask scheduler.")
]

# Text from a study is data: no console markup or emoji name in it may take effect.
errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)
output = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
_unfolded = Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=sys.maxsize)
#: Parts of a stage that get a line of their own where no bar can be drawn.
_LINES = 10


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
            errors.print(f"error: {error}", style="bold red")
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as error:
        errors.print("Stopped. What was finished is stored; run again to go on.")
        raise typer.Exit(130) from error


@contextmanager
def progress() -> Iterator[OnProgress]:
    """Progress on standard error: stage, count, time left, what is at work; bars in a terminal, lines in a file."""
    if not errors.is_terminal:
        yield _Lines()
        return
    bars = Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
        TextColumn("{task.fields[message]}", markup=False),
        console=errors,
    )
    tasks: dict[str, Any] = {}

    def report(step: Progress) -> None:
        if step.stage not in tasks:
            tasks[step.stage] = bars.add_task(step.stage, total=step.total, left="", message="")
        left = "" if step.seconds_left is None else time_left(step.seconds_left)
        bars.update(tasks[step.stage], completed=step.done, total=step.total, left=left, message=step.message)

    with bars:
        yield report


class _Lines:
    """One line at the beginning of a stage and at each tenth of it."""

    def __init__(self) -> None:
        self.told: dict[str, int] = {}

    def __call__(self, step: Progress) -> None:
        part = _LINES * step.done // max(1, step.total)
        if self.told.get(step.stage) != part:
            self.told[step.stage] = part
            left = "" if step.seconds_left is None else f", {time_left(step.seconds_left)}"
            message = f" ({step.message})" if step.message else ""
            errors.print(f"{step.stage}: {step.done} of {step.total}{left}{message}")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: long cells are folded in a terminal, whole on one line in a file or pipe."""
    table = Table()
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    (output if output.is_terminal else _unfolded).print(table)


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
