"""What networks gave elsewhere, as a study brings it: deep features, scores and training curves."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd

from sgcore.cohort.brought_tables import known_rows, network_names, refuse_labels, written_otherwise
from sgcore.cohort.columns import MISSING, number_table, numbers
from sgcore.cohort.ledger import Ledger, Place, few, fold
from sgcore.cohort.text_table import TextTable, each
from sgcore.cohort.training_curves import check_curves

REQUIRED = {
    "deep_features": ("image_id",),
    "deep_scores": ("image_id", "backbone", "score"),
    "training_curves": ("backbone", "epoch"),
}
#: Name of the network of a table of deep features that does not name it.
UNNAMED = "network"
#: What other tables call an image, its patient or a score: never a deep feature.
_NO_FEATURES = {
    *("patient_id", "image", "mask", "center", "label", "y", "subset"),
    *("fold", "epoch", "score", "model", "network"),
}


def check_deep(
    texts: Mapping[str, TextTable], labels: pd.Series, left_out: AbstractSet[str], ledger: Ledger
) -> dict[str, pd.DataFrame | None]:
    """The three tables as :class:`sgcore.domain.Study` has them, None for each that is not in ``texts``.

    ``labels`` is the 0/1 label by ``image_id`` of every image of the study.
    """
    found: dict[str, pd.DataFrame | None] = dict.fromkeys(REQUIRED)
    if "deep_features" in texts:
        found["deep_features"] = _features(texts["deep_features"], labels, left_out, ledger)
    if "deep_scores" in texts:
        found["deep_scores"] = _scores(texts["deep_scores"], labels, left_out, ledger)
    names = _all_names(texts, found, ledger)
    if names:
        ledger.note(
            f"The study brings what networks gave elsewhere ({few(names, 8)}); no network is trained for it."
        )
    if "training_curves" in texts:
        found["training_curves"] = check_curves(texts["training_curves"], names, ledger)
    return found


def _all_names(
    texts: Mapping[str, TextTable], found: Mapping[str, pd.DataFrame | None], ledger: Ledger
) -> list[str]:
    """Networks of both tables; one that the two write in different ways would be two networks."""
    scored, featured = (
        [] if table is None else list(dict.fromkeys(table["backbone"]))
        for table in (found["deep_scores"], found["deep_features"])
    )
    for name in featured:
        other = next((each for each in scored if each != name and fold(each) == fold(name)), None)
        if other is not None and name not in scored:
            ledger.error(
                texts["deep_features"].file,
                f"the name of the network differs from {other!r} in {texts['deep_scores'].file} only by case or "
                "Unicode form",
                "Write one network alike everywhere, or give another name",
                column="backbone",
                value=name,
            )
    return list(dict.fromkeys([*scored, *featured]))


def _features(
    table: TextTable, labels: pd.Series, left_out: AbstractSet[str], ledger: Ledger
) -> pd.DataFrame:
    """``image_id, backbone`` and one float column each; the columns of a network have no gaps."""
    names = _feature_names(table, ledger)
    if "backbone" not in table:
        ledger.note(f"{table.file} has no column 'backbone'; its network is called {UNNAMED!r}.")
    own = _own_rows(table, labels, left_out, ledger)
    values = number_table(table, names, ledger).loc[own.index]
    empty = _empty(table, values)
    for index in np.flatnonzero(empty.all(axis=0) & (len(own) > 0)):
        ledger.error(
            table.file, "the deep feature has no value at all", "Remove it", row=1, column=names[index]
        )
    backbones = own["backbone"].to_numpy()
    for name, rows in own.groupby("backbone", sort=False):
        absent = labels.index[~labels.index.isin(rows["image_id"])]
        if len(absent):
            ledger.error(
                table.file,
                f"{len(absent)} image(s) of the study have no row of this network ({few(absent)})",
                "Add their rows",
                column="image_id" if "backbone" not in table else "backbone",
                value=str(name),
            )
        at = backbones == name
        _full(table.file, str(name), rows.index, empty[at], names, ledger)
        known = values[at].set_axis(pd.Index(rows["image_id"]))
        refuse_labels("deep feature", table.file, known, labels, ledger)
    return own.join(values).reset_index(drop=True)


def _feature_names(table: TextTable, ledger: Ledger) -> list[str]:
    no_feature = {"image_id", "backbone", *written_otherwise(table, ("backbone",), ledger)}
    names = [name for name in table.cells.columns if name not in no_feature]
    for name in names:
        if fold(name) in _NO_FEATURES:
            ledger.error(
                table.file,
                "a column of this name is no deep feature",
                "Remove it; if the network gave it, give it another name",
                row=1,
                column=name,
            )
    if not names:
        ledger.error(table.file, "the table has no deep feature", "Add a column a deep feature", row=1)
    return [name for name in names if fold(name) not in _NO_FEATURES]


def _empty(table: TextTable, values: pd.DataFrame) -> np.ndarray:
    """Cells without a value; those that hold no number are not among them, for they are blamed already."""
    empty = np.isnan(values.to_numpy(dtype=float))
    for column in np.flatnonzero(empty.any(axis=0)):
        text = table.cells[values.columns[column]].loc[values.index]
        empty[:, column] &= text.str.lower().isin(MISSING).to_numpy()
    return empty


def _full(
    file: str, network: str, rows: pd.Index, empty: np.ndarray, names: list[str], ledger: Ledger
) -> None:
    """Columns of a network are empty in all of its rows, because other networks give more, or in none."""
    used = ~empty.all(axis=0)
    if names and not used.any():
        rule = "the network has no deep feature"
        ledger.error(
            file, rule, "Fill its rows in, or remove them", row=int(rows[0]), column="backbone", value=network
        )
    gaps = empty & used
    for place in np.flatnonzero(gaps.any(axis=1)):
        lacking = np.flatnonzero(gaps[place])
        ledger.error(
            file,
            f"{len(lacking)} of {int(used.sum())} deep features of network {network!r} have no value here",
            "Compute them for every image, or remove them from all of its rows",
            row=int(rows[place]),
            column=names[lacking[0]],
        )


def _scores(table: TextTable, labels: pd.Series, left_out: AbstractSet[str], ledger: Ledger) -> pd.DataFrame:
    """``image_id, backbone, score``: probabilities; images that a network did not score have no row."""
    others = [name for name in table.cells.columns if name not in REQUIRED["deep_scores"]]
    if others:
        ledger.note(f"Column(s) {few(others)} of {table.file} were left out; a score needs none of them.")
    own = _own_rows(table, labels, left_out, ledger)
    scores = numbers(table, "score", ledger, low=0, high=1, what="a probability from 0 to 1")
    own["score"] = scores.loc[own.index]
    given = own[~table.cells.loc[own.index, "score"].str.lower().isin(MISSING)]
    for name in own["backbone"].drop_duplicates():
        network = Place(column="backbone", value=name)
        scored = given.loc[given["backbone"] == name]
        absent = labels.index[~labels.index.isin(scored["image_id"])]
        if scored.empty:
            rule, fix = "the network has no score at all", "Fill its scores in, or remove its rows"
            ledger.error(table.file, rule, fix, **network)
        elif len(absent):
            ledger.warning(
                table.file,
                f"the network did not score {len(absent)} of {len(labels)} images ({few(absent)})",
                "Score them, or say why they are missing; they are shown as missing",
                **network,
            )
        if len(scored) > 1 and scored["score"].nunique(dropna=False) == 1:
            rule, fix = "all scores are equal", "Check the export: this network tells nothing apart"
            ledger.warning(table.file, rule, fix, **network)
    return given.reset_index(drop=True)


def _own_rows(
    table: TextTable, labels: pd.Series, left_out: AbstractSet[str], ledger: Ledger
) -> pd.DataFrame:
    """``image_id, backbone`` of the rows of the study's images, each pair once; the index is the row."""
    known = set(labels.index)
    rows = known_rows(table, known, left_out, ledger, unique=False)
    outside = table.cells["image_id"].isin(left_out - known)
    if outside.any():
        ledger.note(f"{int(outside.sum())} row(s) of {table.file} are of left-out images and were left out.")
    if "backbone" in table:
        networks = network_names(table, ledger)
    else:
        networks = pd.Series(UNNAMED, index=table.cells.index, dtype="str")
    own = pd.DataFrame({"image_id": table.cells["image_id"], "backbone": networks}).loc[rows]
    own = own[own["backbone"] != ""]
    again = own.duplicated()
    for row, image in each(own.loc[again, "image_id"]):
        ledger.error(
            table.file,
            f"network {own.at[row, 'backbone']!r} has the image twice",
            "Keep one row",
            row=row,
            column="image_id",
            value=image,
        )
    return own[~again]
