"""Descriptors as a logistic model takes them; levels and medians are learned from training rows alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

ASPECT = "aspect_ratio"
#: The reference study's descriptor: wider than tall or not.
ASPECT_BELOW_1 = "aspect_ratio < 1"
MISSING = "not recorded"


class DescriptorCoding:
    """Aspect ratio as yes or no below 1, text as categories, missing numbers as the training median.

    Attributes
    ----------
    medians_ : of the numeric descriptors.
    levels_ : of the others, the most frequent one first; text that is missing is a level of its own.
    left_out_ : descriptors without a single value among the training rows.
    """

    def fit(self, X: pd.DataFrame) -> DescriptorCoding:
        """``X`` : (n, d), one row a training image and one column a descriptor as it was recorded."""
        self.medians_: dict[str, float] = {}
        self.levels_: dict[str, list[str]] = {}
        self.left_out_: list[str] = []
        for name in X.columns:
            if X[name].isna().all():
                self.left_out_.append(name)
            elif name != ASPECT and pd.api.types.is_numeric_dtype(X[name]):
                self.medians_[name] = float(X[name].median())
            elif name != ASPECT:
                self.levels_[name] = list(_text(X[name]).value_counts().index)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Coded columns, same rows; a level that no training row has counts as the most frequent one.

        A missing aspect ratio stays missing: nothing stands for a lesion that nobody outlined.
        """
        columns: dict[str, pd.Series] = {}
        for name in X.columns.difference(self.left_out_, sort=False):
            values = X[name]
            if name == ASPECT:
                columns[ASPECT_BELOW_1] = (values < 1).astype(float).where(values.notna())
            elif name in self.medians_:
                columns[name] = values.astype(float).fillna(self.medians_[name])
            else:
                levels = self.levels_[name]
                codes = pd.Index(levels).get_indexer(_text(values))
                known = pd.Categorical.from_codes(np.maximum(codes, 0), levels)
                columns[name] = pd.Series(known, index=X.index)
        return pd.DataFrame(columns, index=X.index)

    def describe(self, X: pd.DataFrame) -> list[str]:
        """What the coding left out, filled or merged in these rows, in words."""
        notes = [f"{name} is missing in all training images and was left out" for name in self.left_out_]
        for name in self.medians_:
            missing = int(X[name].isna().sum())
            if missing:
                notes.append(f"{missing} missing values of {name} became the training median")
        for name, levels in self.levels_.items():
            text = _text(X[name])
            unseen = text[~text.isin(levels)]
            if len(unseen):
                notes.append(
                    f"{len(unseen)} images have levels of {name} that no training image has "
                    f"({', '.join(sorted(unseen.unique())[:3])}); they count as {levels[0]}"
                )
        return notes


def _text(values: pd.Series) -> pd.Series:
    return values.astype(object).where(values.notna(), MISSING).astype(str)
