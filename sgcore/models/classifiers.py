"""Six classifiers with defaults for about a hundred cases, one thread each, one scale of scores."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from sgcore.errors import UsageError
from sgcore.selection.folds import Split, grouped_folds

MLP_ITERATIONS = 200
#: Stands for a slope of zero in the SVM's sigmoid: ranks by the margin, and moves no probability visibly.
FLAT = 1e-6


@dataclass(frozen=True)
class Fitted:
    """A fitted classifier; ``score`` gives the probability of the positive label, (n,)."""

    estimator: Any
    notes: tuple[str, ...] = ()

    def score(self, X: np.ndarray) -> np.ndarray:
        # Sums differ in their last bits by how an array lies in memory; scores depend on its numbers alone.
        return np.asarray(self.estimator.predict_proba(np.ascontiguousarray(X))[:, 1], dtype=float)


def fit_classifier(
    name: str, X: np.ndarray, y: np.ndarray, groups: np.ndarray, *, seed: int, folds: int
) -> Fitted:
    """Fit a classifier on z-scored columns.

    Parameters
    ----------
    name : one of ``sgcore.domain.CLASSIFIERS``.
    X : (n, d) features; y : (n,) 0 or 1, both present; groups : (n,) patients.
    folds : patient-grouped folds of the SVM's probabilities (the other classifiers need none).

    Raises
    ------
    UsageError : unknown name.
    """
    from sklearn import config_context
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    # As in ``Fitted.score``; tables hold their columns one after the other.
    X = np.asfortranarray(X)
    notes: list[str] = []
    splits: tuple[Split, ...] = ()
    if name == "SVM":
        grouped = grouped_folds(y, groups, folds, seed)
        # With one patient in a class there is nothing to hold out: the sigmoid sees the fitted margins.
        everything = np.arange(len(y))
        splits = grouped.splits or ((everything, everything),)
        if grouped.note:
            notes.append(f"SVM probabilities: {grouped.note}")
    estimator = _estimator(name, seed, splits)
    # The SVM's own pipeline scales: inside each fold of its sigmoid, too.
    model = estimator if name == "SVM" else make_pipeline(StandardScaler(), estimator)
    # Each of 200 trees would look at its settings and values again; once is enough.
    seen = config_context(skip_parameter_validation=True, assume_finite=bool(np.isfinite(X).all()))
    with seen, warnings.catch_warnings(record=True) as caught:
        # Recorded, not hidden: an MLP that stops at its limit is a note of the analysis.
        warnings.simplefilter("always", ConvergenceWarning)
        model.fit(X, y)
    for warning in caught:
        if issubclass(warning.category, ConvergenceWarning):
            notes.append(f"{name} stopped at its limit of iterations")
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    if name == "SVM" and _flattened(model, y):
        notes.append(
            "SVM probabilities say no more than the share of positives, though they keep the order of its "
            "margins: held-out margins ranked the training patients no better than chance"
        )
    return Fitted(model, tuple(notes))


def _flattened(model: Any, y: np.ndarray) -> bool:
    """Whether the sigmoid would have turned the SVM's order round; it is then made flat.

    No score is ever flipped. The likelihood of the held-out margins under a slope that may not be
    negative is largest at zero, where every probability is the share of positives.
    """
    (calibrator,) = model.calibrated_classifiers_[0].calibrators
    # scikit-learn's sigmoid is 1 / (1 + exp(a margin + b)): a falling one has a positive a.
    if calibrator.a_ < 0:
        return False
    share = float(y.mean())
    calibrator.a_, calibrator.b_ = -FLAT, float(np.log((1 - share) / share))
    return True


def _estimator(name: str, seed: int, splits: tuple[Split, ...]) -> Any:
    if name == "LR":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=1.0, max_iter=1000)
    if name == "SVM":
        from sklearn.calibration import CalibratedClassifierCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC

        # SVC's own probabilities are deprecated and their folds ignore patients.
        machine = make_pipeline(StandardScaler(), SVC())
        return CalibratedClassifierCV(machine, method="sigmoid", ensemble=False, cv=list(splits))
    if name == "RF":
        from sgcore.models.forest import Forest

        return Forest(n_estimators=200, min_samples_leaf=3, random_state=seed, n_jobs=1)
    if name == "XGBoost":
        from xgboost import XGBClassifier

        return XGBClassifier(
            n_estimators=100,
            max_depth=3,
            learning_rate=0.1,
            subsample=0.8,
            colsample_bytree=0.8,
            tree_method="hist",
            n_jobs=1,
            random_state=seed,
        )
    if name == "LightGBM":
        from lightgbm import LGBMClassifier

        return LGBMClassifier(
            n_estimators=100,
            num_leaves=7,
            learning_rate=0.1,
            min_child_samples=5,
            deterministic=True,
            force_row_wise=True,
            n_jobs=1,
            random_state=seed,
            verbosity=-1,
        )
    if name == "MLP":
        from sklearn.neural_network import MLPClassifier

        return MLPClassifier(
            hidden_layer_sizes=(16,), solver="lbfgs", alpha=1.0, max_iter=MLP_ITERATIONS, random_state=seed
        )
    raise UsageError(f"unknown classifier {name!r}.")
