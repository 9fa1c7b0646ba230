"""Tables that a study may bring for its images: descriptors and features."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd

from sgcore.cohort.columns import identifiers, number_table, numbers, other_columns
from sgcore.cohort.ledger import Ledger, few, fold
from sgcore.cohort.text_table import TextTable, each

#: With fewer known values a column can agree with the label by chance.
MIN_TO_BE_THE_LABEL = 10


def known_rows(
    table: TextTable, known: AbstractSet[str], left_out: AbstractSet[str], ledger: Ledger, *, unique: bool
) -> pd.Index:
    """Rows of the study's images; rows of unknown images are errors, those of left-out images are none."""
    ids = identifiers(table, "image_id", ledger, unique=unique)
    for row in ids.index[~ids.isin(known | left_out) & (ids != "")]:
        ledger.error(
            table.file,
            "the image is not in the images table",
            ledger.suggest(ids[row], known, "Add the image, or remove the row"),
            row=int(row),
            column="image_id",
            value=ids[row],
        )
    kept = ids.isin(known)
    return ids.index[kept & ~ids.where(kept).duplicated()] if unique else ids.index[kept]


def network_names(table: TextTable, ledger: Ledger) -> pd.Series:
    """The column ``backbone``: empty names, and those that people cannot tell apart, are errors."""
    names = table.cells["backbone"]
    for row, value in each(names[names == ""]):
        rule, fix = "the name of the network is empty", "Fill it in"
        ledger.error(table.file, rule, fix, row=row, column="backbone", value=value)
    first: dict[str, str] = {}
    for row, value in each(names.drop_duplicates()):
        other = first.setdefault(fold(value), value)
        if other != value:
            ledger.error(
                table.file,
                f"the name of the network differs from {other!r} only by case or Unicode form",
                "Write one network alike everywhere, or give another name",
                row=row,
                column="backbone",
                value=value,
            )
    return names


def written_otherwise(table: TextTable, known: Iterable[str], ledger: Ledger) -> set[str]:
    """Columns of a table that may lack those of ``known``, and has one with other capitals; each is an error."""
    meant = {fold(name): name for name in known}
    found = {name for name in table.cells.columns if fold(name) in meant and name != meant[fold(name)]}
    for name in sorted(found):
        rule = "the column is not written as it is read"
        ledger.error(table.file, rule, f"Write {meant[fold(name)]!r}", row=1, column=name)
    return found


def check_descriptors(
    table: TextTable | None,
    images: pd.DataFrame,
    labels: pd.Series,
    left_out: AbstractSet[str],
    ledger: Ledger,
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Descriptors of every image in the order of ``images``, and the names of those that were computed.

    Images without a row have missing values. ``aspect_ratio`` is computed from the mask wherever the
    table does not give it. ``labels`` is the 0/1 label by ``image_id``; a descriptor that equals it is
    the answer, not a descriptor.
    """
    order = pd.Index(images["image_id"])
    measured = pd.Series(images["aspect_ratio"].to_numpy(), index=order)
    if table is None:
        if measured.isna().all():
            return None, ()
        ledger.note("The study brings no descriptors; aspect_ratio was computed from the masks.")
        return measured.rename("aspect_ratio").rename_axis("image_id").reset_index(), ("aspect_ratio",)
    rows = known_rows(table, set(order), left_out, ledger, unique=True)
    typed = other_columns(table, ("image_id", "aspect_ratio"), ledger)
    typed["image_id"] = table.cells["image_id"]
    if "aspect_ratio" in table:
        typed["aspect_ratio"] = numbers(
            table, "aspect_ratio", ledger, low=0, above=True, what="height over width, above 0"
        )
    given = typed.loc[rows].set_index("image_id")
    coded = given.apply(lambda column: pd.Series(pd.factorize(column)[0], given.index, dtype="float64"))
    refuse_labels("descriptor", table.file, coded.mask(coded < 0), labels, ledger)
    frame = given.reindex(order.rename("image_id"))
    absent = int((~order.isin(given.index)).sum())
    if absent:
        ledger.note(f"{absent} of {len(order)} images have no descriptors; their values are missing.")
    if "aspect_ratio" not in frame:
        frame["aspect_ratio"] = np.nan
    gaps = frame["aspect_ratio"].isna() & measured.notna()
    frame["aspect_ratio"] = frame["aspect_ratio"].fillna(measured)
    if gaps.any():
        ledger.note(f"aspect_ratio of {int(gaps.sum())} images was computed from their masks.")
    return frame.reset_index(), ("aspect_ratio",) if gaps.any() else ()


def check_features(
    table: TextTable, images: pd.DataFrame, labels: pd.Series, left_out: AbstractSet[str], ledger: Ledger
) -> pd.DataFrame:
    """Features that the study brings: one row for each image, numbers only.

    ``labels`` is the 0/1 label by ``image_id``; a feature that equals it is the answer, not a feature.
    """
    rows = known_rows(table, set(images["image_id"]), left_out, ledger, unique=True)
    missing = images.loc[~images["image_id"].isin(table.cells["image_id"]), "image_id"]
    for image in missing:
        ledger.error(
            table.file, "an image of the study has no features", "Add its row", column="image_id", value=image
        )
    names = [name for name in table.cells.columns if name != "image_id"]
    if not names:
        ledger.error(table.file, "the table has no feature", "Add a column a feature", row=1)
    frame = number_table(table, names, ledger).loc[rows]
    values = frame.to_numpy(dtype=float)
    known = np.isfinite(values)
    count = known.sum(axis=0)
    low = np.where(known, values, np.inf).min(axis=0, initial=np.inf)
    high = np.where(known, values, -np.inf).max(axis=0, initial=-np.inf)
    for index in np.flatnonzero((count == 0) & (len(rows) > 0)):
        ledger.error(table.file, "the feature has no value at all", "Remove it", row=1, column=names[index])
    for index in np.flatnonzero((count > 1) & (low == high)):
        ledger.warning(
            table.file,
            "the feature is constant",
            "It cannot help a model; remove it",
            row=1,
            column=names[index],
            value=f"{low[index]:g}",
        )
    frame.index = pd.Index(table.cells.loc[rows, "image_id"])
    refuse_labels("feature", table.file, frame, labels, ledger)
    gaps = [names[index] for index in np.flatnonzero((count > 0) & (count < len(rows)))]
    if gaps:
        ledger.warning(
            table.file,
            f"{len(gaps)} feature(s) lack a value in some images ({few(gaps)})",
            "Compute them, or remove the features",
            column=gaps[0],
        )
    return frame.rename_axis("image_id").reset_index()


def refuse_labels(what: str, file: str, values: pd.DataFrame, labels: pd.Series, ledger: Ledger) -> None:
    """Refuse columns that are the label in other numbers: one value a label, and another for the other one.

    ``values`` has a row an image (index ``image_id``) of numbers or codes, NaN where there is none.
    """
    y = values.index.map(labels).to_numpy(dtype=float)
    known = values.notna().to_numpy()
    cells = values.to_numpy(dtype=float)
    lowest = [np.where(known, cells, np.inf)[y == label].min(axis=0, initial=np.inf) for label in (0, 1)]
    highest = [np.where(known, cells, -np.inf)[y == label].max(axis=0, initial=-np.inf) for label in (0, 1)]
    one_each = (lowest[0] == highest[0]) & (lowest[1] == highest[1]) & (lowest[0] != lowest[1])
    for column in values.columns[one_each & (known.sum(axis=0) >= MIN_TO_BE_THE_LABEL)]:
        ledger.error(
            file,
            f"the {what} is equal to the label",
            "Remove it: it is the answer",
            row=1,
            column=str(column),
        )
