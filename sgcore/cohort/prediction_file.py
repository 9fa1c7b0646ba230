"""A wide table of predictions made elsewhere: one row a case, one column a model, and the label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path

import pandas as pd

from sgcore.cohort.columns import identifiers, numbers
from sgcore.cohort.ledger import MAX_PROBLEMS, Ledger, fold
from sgcore.cohort.prediction_labels import binary_labels
from sgcore.cohort.prediction_roles import Roles
from sgcore.cohort.text_table import MAX_PLAIN_COLUMNS, TextTable, each, read_table
from sgcore.domain import Problem, ScoreKind
from sgcore.errors import StudyError


class PredictionsError(StudyError):
    """A table of predictions is refused as a unit; ``problems`` lists everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem], total: int) -> None:
        super().__init__(problems, total)
        lines = [str(problem) for problem in self.problems[:5]]
        more = [f"... and {total - len(lines)} more"] * (total > len(lines))
        self.args = (f"{total} problem(s) in the predictions:\n" + "\n".join([*lines, *more]),)


@dataclass(frozen=True)
class PredictionFile:
    """Predictions as they were read and checked.

    Attributes
    ----------
    file : name of the table. roles : what its columns are, with the positive value of the label.
    y : (n,) 0 or 1. scores : (n, k) one column a model, NaN where a model did not score the case.
    groups, centers, images : (n,) patient, center and image identifier of each case, or None. All five
        share the row numbers of the file as their index.
    negative : the other value of the label as it stands in the table.
    warnings : problems that did not stop the reading, at most 100 of ``n_warnings``.
    """

    file: str
    roles: Roles
    y: pd.Series = field(compare=False, repr=False)
    scores: pd.DataFrame = field(compare=False, repr=False)
    groups: pd.Series | None = field(compare=False, repr=False)
    centers: pd.Series | None = field(compare=False, repr=False)
    images: pd.Series | None = field(compare=False, repr=False)
    negative: str
    warnings: tuple[Problem, ...] = field(compare=False, repr=False)
    n_warnings: int
    digest: str

    @property
    def positive(self) -> str:
        """The positive value of the label as it stands in the table."""
        return str(self.roles.positive)

    def only(self, models: Sequence[str]) -> PredictionFile:
        """The same cases with some of the models."""
        return replace(
            self, roles=replace(self.roles, scores=tuple(models)), scores=self.scores[list(models)]
        )


def read_prediction_file(path: str | PathLike[str], roles: Roles) -> PredictionFile:
    """Read and check a table of predictions: a CSV file with a header.

    Other columns than those of ``roles`` are left alone.

    Raises
    ------
    PredictionsError : with the first 100 errors in ``problems`` and their number in ``total``.
    UsageError : no score column, a column named for two purposes, an unknown kind.
    """
    table, errors = read_unrefused(path, roles)
    if errors:
        raise PredictionsError(errors[:MAX_PROBLEMS], len(errors))
    return table


def read_unrefused(path: str | PathLike[str], roles: Roles) -> tuple[PredictionFile, list[Problem]]:
    """A table and its errors, for those who look for more before they refuse it.

    As :func:`read_prediction_file`, which raises where there are errors; this raises where there are no
    rows to look at. Labels that could not be read are NaN.
    """
    roles.check()
    ledger, path = Ledger(), Path(path)
    table = read_table(path, path.name, roles.columns, ledger, max_columns=MAX_PLAIN_COLUMNS)
    if table is None or table.cells.empty:
        raise PredictionsError(ledger.errors[:MAX_PROBLEMS], len(ledger.errors))
    labels = binary_labels(table, roles.label, roles.positive, ledger)
    columns = {name: _scores(table, name, roles.kind, labels.y, ledger) for name in roles.scores}
    groups = None if roles.group is None else identifiers(table, roles.group, ledger, unique=False)
    centers = None if roles.center is None else _centers(table, roles.center, ledger)
    images = None if roles.image is None else _images(table, roles.image, ledger)
    if groups is not None:
        if centers is not None:
            _one_center(table.file, groups, centers, ledger)
        _one_label(table.file, groups, labels.y, ledger)
    _training_rows(table, roles, ledger)
    found = PredictionFile(
        table.file, replace(roles, positive=labels.positive), labels.y, pd.DataFrame(columns), groups, centers,
        images, labels.negative, tuple(ledger.warnings[:MAX_PROBLEMS]), len(ledger.warnings), table.digest,
    )  # fmt: skip
    return found, ledger.errors


def _scores(table: TextTable, name: str, kind: ScoreKind, y: pd.Series, ledger: Ledger) -> pd.Series:
    before = len(ledger.errors)
    if kind == "probability":
        values = numbers(table, name, ledger, low=0, high=1, what="a probability from 0 to 1")
    else:
        values = numbers(table, name, ledger)
    known = values.dropna()
    if len(ledger.errors) > before:
        return values
    if known.empty:
        ledger.error(table.file, "the model has no score at all", "Fill the column in", row=1, column=name)
    elif known.nunique() == 1 and len(values) > 1:
        rule, fix = "all scores are equal", "Check the export: this model tells nothing apart"
        ledger.error(table.file, rule, fix, row=1, column=name, value=f"{known.iloc[0]:g}")
    elif len(known) < len(values):
        ledger.warning(
            table.file,
            f"the model did not score {len(values) - len(known)} of {len(values)} cases",
            "Score them, or say why they are missing; models are compared on the cases that both scored",
            row=int(values.index[values.isna()][0]),
            column=name,
        )
    elif known.eq(y).all():
        rule, fix = "the scores are equal to the label", "Remove the column if it is the answer"
        ledger.warning(table.file, rule, fix, row=1, column=name)
    return values


def _images(table: TextTable, column: str, ledger: Ledger) -> pd.Series:
    twin = "Keep one row a case, or leave the identifier out of the roles"
    return identifiers(table, column, ledger, unique=True, twin=twin)


def _centers(table: TextTable, column: str, ledger: Ledger) -> pd.Series:
    """Names of centers; an empty one and a second spelling of a name are errors."""
    names = table.cells[column]
    spelled: dict[str, str] = {}
    for name in names[names != ""].value_counts().index:
        spelled.setdefault(fold(name), str(name))
    usual = names.map({name: spelled.get(fold(name), name) for name in names.unique()})
    for row, name in each(names[names == ""]):
        ledger.error(table.file, "the center is empty", "Fill it in", row=row, column=column, value=name)
    for row, name in each(names[usual != names]):
        rule = f"the center differs from {usual[row]!r} only by case or Unicode form"
        ledger.error(table.file, rule, f"Write {usual[row]!r}", row=row, column=column, value=name)
    return names


def _one_center(file: str, groups: pd.Series, centers: pd.Series, ledger: Ledger) -> None:
    first = centers.groupby(groups).transform("first")
    differs = (centers != first) & (centers != "") & (first != "") & (groups != "")
    for row, name in each(centers[differs & ~groups.where(differs).duplicated()]):
        ledger.error(
            file,
            f"patient {groups[row]!r} has two centers: {first[row]!r} and {name!r}",
            "Correct one of the rows, or give the patients of the two centers different names",
            row=row,
            column=str(centers.name),
            value=name,
        )


def _one_label(file: str, groups: pd.Series, y: pd.Series, ledger: Ledger) -> None:
    """Patients with both labels: right where a label is a lesion's, else a mistake; so it is said."""
    spread = y.groupby(groups).agg(["min", "max"])
    mixed = spread.index[(spread["min"] != spread["max"]) & (spread.index != "")]
    if len(mixed):
        rows = groups.index[groups == mixed[0]]
        ledger.warning(
            file,
            f"{len(mixed)} of {len(spread)} patients have cases of both labels",
            "Correct the labels, unless they belong to lesions; there are then no results by patient",
            row=int(rows[y[rows] != y[rows[0]]][0]),
            column=str(groups.name),
            value=str(mixed[0]),
        )


def _training_rows(table: TextTable, roles: Roles, ledger: Ledger) -> None:
    if "subset" not in table or "subset" in roles.columns:
        return
    trained = table.cells["subset"].str.lower().isin(("train", "training"))
    if trained.any():
        ledger.warning(
            table.file,
            f"{int(trained.sum())} of {len(trained)} scores are of training cases",
            "They say nothing about new patients; leave these rows out",
            row=int(trained.index[trained][0]),
            column="subset",
        )
