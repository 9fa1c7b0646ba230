"""Checks that every statistic does first: shapes are the caller's fault, data conditions get a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NAN = float("nan")


def check_level(level: float) -> None:
    """Raise ValueError unless ``level`` is a confidence level strictly between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; a confidence level lies between 0 and 1, for example 0.95.")


def as_floats(values: ArrayLike, name: str, *, ndim: int = 1) -> Floats:
    """``values`` as a float64 array of ``ndim`` dimensions; ValueError where that is not possible."""
    if isinstance(values, (pd.Series, pd.DataFrame)):
        values = values.to_numpy(dtype=float, na_value=np.nan)
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold numbers: {error}.") from error
    if array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension(s), not shape {array.shape}.")
    return array


def same_length(expected: int, **arrays: Any) -> None:
    """Raise ValueError when an array is not ``expected`` long."""
    for name, array in arrays.items():
        if len(array) != expected:
            raise ValueError(f"{name} has {len(array)} values where y_true has {expected}.")


def as_labels(y_true: ArrayLike) -> Floats:
    """Labels as floats 0, 1 or NaN (missing); ValueError for any other value."""
    y = as_floats(y_true, "y_true")
    known = y[~np.isnan(y)]
    wrong = known[(known != 0) & (known != 1)]
    if wrong.size:
        raise ValueError(f"y_true must be 0 (negative) or 1 (positive); it holds {wrong[0]:g}.")
    return y


def group_codes(groups: ArrayLike | None, length: int, name: str = "groups") -> Ints:
    """Group numbers from 0; -1 where the group is missing; every case its own group when None."""
    if groups is None:
        return np.arange(length)
    values = groups if isinstance(groups, (pd.Series, pd.Index)) else np.asarray(groups)
    if values.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, not shape {values.shape}.")
    same_length(length, **{name: values})
    return pd.factorize(values)[0].astype(np.int64)


def distinct(codes: Ints) -> int:
    """How many group numbers (from 0) occur; counting takes a third of the time of sorting them."""
    return int(np.count_nonzero(np.bincount(codes)))


@dataclass(frozen=True)
class Cases:
    """Checked cases: labels and group numbers of the same length, and why they cannot be used, if so."""

    y: Floats
    codes: Ints
    clustered: bool
    reason: str

    @property
    def positive(self) -> NDArray[np.bool_]:
        return self.y == 1

    @property
    def n_pos(self) -> int:
        return int((self.y == 1).sum())

    @property
    def n_neg(self) -> int:
        return int((self.y == 0).sum())

    @property
    def n_groups(self) -> int:
        return distinct(self.codes[self.codes >= 0])

    def groups_with(self, label: int) -> int:
        """How many groups (patients) have at least one case of the class."""
        return distinct(self.codes[(self.y == label) & (self.codes >= 0)])


def as_cases(y_true: ArrayLike, groups: ArrayLike | None) -> Cases:
    """Check labels and groups; missing values, no cases and a single class become the reason."""
    y = as_labels(y_true)
    codes = group_codes(groups, y.size)
    known = codes[codes >= 0]
    clustered = groups is not None and distinct(known) < known.size
    return Cases(y, codes, clustered, _label_reason(y, codes))


def _label_reason(y: Floats, codes: Ints) -> str:
    if y.size == 0:
        return "no cases"
    if np.isnan(y).any():
        return f"the label of {int(np.isnan(y).sum())} of {y.size} cases is missing"
    if (codes < 0).any():
        return f"the patient of {int((codes < 0).sum())} of {y.size} cases is missing"
    if y.min() == y.max():
        return f"one class only (all {'positive' if y[0] else 'negative'}), n = {y.size}"
    return ""


def missing_reason(values: Floats, what: str = "score") -> str:
    """Why scores cannot be ranked: how many are missing; empty when none is."""
    missing = int(np.isnan(values).sum())
    return f"the {what} of {missing} of {values.size} cases is missing" if missing else ""
