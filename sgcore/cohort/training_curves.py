"""Training curves that a study brings: how well a network did after each epoch of its training."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sgcore.cohort.brought_tables import network_names, written_otherwise
from sgcore.cohort.columns import MISSING, numbers
from sgcore.cohort.ledger import Ledger, few
from sgcore.cohort.text_table import TextTable, each

MEASURES = ("loss", "accuracy", "precision", "recall", "f1", "auc")
COLUMNS = ("backbone", "epoch", "subset", "n_images", *MEASURES)
SUBSETS = ("train", "validation")
#: More than any training or cohort has.
_MOST = 1_000_000


def check_curves(table: TextTable, networks: Sequence[str], ledger: Ledger) -> pd.DataFrame | None:
    """One row an epoch and subset of a network: all of :data:`COLUMNS`, NaN where the table has no number.

    ``networks`` are those whose scores or deep features the study brings; curves of others are never
    shown, which is warned of. None where the table has an error.
    """
    _check_names(table, ledger)
    frame = pd.DataFrame({"backbone": network_names(table, ledger)})
    frame["epoch"] = _whole(table, "epoch", ledger, needed=True)
    frame["subset"] = _subsets(table, ledger)
    frame["n_images"] = _whole(table, "n_images", ledger) if "n_images" in table else float("nan")
    for name in MEASURES:
        frame[name] = _measure(table, name, ledger) if name in table else float("nan")
    if ledger.errors_of(table.file):
        return None
    frame["epoch"] = frame["epoch"].astype("int64")
    key = ["backbone", "subset", "epoch"]
    for row in frame.index[frame.duplicated(key)]:
        name, subset, epoch = frame.loc[row, key]
        ledger.error(
            table.file,
            f"network {name!r} has the epoch twice in {subset} images",
            "Keep one row; a curve is of one training, not of its folds",
            row=int(row),
            column="epoch",
            value=str(epoch),
        )
    _of_nothing(table.file, frame, networks, ledger)
    return frame.reset_index(drop=True)


def _check_names(table: TextTable, ledger: Ledger) -> None:
    otherwise = written_otherwise(table, COLUMNS, ledger)
    if not any(name in table for name in MEASURES) and not otherwise:
        ledger.error(table.file, "the table has no measure", f"Add a column: {', '.join(MEASURES)}", row=1)
    others = [name for name in table.cells.columns if name not in COLUMNS and name not in otherwise]
    if others:
        ledger.note(
            f"Column(s) {few(others)} of {table.file} were left out; measures are {', '.join(MEASURES)}, with a row "
            "each for training and validation images (column 'subset')."
        )


def _whole(table: TextTable, column: str, ledger: Ledger, *, needed: bool = False) -> pd.Series:
    """Whole numbers from 1 as float, NaN where a cell is empty; ``needed`` makes that an error."""
    what = f"a whole number from 1 to {_MOST:,}"
    values = numbers(table, column, ledger, low=1, high=_MOST, what=what)
    for row, value in each(table.cells.loc[values.between(1, _MOST) & (values % 1 != 0), column]):
        ledger.error(
            table.file, f"{what} is needed", "Correct the value", row=row, column=column, value=value
        )
    empty = table.cells[column].str.lower().isin(MISSING)
    for row, value in each(table.cells.loc[empty & needed, column]):
        ledger.error(table.file, f"the {column} is empty", "Fill it in", row=row, column=column, value=value)
    return values


def _subsets(table: TextTable, ledger: Ledger) -> pd.Series:
    if "subset" not in table:
        ledger.note(
            f"{table.file} has no column 'subset'; its curves are taken for those of training images."
        )
        return pd.Series("train", index=table.cells.index, dtype="str")
    subsets = table.cells["subset"]
    for row, value in each(subsets[~subsets.isin(SUBSETS)]):
        ledger.error(
            table.file,
            "the subset of a curve is neither train nor validation",
            ledger.suggest(value, SUBSETS, "Write 'train' or 'validation'; remove rows of other images"),
            row=row,
            column="subset",
            value=value,
        )
    return subsets


def _measure(table: TextTable, name: str, ledger: Ledger) -> pd.Series:
    if name == "loss":
        values = numbers(table, name, ledger)
    else:
        values = numbers(table, name, ledger, low=0, high=1, what="a value from 0 to 1")
    if table.cells[name].str.lower().isin(MISSING).all():
        ledger.error(table.file, "the measure has no value at all", "Remove it", row=1, column=name)
    return values


def _of_nothing(file: str, frame: pd.DataFrame, networks: Sequence[str], ledger: Ledger) -> None:
    """Warn of networks of which there is a curve and nothing else."""
    for row, name in each(frame["backbone"].drop_duplicates()):
        if name not in networks:
            ledger.warning(
                file,
                "the study brings a curve of this network, and neither its scores nor its deep features",
                ledger.suggest(name, networks, "Bring deep_scores or deep_features; the curve is not shown"),
                row=row,
                column="backbone",
                value=name,
            )
