"""Subgroups of a study: the levels of a column of its patients or images, and which cases have which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from sgcore.domain import Study, Unit
from sgcore.errors import UsageError

#: Levels that a column may have, and different numbers up to which numbers are levels as they are.
MOST, AS_THEY_ARE = 12, 6
#: Where bands of age begin: two decades each, whatever the study's ages are.
_AGES = (20.0, 40.0, 60.0, 80.0)
_OLDEST = 120
#: Columns that identify, were assigned or are the outcome; and paths, hashes and identifiers by their names.
_KEYS = {
    "patient_id",
    "image_id",
    "image",
    "mask",
    "image_sha256",
    "mask_sha256",
    "center",
    "label",
    "y",
    "subset",
    "subset_given",
}
_IDENTIFIES = re.compile(r"(?i)(^|_)(id|ids|uid|uuid|mrn|hash|md5|sha\d+|path|file|filename)$")
_AGE = re.compile(r"(?i)^age(_at_(?!\w*(month|week|day))\w+)?(_?(in_)?(years?|yrs?|y))?$")
_YEARS = re.compile(r"(?i) ?(in )?(years?|yrs?|y)$")


@dataclass(frozen=True)
class SubgroupColumn:
    """A column by which cases can be told apart.

    ``table`` is ``patients`` or ``images``; ``levels`` stand in their order; ``reason`` says why the column
    makes no subgroups, and is empty where it does.
    """

    name: str
    table: str
    levels: tuple[str, ...]
    reason: str


def subgroup_columns(study: Study) -> tuple[SubgroupColumn, ...]:
    """The columns of patients and of images that describe cases, with their levels or why they have none.

    Text has its values as levels, at most 12. Numbers are cut at the terciles of the training patients (of
    their images), ages at 20, 40, 60 and 80 years; up to six different numbers are levels as they are.
    Limits stand in a level's name. A missing value is a level of its own.
    """
    return tuple(
        SubgroupColumn(name, table, tuple(levels.cat.categories), reason)
        for table, name in _described(study)
        for levels, reason in [_levels_of(study, table, name)]
    )


def subgroups(study: Study, column: str, unit: Unit = "image") -> pd.Series:
    """The level of each image, an ordered categorical by ``image_id`` that is named as the column.

    By patient all images of a patient have the patient's level: that of all of them, or "several values"
    where a column of images differs among them.

    Raises
    ------
    UsageError : the study has no such column, or it makes no subgroups; the message says why.
    """
    table = next((table for table, name in _described(study) if name == column), None)
    if table is None:
        known = ", ".join(c.name for c in subgroup_columns(study) if not c.reason) or "none"
        raise UsageError(f"the study has no column {column!r} for subgroups; choose from: {known}.")
    levels, reason = _levels_of(study, table, column)
    if reason:
        raise UsageError(f"column {column!r} makes no subgroups: {reason}. Choose another.")
    images = study.images.set_index("image_id")["patient_id"]
    if table == "patients":
        return images.map(levels).astype(levels.dtype).rename(column)
    if unit == "image":
        return levels.rename(column)
    several = f"several values of {_words(column)}"
    own = levels.astype(object)
    differ = own.groupby(images).transform("nunique") > 1
    names = [name for name in levels.cat.categories if (own[~differ] == name).any()]
    names += [several] if differ.any() else []
    return own.where(~differ, several).astype(pd.CategoricalDtype(names, ordered=True)).rename(column)


def _described(study: Study) -> Iterator[tuple[str, str]]:
    """Table and name of each column that describes cases; of two of one name the patients' one."""
    keys = {*_KEYS, study.split_column}
    of_patients = [str(name) for name in study.patients.columns if name not in keys]
    yield from (("patients", name) for name in of_patients)
    keys.update(of_patients)
    yield from (("images", str(name)) for name in study.images.columns if name not in keys)


def _levels_of(study: Study, table: str, name: str) -> tuple[pd.Series, str]:
    """Levels by ``patient_id`` or ``image_id``, or no categories beside the reason."""
    subsets = study.patients.set_index("patient_id")["subset"]
    if table == "patients":
        values = study.patients.set_index("patient_id")[name]
        train = subsets == "train"
    else:
        values = study.images.set_index("image_id")[name]
        train = (study.images["patient_id"].map(subsets) == "train").set_axis(values.index)
    known, called = values.dropna(), _words(name)
    reason, names, order = "", pd.Series(dtype=object), list[str]()
    if _IDENTIFIES.search(name):
        reason = "it names cases or files"
    elif known.empty:
        reason = "no value is known"
    elif _numeric(known) and (known.nunique() > AS_THEY_ARE or _is_age(name, known)):
        limits = _limits(name, known, values[train].dropna())
        if limits:
            names, order = _bands(known, limits, _YEARS.sub("", called) if _is_age(name, known) else called)
        else:
            reason = "no training patient has values to cut it by"
    elif known.nunique() > MOST:
        reason = f"{known.nunique()} different values, and at most {MOST} make subgroups"
    else:
        by_value = {value: f"{called} {_text(value)}" for value in sorted(known.unique(), key=_place)}
        names, order = known.map(by_value), list(dict.fromkeys(by_value.values()))
    missing = f"{called} not known"
    present = [level for level in order if (names == level).any() and level != missing]
    if len(known) < len(values) or missing in order:
        present.append(missing)
    if not reason and len(present) < 2:
        reason = f"one value only ({present[0]})"
    if reason:
        return pd.Series(pd.Categorical([None] * len(values), []), index=values.index), reason
    filled = names.reindex(values.index).fillna(missing)
    return filled.astype(pd.CategoricalDtype(present, ordered=True)), ""


def _limits(name: str, known: pd.Series, train: pd.Series) -> list[float]:
    """Where numbers are cut: ages by decades where they differ so, else terciles of training, rounded."""
    if _is_age(name, known) and len(set(np.searchsorted(_AGES, known, side="right"))) > 1:
        return list(_AGES)
    if train.empty:
        return []
    low, high = np.quantile(train.to_numpy(float), [1 / 3, 2 / 3])
    # Two digits of the spread: years and serial numbers lie far from zero and close together.
    spread = float(train.max() - train.min())
    digits = 2 - int(np.floor(np.log10(spread))) if spread > 0 else 0
    rounded = sorted({float(round(limit, digits)) for limit in (low, high)})
    places = np.searchsorted(rounded, known.to_numpy(float), side="right")
    return rounded if len(set(places)) > 1 else sorted({float(low), float(high)})


def _bands(known: pd.Series, limits: list[float], called: str) -> tuple[pd.Series, list[str]]:
    """The band of each number, from its lower limit up to below the next, and all bands from below."""
    years = tuple(limits) == _AGES
    ends = [_text(high - 1) if years else f"below {_text(high)}" for high in limits[1:]]
    order = [
        f"{called} below {_text(limits[0])}",
        *(f"{called} {_text(low)} to {end}" for (low, _), end in zip(pairwise(limits), ends, strict=True)),
        f"{called} {_text(limits[-1])} and above",
    ]
    places = np.searchsorted(limits, known.to_numpy(float), side="right")
    return pd.Series(np.array(order, dtype=object)[places], index=known.index), order


def _is_age(name: str, known: pd.Series) -> bool:
    return bool(_AGE.match(name)) and _numeric(known) and bool(known.between(0, _OLDEST).all())


def _numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _text(value: object) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float | np.number) else str(value)


def _place(value: object) -> tuple[bool, float, str]:
    """Numbers by size, then text."""
    if isinstance(value, int | float | np.number):
        return False, float(value), str(value)
    return True, 0.0, str(value)
