"""Tables that a study may bring for its images: descriptors, features, and what networks gave elsewhere."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd

from sgcore.cohort.columns import identifiers, number_table, numbers, other_columns
from sgcore.cohort.ledger import Ledger, few
from sgcore.cohort.text_table import TextTable


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


def check_descriptors(
    table: TextTable | None, images: pd.DataFrame, left_out: AbstractSet[str], ledger: Ledger
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Descriptors of every image in the order of ``images``, and the names of those that were computed.

    Images without a row have missing values. ``aspect_ratio`` is computed from the mask wherever the
    table does not give it.
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
    y = table.cells.loc[rows, "image_id"].map(labels)
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
    for index in np.flatnonzero(_are_labels(values, y)):
        ledger.error(
            table.file,
            "the feature is equal to the label",
            "Remove it: it is the answer",
            row=1,
            column=names[index],
        )
    gaps = [names[index] for index in np.flatnonzero((count > 0) & (count < len(rows)))]
    if gaps:
        ledger.warning(
            table.file,
            f"{len(gaps)} feature(s) lack a value in some images ({few(gaps)})",
            "Compute them, or remove the features",
            column=gaps[0],
        )
    frame.insert(0, "image_id", table.cells.loc[rows, "image_id"])
    return frame.reset_index(drop=True)


#: Columns of the tables of networks that hold no number.
_TEXT = {"deep_features": {"image_id", "backbone"}, "deep_scores": {"image_id", "backbone"}}


def check_deep(
    table: TextTable, name: str, known: AbstractSet[str], left_out: AbstractSet[str], ledger: Ledger
) -> None:
    """Tables that a network gave elsewhere: known images, numbers only, no image missing."""
    if name != "training_curves":
        known_rows(table, known, left_out, ledger, unique="backbone" not in table)
        absent = known - set(table.cells["image_id"])
        if absent:
            ledger.error(
                table.file,
                f"{len(absent)} image(s) of the study have no row ({few(sorted(absent))})",
                "Add their rows",
                column="image_id",
            )
    for column in table.cells.columns:
        if (name, column) == ("deep_scores", "score"):
            numbers(table, column, ledger, low=0, high=1, what="a probability")
        elif column not in _TEXT.get(name, {"backbone", "subset"}):
            numbers(table, column, ledger)


def _are_labels(values: np.ndarray, y: pd.Series) -> np.ndarray:
    """Which columns are the label in other numbers: one value for each label, and not the same for both."""
    if y.isna().any() or y.nunique() < 2 or len(y) < 4:
        return np.zeros(values.shape[1], dtype=bool)
    parts = [values[(y == label).to_numpy()] for label in (0, 1)]
    one_each = np.all([(part == part[0]).all(axis=0) for part in parts], axis=0)
    return one_each & (parts[0][0] != parts[1][0])
