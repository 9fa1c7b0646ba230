"""The Combined family: the features of RadiomicsDL and the descriptors that the US family would keep."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sgcore.models.descriptor_coding import DescriptorCoding
from sgcore.models.descriptors import DescriptorSelector
from sgcore.models.stacked import StackedSelector


class CombinedSelector:
    """Both selections on the same rows, side by side; nothing is selected among their results.

    Descriptors are chosen as in the US family, which leaves out images without an aspect ratio: on the rows
    whose descriptors are known. The features are chosen on all rows, as in RadiomicsDL.

    Parameters
    ----------
    features, descriptors : the selectors, unfitted.
    columns : those that are descriptors as recorded; all others go to ``features``.

    Attributes
    ----------
    trace_ : rows of the features, then of the descriptors.
    counts_ : of the features, with ``multivariable``, the number of kept descriptors.
    curve_, path_ : of the features' second selection. coding_ : of the descriptors.
    without_ : which parts gave nothing, in words.
    """

    def __init__(
        self, features: StackedSelector, descriptors: DescriptorSelector, columns: Sequence[str]
    ) -> None:
        self.features = features
        self.descriptors = descriptors
        self.columns = columns

    def fit(self, X: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> CombinedSelector:
        """X : (n, d) radiomics, components and descriptors; y : (n,) 0 or 1; groups : (n,) patients."""
        features = self.features.fit(self._others(X), y, groups)
        recorded = X[list(self.columns)]
        known = DescriptorCoding().fit(recorded).transform(recorded).notna().all(axis=1).to_numpy()
        descriptors = self.descriptors.fit(recorded[known], y[known], groups[known])
        self.coding_ = descriptors.coding_
        self.curve_, self.path_ = features.curve_, features.path_
        self.trace_ = pd.concat([features.trace_, descriptors.trace_], ignore_index=True)
        self.counts_ = {**features.counts_, "multivariable": len(descriptors.kept_)}
        self.without_ = features.without_
        if not descriptors.kept_:
            self.without_ += ("no descriptor was kept: the features are those of RadiomicsDL alone",)
        self.notes_ = (
            *(note for note in features.notes_ if note not in features.without_),
            *(f"descriptors: {note}" for note in descriptors.notes_),
            *self.without_,
        )
        if not known.all():
            self.notes_ += (
                f"{int((~known).sum())} training images without an aspect ratio had no say in which descriptors "
                "were kept",
            )
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Selected features and the terms of the kept descriptors, (n, terms)."""
        parts = [self.features.transform(self._others(X)), self.descriptors.transform(X[list(self.columns)])]
        return np.hstack(parts)

    def get_feature_names_out(self) -> np.ndarray:
        """Names of the columns of ``transform``."""
        return np.concatenate(
            [self.features.get_feature_names_out(), self.descriptors.get_feature_names_out()]
        )

    def _others(self, X: pd.DataFrame) -> pd.DataFrame:
        return X[X.columns.difference(self.columns, sort=False)]
