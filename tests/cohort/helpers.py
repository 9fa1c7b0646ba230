"""Change a study on disk, and find the problem that the change must cause."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from sgcore.cohort import validate_study
from sgcore.domain import Problem


def edit(folder: Path, table: str, change: Callable[[pd.DataFrame], pd.DataFrame | None]) -> None:
    """Rewrite a table; rows of the frame are numbered as in an editor (the first is 2)."""
    path = folder / table
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.index += 2
    changed = change(frame)
    (frame if changed is None else changed).to_csv(path, index=False)


def put(folder: Path, table: str, row: int, column: str, value: str) -> None:
    """Set one cell, by the row number in an editor."""

    def change(frame: pd.DataFrame) -> None:
        frame.loc[row, column] = value

    edit(folder, table, change)


def add_table(toml: Path, name: str, content: str, more: str = "") -> None:
    """Write a table and name it in the study file."""
    (toml.parent / f"{name}.csv").write_text(content, encoding="utf-8")
    toml.write_text(toml.read_text() + f'{name} = "{name}.csv"\n{more}')


def problems(toml: Path, rule: str = "") -> list[Problem]:
    """Problems of the study whose rule contains the words."""
    return [problem for problem in validate_study(toml).problems if rule in problem.rule]


def only(toml: Path, rule: str) -> Problem:
    """The one problem with this rule, which must be the study's only error if it is one."""
    report = validate_study(toml)
    found = [problem for problem in report.problems if rule in problem.rule]
    assert len(found) == 1, [str(problem) for problem in report.problems]
    if found[0].severity == "error":
        assert report.counts["errors"] == 1, [str(problem) for problem in report.problems]
        assert report.study is None
    else:
        assert report.counts["errors"] == 0, [str(problem) for problem in report.problems]
        assert report.study is not None
    return found[0]
