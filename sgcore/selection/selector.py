"""The whole selection as one transformer, with a record of what became of every feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.utils.validation import validate_data

from sgcore.config import SelectionConfig
from sgcore.selection.base import BinarySelector, binary_labels, check_groups, empty_trace, feature_names
from sgcore.selection.correlation import CorrelationFilter
from sgcore.selection.lasso import LassoSelector, empty_curve
from sgcore.selection.univariate import UnivariateFilter
from sgcore.selection.usable import standardized


class FeatureSelector(BinarySelector):
    """z-score, univariate test, Spearman pruning and LASSO, in this order, on the rows given to ``fit``.

    The z-score (mean and SD of those rows) serves the LASSO alone: ``transform`` returns the selected
    columns as they came, and the classifiers scale for themselves. A feature that is constant or has
    a missing or infinite value is left out with the reason. That nothing is left after a step is an
    outcome: ``counts_`` then ends in zeros and ``transform`` returns no column.

    Parameters
    ----------
    p_threshold, test, correction : see :class:`UnivariateFilter`.
    rho : see :class:`CorrelationFilter`; ties of p are broken by the order of the columns.
    lasso_loss, lasso_rule, folds, n_alphas, seed : see :class:`LassoSelector`.
    exclude : name of a feature -> why it must not be used. Names that are no column are ignored.

    Attributes
    ----------
    trace_ : one row a feature in the order of the columns: ``feature, step, test, statistic, p, q,
        partner, rho, coefficient, reason``. ``step`` is the step that dropped it (``excluded``,
        ``univariate``, ``correlation``, ``lasso``) or ``selected``; ``q`` as in ``UnivariateFilter``;
        ``coefficient`` is per SD of the feature.
    counts_ : how many were left: ``features, usable, univariate, correlation, lasso``.
    curve_ : the LASSO's ``alpha, error_mean, error_se, alpha_min, alpha_1se, chosen``; may be empty.
    path_ : ``alpha, feature, coefficient``, a row for each alpha and feature of the LASSO; may be empty.
    alpha_ : the chosen penalty, NaN where no LASSO was run.
    notes_ : what was given up on the way, in words.
    """

    def __init__(
        self,
        p_threshold: float = 0.05,
        test: Literal["auto", "student", "welch", "mannwhitney"] = "auto",
        correction: Literal["none", "holm", "bh"] = "none",
        rho: float = 0.9,
        lasso_loss: Literal["gaussian", "logistic"] = "gaussian",
        lasso_rule: Literal["min", "1se"] = "min",
        folds: int = 5,
        n_alphas: int = 100,
        exclude: Mapping[str, str] | None = None,
        seed: int = 0,
    ) -> None:
        self.p_threshold = p_threshold
        self.test = test
        self.correction = correction
        self.rho = rho
        self.lasso_loss = lasso_loss
        self.lasso_rule = lasso_rule
        self.folds = folds
        self.n_alphas = n_alphas
        self.exclude = exclude
        self.seed = seed

    @classmethod
    def from_config(
        cls, config: SelectionConfig, *, seed: int = 0, exclude: Mapping[str, str] | None = None
    ) -> FeatureSelector:
        """The selector of an analysis; ``exclude`` carries what its residue and ICC settings rule out."""
        return cls(
            p_threshold=config.p_threshold,
            test=config.test,
            correction=config.correction,
            rho=config.rho,
            lasso_loss=config.lasso_loss,
            lasso_rule=config.lasso_rule,
            folds=config.folds,
            n_alphas=config.n_alphas,
            exclude=exclude,
            seed=seed,
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def fit(self, X: Any, y: Any, groups: Any = None) -> FeatureSelector:
        """Select on all rows of ``X`` (n, d); ``groups`` (n,) are patients, kept together in the folds."""
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite=False)
        _, labels = binary_labels(y)
        patients = check_groups(groups, len(labels))
        names = feature_names(self)
        trace = empty_trace(names)
        self.notes_: tuple[str, ...] = ()
        self.alpha_ = np.nan
        z, left = self._exclude(X, names, trace)
        usable = len(left)
        left = self._univariate(X, labels, left, trace)
        tested = len(left)
        left = self._correlation(X, labels, left, trace)
        pruned = len(left)
        left = self._lasso(z, labels, patients, left, names, trace)
        trace.loc[left, "step"] = "selected"
        self.trace_ = trace
        self.counts_ = {
            "features": X.shape[1],
            "usable": usable,
            "univariate": tested,
            "correlation": pruned,
            "lasso": len(left),
        }
        self.support_ = np.isin(np.arange(X.shape[1]), left)
        return self

    def _exclude(
        self, X: np.ndarray, names: np.ndarray, trace: pd.DataFrame
    ) -> tuple[np.ndarray, np.ndarray]:
        z, reasons = standardized(X)
        given = dict(self.exclude or {})
        # A reason that a person gave comes before what the numbers show.
        reasons = [given.get(name, reason) for name, reason in zip(names, reasons, strict=True)]
        out = np.array([reason is not None for reason in reasons])
        trace["reason"] = pd.Series(reasons, dtype=object)
        trace.loc[out, "step"] = "excluded"
        return z, np.flatnonzero(~out)

    def _univariate(self, X: np.ndarray, y: np.ndarray, left: np.ndarray, trace: pd.DataFrame) -> np.ndarray:
        step = UnivariateFilter(self.p_threshold, self.test, self.correction)
        if not len(left):
            return left
        step.fit(X[:, left], y)
        tests = step.tests_
        for column in ("test", "statistic", "p", "q"):
            trace.loc[left, column] = tests[column].to_numpy(dtype=object if column == "test" else float)
        dropped = left[~step.support_]
        label = "p" if self.correction == "none" else f"{self.correction}-adjusted p"
        plain = f"{label} is not below {self.p_threshold:g}"
        trace.loc[dropped, "step"] = "univariate"
        trace.loc[dropped, "reason"] = [reason or plain for reason in tests["reason"][~step.support_]]
        return left[step.support_]

    def _correlation(self, X: np.ndarray, y: np.ndarray, left: np.ndarray, trace: pd.DataFrame) -> np.ndarray:
        if not len(left):
            return left
        step = CorrelationFilter(self.rho).fit(X[:, left], y, p=trace["p"].to_numpy()[left])
        gone = ~step.support_
        dropped = left[gone]
        partners = trace["feature"].to_numpy()[left[step.partner_[gone]]]
        trace.loc[dropped, "step"] = "correlation"
        trace.loc[dropped, "partner"] = partners
        trace.loc[dropped, "rho"] = step.rho_[gone]
        trace.loc[dropped, "reason"] = [
            f"Spearman {rho:.3f} with {partner}, whose p is not larger"
            for rho, partner in zip(step.rho_[gone], partners, strict=True)
        ]
        return left[step.support_]

    def _lasso(
        self,
        z: np.ndarray,
        y: np.ndarray,
        groups: np.ndarray | None,
        left: np.ndarray,
        names: np.ndarray,
        trace: pd.DataFrame,
    ) -> np.ndarray:
        step = LassoSelector(self.lasso_loss, self.lasso_rule, self.folds, self.n_alphas, self.seed)
        if not len(left):
            self.curve_, self.path_ = empty_curve(), _long(np.zeros(0), names[left], np.zeros((0, 0)))
            return left
        step.fit(z[:, left], y, groups=groups)
        self.alpha_, self.curve_ = step.alpha_, step.curve_
        self.path_ = _long(step.alphas_, names[left], step.lasso_path_)
        if step.note_:
            self.notes_ = (f"LASSO: {step.note_}",)
        trace.loc[left, "coefficient"] = step.coef_
        dropped = left[~step.support_]
        trace.loc[dropped, "step"] = "lasso"
        trace.loc[dropped, "reason"] = (
            step.note_ if np.isnan(step.alpha_) else f"coefficient 0 at alpha {step.alpha_:.4g}"
        )
        return left[step.support_]


def _long(alphas: np.ndarray, names: np.ndarray, path: np.ndarray) -> pd.DataFrame:
    """The path as rows ``alpha, feature, coefficient``."""
    return pd.DataFrame(
        {
            "alpha": np.repeat(alphas, len(names)),
            "feature": np.tile(names, len(alphas)),
            "coefficient": path.ravel(),
        }
    )
