"""The RadiomicsDL family: radiomics are selected, and once more together with the components of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sgcore.config import SelectionConfig
from sgcore.selection import FeatureSelector


class StackedSelector:
    """Two selections of four steps each, on the same rows: radiomics, then what is left beside components.

    Parameters
    ----------
    config : thresholds of both selections.
    deep : columns that are components; all others are radiomics.
    seed : of the folds of both LASSOs.
    exclude : radiomics feature -> why it must not be used.

    Attributes
    ----------
    first_, second_ : the two :class:`sgcore.selection.FeatureSelector`.
    trace_, counts_, curve_, path_ : of the second selection, whose candidates are the components and the
        radiomics features that the first one selected.
    without_ : which of the two kinds of features is not in the result, in words.
    """

    def __init__(
        self,
        config: SelectionConfig,
        deep: Sequence[str],
        *,
        seed: int = 0,
        exclude: Mapping[str, str] | None = None,
    ) -> None:
        self.config = config
        self.deep = deep
        self.seed = seed
        self.exclude = exclude

    def fit(self, X: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> StackedSelector:
        """X : (n, d) radiomics and components; y : (n,) 0 or 1; groups : (n,) patients."""
        radiomics = X.columns.difference(self.deep, sort=False)
        self.first_ = FeatureSelector.from_config(self.config, seed=self.seed, exclude=self.exclude)
        kept = list(self.first_.fit(X[radiomics], y, groups=groups).get_feature_names_out())
        # Components stand first, so that ties of p are decided for them whatever the order of the columns.
        self.candidates_ = [*self.deep, *kept]
        self.second_ = FeatureSelector.from_config(self.config, seed=self.seed)
        self.second_.fit(X[self.candidates_], y, groups=groups)
        self.trace_, self.counts_ = self.second_.trace_, self.second_.counts_
        self.curve_, self.path_ = self.second_.curve_, self.second_.path_
        self.without_ = self._without(kept)
        self.notes_ = (
            *(f"selection of radiomics features: {note}" for note in self.first_.notes_),
            *(f"selection among components and radiomics: {note}" for note in self.second_.notes_),
            *self.without_,
        )
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """The columns that the second selection left, (n, terms), as they came."""
        return np.asarray(self.second_.transform(X[self.candidates_]), float)

    def get_feature_names_out(self) -> np.ndarray:
        """Names of the columns of ``transform``."""
        return np.asarray(self.second_.get_feature_names_out())

    def _without(self, kept: list[str]) -> tuple[str, ...]:
        if not kept:
            return ("no radiomics feature was selected: the components were the only candidates",)
        selected = self.get_feature_names_out()
        if not len(selected):
            return ()
        if not np.isin(selected, list(self.deep)).any():
            return ("no component was selected: only radiomics features are left",)
        if not np.isin(selected, kept).any():
            return ("no radiomics feature was selected beside the components",)
        return ()
