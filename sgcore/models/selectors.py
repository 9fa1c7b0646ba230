"""The four ways in which a family comes to its features, behind one interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, Self

import numpy as np
import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.models.combined import CombinedSelector
from sgcore.models.descriptors import DescriptorSelector
from sgcore.models.stacked import StackedSelector
from sgcore.selection import FeatureSelector

Kind = Literal["features", "descriptors", "radiomics_dl", "combined"]


class Selector(Protocol):
    """Learns which columns count and turns them into the terms that classifiers take.

    Those that ran a LASSO also have ``curve_`` and ``path_``, those with descriptors ``coding_``; the US
    family's has ``odds_ratios_``, those of several parts ``without_``: what a part of them did not give.
    """

    trace_: pd.DataFrame
    counts_: dict[str, int]

    @property
    def notes_(self) -> Sequence[str]: ...

    def fit(self, X: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> Self: ...

    def transform(self, X: pd.DataFrame) -> np.ndarray: ...

    def get_feature_names_out(self) -> np.ndarray: ...


def selector_of(
    kind: Kind,
    config: AnalysisConfig,
    exclude: Mapping[str, str],
    deep: Sequence[str] = (),
    descriptors: Sequence[str] = (),
    *,
    reported: bool = True,
) -> Selector:
    """An unfitted selector; ``deep`` and ``descriptors`` name columns, ``exclude`` says why some may not be used.

    ``reported`` is False for a fold, whose odds ratios nobody sees: they have no intervals then.
    """
    if kind == "descriptors":
        return DescriptorSelector(config.selection.p_threshold, limits=reported)
    if kind == "features":
        return FeatureSelector.from_config(config.selection, seed=config.seed, exclude=exclude)
    stacked = StackedSelector(config.selection, deep, seed=config.seed, exclude=exclude)
    if kind == "radiomics_dl":
        return stacked
    kept = DescriptorSelector(config.selection.p_threshold, limits=False)
    return CombinedSelector(stacked, kept, descriptors)


def check_columns(kind: Kind, columns: pd.Index, deep: Sequence[str], descriptors: Sequence[str]) -> None:
    """Raise ``ValueError`` where the columns are not those that this kind of family is made of."""
    twice = columns[columns.duplicated()]
    if len(twice):
        raise ValueError(f"The column {twice[0]!r} stands twice; give each feature a name of its own.")
    wanted = {"radiomics_dl": (True, False), "combined": (True, True)}.get(kind, (False, False))
    for given, want, what in zip((deep, descriptors), wanted, ("deep", "descriptors"), strict=True):
        if bool(len(given)) != want:
            raise ValueError(f"{kind!r} takes {'at least one column' if want else 'no column'} in {what!r}.")
    missing = [name for name in (*deep, *descriptors) if name not in columns]
    if missing:
        raise ValueError(f"There is no column {missing[0]!r} among the features.")
