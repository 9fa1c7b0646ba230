"""The US family: descriptors by uni- and then multivariable logistic regression."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.models.descriptor_coding import DescriptorCoding
from sgcore.selection.base import empty_trace

_TABLE = ["model", *stats.ODDS_RATIO_COLUMNS]


class DescriptorSelector:
    """Keeps descriptors with p < ``p_threshold`` in univariable and then in multivariable models.

    p-values are those of a descriptor as a whole: Wald's with standard errors clustered by patient, all
    levels together (Firth's penalized likelihood ratio where the classes separate).

    Parameters
    ----------
    limits : whether ``odds_ratios_`` has intervals, which nothing is kept by and which take most of the time.

    Attributes
    ----------
    kept_ : names of the kept descriptors.
    odds_ratios_ : ``model`` (univariable, multivariable) and the columns of ``stats.odds_ratios``.
    trace_ : as :class:`sgcore.selection.FeatureSelector` gives it; ``step`` is ``excluded``,
        ``univariate``, ``multivariable`` or ``selected``.
    counts_ : how many were left: ``features, usable, univariate, multivariable``.
    """

    def __init__(self, p_threshold: float = 0.05, *, limits: bool = True) -> None:
        self.p_threshold = p_threshold
        self.limits = limits

    def fit(self, X: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> DescriptorSelector:
        """X : (n, d) descriptors as recorded; y : (n,) 0 or 1; groups : (n,) patients."""
        self.notes_: list[str] = []
        self.coding_ = DescriptorCoding().fit(X)
        X = self.coding_.transform(X)
        if not X.shape[1]:
            # A fold may hold out every image that has a descriptor.
            return self._nothing()
        one = stats.odds_ratios(X, y, groups, limits=self.limits).assign(model="univariable")
        p_one = _variable_p(one).reindex(X.columns)
        passed = [name for name in X.columns if p_one[name] < self.p_threshold]
        tables = [one]
        p_all = pd.Series(np.nan, index=X.columns)
        self.kept_: list[str] = []
        if passed:
            many = stats.odds_ratios(X[passed], y, groups, multivariable=True, limits=self.limits)
            tables.append(many.assign(model="multivariable"))
            p_all.update(_variable_p(many))
            self.kept_ = [name for name in passed if p_all[name] < self.p_threshold]
        if len(X.columns) == 1 and self.kept_:
            self.notes_.append(f"rests on {self.kept_[0]} alone, the only descriptor of the training images")
        self.odds_ratios_ = pd.concat(tables, ignore_index=True)[_TABLE]
        self.trace_ = pd.DataFrame([self._fate(name, one, p_one, p_all, passed) for name in X.columns])
        self.counts_ = {
            "features": X.shape[1],
            "usable": int(p_one.notna().sum()),
            "univariate": len(passed),
            "multivariable": len(self.kept_),
        }
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Kept descriptors as numbers, (n, terms): categories as one column a level but the first."""
        X = self.coding_.transform(X)
        parts = [
            pd.get_dummies(X[name], drop_first=True, dtype=float)
            if isinstance(X[name].dtype, pd.CategoricalDtype)
            else X[[name]].astype(float)
            for name in self.kept_
        ]
        return pd.concat(parts, axis=1).to_numpy() if parts else np.empty((len(X), 0))

    def get_feature_names_out(self) -> np.ndarray:
        """Names of the columns of ``transform``: a descriptor, or ``descriptor=level``."""
        levels = self.coding_.levels_
        names = [
            [f"{name}={level}" for level in levels[name][1:]] if name in levels else [name]
            for name in self.kept_
        ]
        return np.array([name for terms in names for name in terms], dtype=object)

    def _nothing(self) -> DescriptorSelector:
        self.kept_ = []
        self.odds_ratios_ = pd.DataFrame(columns=_TABLE)
        self.trace_ = empty_trace(np.empty(0, dtype=object))
        self.counts_ = dict.fromkeys(("features", "usable", "univariate", "multivariable"), 0)
        return self

    def _fate(
        self, name: str, one: pd.DataFrame, p_one: pd.Series, p_all: pd.Series, passed: list[str]
    ) -> dict[str, Any]:
        said, method = one.loc[one["variable"] == name, ["reason", "method"]].iloc[0]
        if name in self.kept_:
            step, reason = "selected", None
        elif not np.isfinite(p_one[name]):
            step, reason = "excluded", said
        elif name in passed:
            step, reason = "multivariable", f"p = {p_all[name]:.3f} in the multivariable model"
        else:
            step, reason = "univariate", f"p is not below {self.p_threshold:g}"
        return {
            "feature": name,
            "step": step,
            "test": method or None,
            "statistic": np.nan,
            "p": p_one[name],
            "q": np.nan,
            "partner": None,
            "rho": np.nan,
            "coefficient": np.nan,
            "reason": reason,
        }


def _variable_p(table: pd.DataFrame) -> pd.Series:
    """One p a descriptor; a term that the model had to drop has none of its own."""
    return table.groupby("variable", sort=False)["p_variable"].first()
