"""The US family: descriptors by uni- and then multivariable logistic regression."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats

ASPECT = "aspect_ratio"
#: The reference study's descriptor: wider than tall or not.
ASPECT_BELOW_1 = "aspect_ratio < 1"
MISSING = "not recorded"
_TABLE = [
    "model",
    "variable",
    "term",
    "odds_ratio",
    "ci_low",
    "ci_high",
    "p",
    "n",
    "n_missing",
    "method",
    "reason",
]


def prepare_descriptors(descriptors: pd.DataFrame, train: pd.Index) -> tuple[pd.DataFrame, list[str]]:
    """Descriptors as the US model takes them, by what the training images hold.

    Parameters
    ----------
    descriptors : index ``image_id``, one column a descriptor; train : ids of the training images.

    Returns
    -------
    A frame (aspect ratio as yes or no below 1; text as categories, the most frequent level of the
    training images first; missing text as a level of its own) and notes on what was left out.
    """
    notes, columns = [], {}
    for name in descriptors.columns:
        values = descriptors[name]
        seen = values.loc[train]
        if seen.isna().all():
            notes.append(f"{name} is missing in all training images and was left out")
            continue
        if name == ASPECT:
            columns[ASPECT_BELOW_1] = (values < 1).astype(float).where(values.notna())
            continue
        if pd.api.types.is_numeric_dtype(values):
            if values.isna().any():
                notes.append(
                    f"{int(values.isna().sum())} missing values of {name} became the training median"
                )
            columns[name] = values.astype(float).fillna(float(seen.median()))
            continue
        text = values.astype(object).where(values.notna(), MISSING).astype(str)
        levels = list(text.loc[train].value_counts().index)
        unseen = text[~text.isin(levels)]
        if len(unseen):
            notes.append(
                f"{len(unseen)} images have levels of {name} that no training image has "
                f"({', '.join(sorted(unseen.unique())[:3])}); they count as {levels[0]}"
            )
        columns[name] = pd.Series(
            pd.Categorical(text.where(text.isin(levels), levels[0]), categories=levels), index=text.index
        )
    return pd.DataFrame(columns, index=descriptors.index), notes


class DescriptorSelector:
    """Keeps descriptors with p < ``p_threshold`` in univariable and then in multivariable models.

    p-values are Wald's with standard errors clustered by patient. A study with a single descriptor keeps
    it whatever its p, and ``notes_`` says so.

    Attributes
    ----------
    kept_ : names of the kept descriptors.
    odds_ratios_ : ``model`` (univariable, multivariable) and the columns of ``stats.odds_ratios``.
    trace_, counts_ : as :class:`sgcore.selection.FeatureSelector` gives them.
    """

    def __init__(self, p_threshold: float = 0.05) -> None:
        self.p_threshold = p_threshold

    def fit(self, X: pd.DataFrame, y: np.ndarray, groups: np.ndarray) -> DescriptorSelector:
        """X : (n, d) as :func:`prepare_descriptors` gives it; y : (n,) 0 or 1; groups : (n,) patients."""
        self.notes_: list[str] = []
        one = stats.odds_ratios(X, y, groups).assign(model="univariable")
        p_one = one.groupby("variable", sort=False)["p"].min().reindex(X.columns)
        passed = [name for name in X.columns if p_one[name] < self.p_threshold]
        tables = [one]
        p_all = pd.Series(np.nan, index=X.columns)
        if X.shape[1] == 1 and not passed:
            passed = list(X.columns)
            self.notes_.append(
                f"US rests on {X.columns[0]} alone, the only descriptor that the training images have "
                f"(p = {p_one.iloc[0]:.3f}); it was not selected"
            )
            self.kept_ = passed if np.isfinite(p_one.iloc[0]) else []
        elif passed:
            many = stats.odds_ratios(X[passed], y, groups, multivariable=True).assign(model="multivariable")
            tables.append(many)
            p_all.update(many.groupby("variable")["p"].min())
            self.kept_ = [name for name in passed if p_all[name] < self.p_threshold]
        else:
            self.kept_ = []
        self.odds_ratios_ = pd.concat(tables, ignore_index=True)[_TABLE]
        self.trace_ = pd.DataFrame([self._fate(name, one, p_one, p_all, passed) for name in X.columns])
        self.counts_ = {
            "features": X.shape[1],
            "usable": int(p_one.notna().sum()),
            "univariate": len(passed),
            "correlation": len(passed),
            "lasso": len(self.kept_),
        }
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Kept descriptors as numbers, (n, terms): categories as one column a level but the first."""
        parts = [
            pd.get_dummies(X[name], drop_first=True, dtype=float)
            if isinstance(X[name].dtype, pd.CategoricalDtype)
            else X[[name]].astype(float)
            for name in self.kept_
        ]
        return pd.concat(parts, axis=1).to_numpy() if parts else np.empty((len(X), 0))

    def _fate(
        self, name: str, one: pd.DataFrame, p_one: pd.Series, p_all: pd.Series, passed: list[str]
    ) -> dict[str, Any]:
        said = one.loc[one["variable"] == name, "reason"].iloc[0]
        if name in self.kept_:
            step, reason = "selected", None
        elif not np.isfinite(p_one[name]):
            step, reason = "excluded", said
        elif name in passed:
            step, reason = "lasso", f"p = {p_all[name]:.3f} in the multivariable model"
        else:
            step, reason = "univariate", None
        return {
            "feature": name,
            "step": step,
            "test": "logistic regression, Wald",
            "statistic": np.nan,
            "p": p_one[name],
            "q": np.nan,
            "partner": None,
            "rho": np.nan,
            "coefficient": np.nan,
            "reason": reason,
        }
