"""The four steps as one transformer, with the fate of every feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted, validate_data

from sgcore.config import SelectionConfig
from sgcore.selection.base import BinarySelector, empty_trace, feature_names
from sgcore.selection.correlation import CorrelationFilter
from sgcore.selection.lasso import LassoSelector
from sgcore.selection.univariate import UnivariateFilter


class FeatureSelector(BinarySelector):
    """z-score, univariate test, correlation, LASSO: the reference study's selection.

    Everything is learned from the rows given to ``fit``. ``transform`` returns the selected columns as
    they came, not z-scored: scaling belongs to the classifier.

    Parameters
    ----------
    p_threshold, test, correction : of :class:`UnivariateFilter`.
    rho : of :class:`CorrelationFilter`.
    lasso_loss, lasso_rule, folds, n_alphas, seed : of :class:`LassoSelector`.
    exclude : feature name -> why it may not be selected.

    Attributes
    ----------
    support_ : (d,) which columns are selected; none is an outcome.
    trace_ : one row a feature: ``feature, step, test, statistic, p, q, partner, rho, coefficient,
        reason``; ``step`` is the one that dropped it (excluded, univariate, correlation, lasso), or selected.
    counts_ : how many features there were, were usable, and were left after each step.
    curve_ : ``alpha, error_mean, error_se, chosen``; path_ : ``alpha, feature, coefficient``.
    alpha_ : the chosen alpha, NaN where the LASSO had nothing to do; notes_ : what a reader should know.
    """

    def __init__(
        self,
        p_threshold: float = 0.05,
        test: str = "auto",
        correction: str = "none",
        rho: float = 0.9,
        lasso_loss: str = "gaussian",
        lasso_rule: str = "min",
        folds: int = 5,
        n_alphas: int = 100,
        seed: int = 0,
        exclude: Mapping[str, str] | None = None,
    ) -> None:
        self.p_threshold = p_threshold
        self.test = test
        self.correction = correction
        self.rho = rho
        self.lasso_loss = lasso_loss
        self.lasso_rule = lasso_rule
        self.folds = folds
        self.n_alphas = n_alphas
        self.seed = seed
        self.exclude = exclude

    @classmethod
    def from_config(
        cls, config: SelectionConfig, *, seed: int = 0, exclude: Mapping[str, str] | None = None
    ) -> FeatureSelector:
        """The selector of an analysis."""
        names = ("p_threshold", "test", "correction", "rho", "lasso_loss", "lasso_rule", "folds", "n_alphas")
        return cls(**{name: getattr(config, name) for name in names}, seed=seed, exclude=exclude)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def fit(self, X: Any, y: Any, groups: Any = None) -> FeatureSelector:
        """X : (n, d); y : (n,) two labels; groups : (n,) patients, kept together in the LASSO's folds.

        A column that is constant, or not finite in every row, is excluded with its reason.
        """
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite=False)
        self.trace_ = empty_trace(feature_names(self))
        self.curve_ = pd.DataFrame(columns=["alpha", "error_mean", "error_se", "chosen"])
        self.path_ = pd.DataFrame(columns=["alpha", "feature", "coefficient"])
        self.alpha_ = np.nan
        self.notes_: list[str] = []
        kept = self._exclude(X)
        usable = len(kept)
        Z = (X[:, kept] - X[:, kept].mean(axis=0)) / X[:, kept].std(axis=0)
        kept, Z = self._univariate(kept, Z, y)
        after_tests = len(kept)
        kept, Z = self._correlation(kept, Z, y)
        after_correlation = len(kept)
        kept = self._lasso(kept, Z, y, groups)
        self.trace_.loc[kept, "step"] = "selected"
        self.support_ = np.zeros(X.shape[1], dtype=bool)
        self.support_[kept] = True
        self.counts_ = {
            "features": X.shape[1],
            "usable": usable,
            "univariate": after_tests,
            "correlation": after_correlation,
            "lasso": len(kept),
        }
        return self

    def _exclude(self, X: np.ndarray) -> np.ndarray:
        finite = np.isfinite(X).all(axis=0)
        # Rounding makes a constant column's SD about 1e-16 of its size, not 0.
        with np.errstate(invalid="ignore", over="ignore"):
            constant = finite & (np.ptp(np.where(finite, X, 0.0), axis=0) <= 1e-12 * np.abs(X).max(axis=0))
        names = self.trace_["feature"]
        reasons = names.map(dict(self.exclude or {})).astype(object)
        reasons[constant & reasons.isna().to_numpy()] = "the same value in all training images"
        reasons[~finite & reasons.isna().to_numpy()] = "missing or infinite in a training image"
        out = reasons.notna().to_numpy()
        self.trace_.loc[out, "step"] = "excluded"
        self.trace_.loc[out, "reason"] = reasons[out]
        return np.flatnonzero(~out)

    def _univariate(self, kept: np.ndarray, Z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        step = UnivariateFilter(self.p_threshold, self.test, self.correction)
        if not len(kept):
            return kept, Z
        step.fit(Z, y)
        for column in ("test", "statistic", "p", "q", "reason"):
            self.trace_.loc[kept, column] = step.tests_[column].replace("", None).to_numpy()
        self.trace_.loc[kept[~step.support_], "step"] = "univariate"
        return kept[step.support_], Z[:, step.support_]

    def _correlation(self, kept: np.ndarray, Z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not len(kept):
            return kept, Z
        step = CorrelationFilter(self.rho).fit(Z, y, p=self.trace_.loc[kept, "p"].to_numpy(float))
        dropped = kept[~step.support_]
        self.trace_.loc[dropped, "step"] = "correlation"
        self.trace_.loc[dropped, "partner"] = self.trace_["feature"].to_numpy()[
            kept[step.partner_[~step.support_]]
        ]
        self.trace_.loc[dropped, "rho"] = step.rho_[~step.support_]
        return kept[step.support_], Z[:, step.support_]

    def _lasso(self, kept: np.ndarray, Z: np.ndarray, y: np.ndarray, groups: Any) -> np.ndarray:
        if not len(kept):
            return kept
        step = LassoSelector(self.lasso_loss, self.lasso_rule, self.folds, self.n_alphas, self.seed)
        step.fit(Z, y, groups=groups)
        if step.note_:
            self.notes_.append(f"LASSO: {step.note_}")
        names = self.trace_.loc[kept, "feature"].to_numpy()
        self.alpha_, self.curve_ = step.alpha_, step.curve_
        alphas = step.curve_["alpha"].to_numpy(float)
        self.path_ = pd.DataFrame(
            {
                "alpha": np.repeat(alphas, len(names)),
                "feature": np.tile(names, len(alphas)),
                "coefficient": step.lasso_path_.ravel(),
            }
        )
        self.trace_.loc[kept, "coefficient"] = step.coef_
        self.trace_.loc[kept[~step.support_], "step"] = "lasso"
        return kept[step.support_]

    def _get_support_mask(self) -> np.ndarray:
        check_is_fitted(self)
        return self.support_
