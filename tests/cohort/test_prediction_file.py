"""A wide table of predictions: what is read, and every way in which it can be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort import PredictionFile, PredictionsError, Roles, read_prediction_file
from sgcore.errors import StudyError, UsageError

#: Four patients of two images each; rows 2 to 9 of the file.
TEXT = """case,patient,center,label,a,b
1,P1,North,0,0.1,0.2
2,P1,North,0,0.3,0.4
3,P2,North,1,0.8,0.3
4,P2,North,1,0.6,0.9
5,P3,South,0,0.2,0.5
6,P3,South,0,0.4,0.1
7,P4,South,1,0.7,0.6
8,P4,South,1,0.9,0.7
"""
USUAL = Roles("label", ("a", "b"), group="patient", center="center")


def _read(folder: Path, content: str | bytes, **changes: Any) -> PredictionFile:
    path = folder / "predictions.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_prediction_file(path, replace(USUAL, **changes))


def _named(text: str) -> str:
    """The same table with good and poor in place of 0 and 1."""
    return text.replace("h,0,", "h,good,").replace("h,1,", "h,poor,")


def test_what_is_read(tmp_path: Path) -> None:
    table = _read(tmp_path, TEXT, kind="probability")
    assert table.y.tolist() == [0, 0, 1, 1, 0, 0, 1, 1]
    assert table.y.index.tolist() == list(range(2, 10))
    assert list(table.scores.columns) == ["a", "b"]
    assert table.scores.dtypes.tolist() == [np.float64, np.float64]
    assert table.groups.tolist()[::2] == ["P1", "P2", "P3", "P4"]
    assert table.centers.unique().tolist() == ["North", "South"]
    assert (table.positive, table.negative, table.warnings) == ("1", "0", ())


def test_columns_that_are_not_named_are_left_alone(tmp_path: Path) -> None:
    table = _read(tmp_path, TEXT, scores=("b",), group=None, center=None)
    assert table.groups is None
    assert table.centers is None
    assert list(table.scores.columns) == ["b"]


@pytest.mark.parametrize(
    ("change", "options"),
    [
        (lambda text: text.replace("h,0,", "h,0.0,").replace("h,1,", "h,1.0,"), {}),
        (_named, {"positive": "poor"}),
        (lambda text: text, {"positive": "1"}),
        (lambda text: "\ufeff" + text.replace("\n", "\r\n"), {}),
    ],
)
def test_the_same_labels_in_other_words(
    tmp_path: Path, change: Callable[[str], str], options: dict[str, str]
) -> None:
    assert _read(tmp_path, change(TEXT), **options).y.tolist() == [0, 0, 1, 1, 0, 0, 1, 1]


def test_the_positive_value_may_be_the_zero(tmp_path: Path) -> None:
    table = _read(tmp_path, TEXT, positive="0")
    assert table.y.tolist() == [1, 1, 0, 0, 1, 1, 0, 0]
    assert (table.positive, table.negative) == ("0", "1")


def test_semicolons_with_decimal_comma_are_read_and_said(tmp_path: Path) -> None:
    table = _read(tmp_path, TEXT.replace(",", ";").replace("0.", "0,"))
    assert table.scores["a"].tolist() == [0.1, 0.3, 0.8, 0.6, 0.2, 0.4, 0.7, 0.9]
    (warning,) = table.warnings
    assert "semicolons" in warning.rule


@pytest.mark.parametrize(
    ("change", "options", "rule", "row", "column", "value", "fix"),
    [
        (lambda t: "", {}, "the table is empty", None, None, None, "header"),
        (lambda t: t.split("\n")[0], {}, "a header and no rows", 1, None, None, "rows"),
        (lambda t: t.split("\n")[0] + "\n,,,,,\n", {}, "a header and no rows", 1, None, None, "rows"),
        (
            lambda t: t.split("\n", 1)[1],
            {},
            "not a header",
            1,
            None,
            "1, P1, North and 3 more",
            "label, a, b",
        ),
        (lambda t: t.encode("utf-16"), {}, "UTF-16", None, None, None, "UTF-8"),
        (lambda t: t.replace("4,P2", "4,É2").encode("latin-1"), {}, "Latin-1", 5, None, None, "UTF-8"),
        (lambda t: t.replace("3,P2", "3,P\x002"), {}, "NUL byte", 4, None, None, "export"),
        (lambda t: t.replace("3,P2", '3,"P2'), {}, "quote is not closed", 4, None, None, "Close"),
        (lambda t: t.replace("3,P2,", "3,"), {}, "has 5 cells and the header 6", 4, None, None, "cells"),
        (lambda t: t.replace("0.8,", "0,8,"), {}, "has 7 cells and the header 6", 4, None, None, "cells"),
        (lambda t: t.replace(",b\n", ",a\n"), {"scores": ("a",)}, "stands twice", 1, "a", "a", "Rename"),
        (lambda t: t.replace(",b\n", ",A\n"), {"scores": ("a",)}, "only by case", 1, "A", "A", "Rename"),
        (lambda t: t, {"scores": ("a", "B")}, "required column is missing", 1, "B", None, "'b'"),
        (lambda t: t, {"label": "lable"}, "required column is missing", 1, "lable", None, "'label'"),
        (lambda t: t, {"group": "patients"}, "column is missing", 1, "patients", None, "'patient'"),
        (lambda t: t.replace("0.8", "87%"), {}, "a percentage where", 4, "a", "87%", "0.87"),
        (lambda t: t.replace("0.8", "high"), {}, "text where a number", 4, "a", "high", "number"),
        (lambda t: t.replace("0.8", "inf"), {}, "infinite", 4, "a", "inf", "empty"),
        (lambda t: t.replace("0.8", "-1e999"), {}, "infinite", 4, "a", "-1e999", "empty"),
        (lambda t: t.replace("0.8", "1.2"), {"kind": "probability"}, "from 0 to 1", 4, "a", "1.2", "Correct"),
        (lambda t: t.replace("0.8", "-.1"), {"kind": "probability"}, "from 0 to 1", 4, "a", "-.1", "Correct"),
        (lambda t: t.replace("h,1,0.8", "h,2,0.8"), {}, "neither of the two", 4, "label", "2", "'0' and '1'"),
        (lambda t: t.replace("h,1,0.8", "h,,0.8"), {}, "the label is empty", 4, "label", "", "Fill"),
        (lambda t: t.replace("h,1,0.8", "h,NA,0.8"), {}, "the label is empty", 4, "label", "NA", "Fill"),
        (_named, {}, "nothing says which value is positive", 1, "label", "good, poor", "--positive"),
        (_named, {"positive": "Poor"}, "no case has the positive label", 1, "label", "Poor", "'poor'"),
        (
            lambda t: _named(t).replace("poor,0.8", "poro,0.8"),
            {"positive": "poor"},
            "neither of the two",
            4,
            "label",
            "poro",
            "'poor'",
        ),
        (
            lambda t: t.replace("h,1,", "h,0,"),
            {},
            "all 8 cases are negative",
            1,
            "label",
            "0",
            "both classes",
        ),
        (
            lambda t: t.replace("h,0,", "h,1,"),
            {},
            "all 8 cases are positive",
            1,
            "label",
            "1",
            "both classes",
        ),
        (lambda t: "".join(t.splitlines(True)[:2]), {}, "all 1 cases are negative", 1, "label", "0", "both"),
        (lambda t: t.replace("P4,South", "P4,North", 1), {}, "two centers", 9, "center", "South", "Correct"),
        (lambda t: t.replace("P2,North", "P2,", 1), {}, "the center is empty", 4, "center", "", "Fill"),
        (lambda t: t.replace("P2", "", 1), {}, "the identifier is empty", 4, "patient", "", "Fill"),
        (lambda t: t.replace("P2", "p2", 1), {}, "only by case", 5, "patient", "P2", "alike"),
        (
            lambda t: t + "1,P1,North,1,0.5,0.5\n",
            {"image": "case"},
            "stands already in row 2",
            10,
            "case",
            "1",
            "Keep one row a case",
        ),
        (
            lambda t: t.replace("P1,North", "P1,north", 1),
            {"group": None},
            "only by case",
            2,
            "center",
            "north",
            "'North'",
        ),
    ],
)
def test_what_is_refused(
    tmp_path: Path,
    change: Callable[[str], str | bytes],
    options: dict[str, Any],
    rule: str,
    row: int | None,
    column: str | None,
    value: str | None,
    fix: str,
) -> None:
    with pytest.raises(PredictionsError) as caught:
        _read(tmp_path, change(TEXT), **options)
    problem = next(problem for problem in caught.value.problems if rule in problem.rule)
    assert problem.file == "predictions.csv"
    assert (problem.row, problem.column) == (row, column)
    assert value is None or problem.value == value
    assert fix in problem.fix
    assert isinstance(caught.value, StudyError)
    assert "predictions" in str(caught.value)


def _with_b(*values: object) -> str:
    lines = [line.rsplit(",", 1)[0] for line in TEXT.splitlines()]
    return "\n".join(f"{line},{value}" for line, value in zip(lines, ("b", *values), strict=True))


@pytest.mark.parametrize(
    ("values", "rule", "value"),
    [((0.5,) * 8, "all scores are equal", "0.5"), (("",) * 8, "no score at all", None)],
)
def test_a_model_that_tells_nothing(
    tmp_path: Path, values: tuple[object, ...], rule: str, value: str
) -> None:
    with pytest.raises(PredictionsError) as caught:
        _read(tmp_path, _with_b(*values))
    (problem,) = caught.value.problems
    assert rule in problem.rule
    assert (problem.column, problem.value) == ("b", value)


@pytest.mark.parametrize(
    ("content", "rule", "row", "column"),
    [
        (_with_b(1, 2, "NA", 4, 5, "", 7, 8), "did not score 2 of 8 cases", 4, "b"),
        (_with_b(0, 0, 1, 1, 0, 0, 1, 1), "equal to the label", 1, "b"),
        (
            TEXT.replace("P2,North,1,0.6", "P2,North,0,0.6"),
            "1 of 4 patients have cases of both",
            5,
            "patient",
        ),
        (
            TEXT.replace("case", "subset", 1).replace("\n3,", "\ntrain,"),
            "1 of 8 scores are of tr",
            4,
            "subset",
        ),
    ],
)
def test_what_is_read_and_said(tmp_path: Path, content: str, rule: str, row: int, column: str) -> None:
    table = _read(tmp_path, content)
    (warning,) = table.warnings
    assert rule in warning.rule
    assert (warning.row, warning.column, warning.severity) == (row, column, "warning")
    assert len(table.y) == 8


def test_a_missing_score_stays_missing(tmp_path: Path) -> None:
    table = _read(tmp_path, _with_b(1, 2, "NA", 4, 5, "", 7, 8))
    assert table.scores["b"].isna().tolist() == [False, False, True, False, False, True, False, False]


def test_identifiers_stay_text(tmp_path: Path) -> None:
    table = _read(tmp_path, TEXT.replace("P1", "007").replace("P2", "1E5").replace("P3", "NA"))
    assert table.groups.unique().tolist() == ["007", "1E5", "NA", "P4"]


def test_every_problem_is_counted_and_a_hundred_are_listed(tmp_path: Path) -> None:
    rows = "".join(f"{n},P{n},North,{n % 2},x,0.{n}\n" for n in range(150))
    with pytest.raises(PredictionsError) as caught:
        _read(tmp_path, TEXT.splitlines(True)[0] + rows)
    assert (len(caught.value.problems), caught.value.total) == (100, 150)
    assert "and 145 more" in str(caught.value)


def test_faults_of_several_columns_are_listed_together(tmp_path: Path) -> None:
    text = TEXT.replace("0.8", "87%").replace("h,0,0.1", "h,9,0.1").replace("P4,South", "P4,North", 1)
    with pytest.raises(PredictionsError) as caught:
        _read(tmp_path, text)
    assert {problem.column for problem in caught.value.problems} == {"a", "label", "center"}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PredictionsError, match="does not exist"):
        read_prediction_file(tmp_path / "none.csv", Roles("y", ("a",)))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"scores": ()}, "at least one column"),
        ({"scores": ("a", "")}, "without a name"),
        ({"scores": ("a", "a")}, "'a' is named for two"),
        ({"scores": ("label",)}, "'label' is named for two"),
        ({"center": "patient"}, "'patient' is named for two"),
        ({"kind": "logit"}, "choose probability or score"),
    ],
)
def test_wrong_usage(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        _read(tmp_path, TEXT, **options)


def test_a_large_table_names_the_row(tmp_path: Path) -> None:
    frame = pd.DataFrame({"label": np.arange(40_000) % 2, "a": np.arange(40_000.0)}).astype(str)
    frame.loc[29_998, "a"] = "one"
    with pytest.raises(PredictionsError) as caught:
        _read(tmp_path, frame.to_csv(index=False), scores=("a",), group=None, center=None)
    assert [problem.row for problem in caught.value.problems] == [30_000]
