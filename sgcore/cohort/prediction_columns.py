"""A first look at a table of predictions: its columns, and which of them is probably what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from sgcore.cohort.columns import MISSING
from sgcore.cohort.ledger import MAX_PROBLEMS, Ledger, fold
from sgcore.cohort.prediction_file import PredictionsError
from sgcore.cohort.prediction_roles import Roles
from sgcore.cohort.text_table import MAX_PLAIN_COLUMNS, TextTable, read_table
from sgcore.domain import Study

#: Distinct values of a column that are kept; a label has two.
MAX_VALUES = 20
_LABELS = ("label", "outcome", "y_true", "y", "target", "truth", "diagnosis", "class")
_PATIENTS = ("patient_id", "patient", "subject_id", "subject")
_CENTERS = ("center", "centre", "site", "hospital")
_IMAGES = ("image_id", "image", "case_id", "case")
_SCORES = ("score", "prob", "pred", "logit", "model")


@dataclass(frozen=True)
class PredictionColumns:
    """Columns of a table as they stand in its header.

    ``values`` holds the most frequent distinct texts of each column, at most :data:`MAX_VALUES`, and
    ``distinct`` how many there are; ``guess`` is a proposal that a person confirms or corrects.
    """

    file: str
    digest: str
    n_rows: int
    names: tuple[str, ...]
    values: dict[str, tuple[str, ...]] = field(compare=False, repr=False)
    distinct: dict[str, int] = field(compare=False, repr=False)
    guess: Roles


def look_at_predictions(path: str | PathLike[str], study: Study | None = None) -> PredictionColumns:
    """Read the columns of a table; those of ``study`` are found by their content, others by their name.

    Raises ``PredictionsError`` where the file is no table.
    """
    ledger, path = Ledger(), Path(path)
    table = read_table(path, path.name, [], ledger, max_columns=MAX_PLAIN_COLUMNS)
    if table is None or ledger.errors:
        raise PredictionsError(ledger.errors[:MAX_PROBLEMS], len(ledger.errors))
    counts = {str(name): table.cells[name].value_counts() for name in table.cells}
    return PredictionColumns(
        table.file,
        table.digest,
        len(table.cells),
        tuple(counts),
        {name: tuple(map(str, found.index[:MAX_VALUES])) for name, found in counts.items()},
        {name: len(found) for name, found in counts.items()},
        _guess(table, counts, study),
    )


def _guess(table: TextTable, counts: dict[str, pd.Series], study: Study | None) -> Roles:
    left = list(counts)

    def take(known: Collection[str] | None, names: Iterable[str]) -> str | None:
        found = _by_content(counts, left, known) or _by_name(left, names)
        if found is not None:
            left.remove(found)
        return found

    image = take(None if study is None else set(study.images["image_id"]), _IMAGES)
    group = take(None if study is None else set(study.patients["patient_id"]), _PATIENTS)
    label = take(None if study is None else {study.negative, study.positive}, _LABELS)
    center = take(None if study is None else {*study.development, *study.external}, _CENTERS)
    if label is None:
        label = next((name for name in left if set(counts[name].index) <= {"0", "1"}), None)
        left = [name for name in left if name != label]
    scores = [
        name
        for name in left
        if len(counts[name]) > 2
        and (share := _fractions(table, name)) is not None
        and (share > 0 or any(word in fold(name) for word in _SCORES))
    ]
    values = () if label is None else tuple(map(str, counts[label].index[:MAX_VALUES]))
    positive = next((value for value in (study.positive if study else "1", "1") if value in values), None)
    return Roles(label or "", tuple(scores), positive, group, center, image)


def _by_content(counts: dict[str, pd.Series], names: list[str], known: Collection[str] | None) -> str | None:
    """The column most of whose values are among the known ones."""
    if not known or not names:
        return None
    shares = {name: float(np.mean([value in known for value in counts[name].index[:1000]])) for name in names}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= 0.5 else None


def _by_name(names: list[str], usual: Iterable[str]) -> str | None:
    folded = {fold(name): name for name in names}
    return next((folded[name] for name in usual if name in folded), None)


def _fractions(table: TextTable, name: str) -> float | None:
    """The share of numbers that are no whole ones (an age is whole), or None for a column of other things.

    More than half of the filled cells are to be numbers; the others are named when the table is checked.
    """
    cells = table.cells[name]
    cells = cells[~cells.str.lower().isin(MISSING)]
    text = cells.str.replace(",", ".", regex=False) if table.decimal_comma else cells
    values = pd.to_numeric(text, errors="coerce").dropna()
    if len(values) <= 0.5 * len(cells):
        return None
    return float((values % 1 != 0).mean())
