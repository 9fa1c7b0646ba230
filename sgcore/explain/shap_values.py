"""SHAP values of the six classifiers, on one scale: the probability of the positive label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sgcore.explain.coalitions import exact_values
from sgcore.explain.forest import forest_values
from sgcore.explain.games import make_game
from sgcore.explain.logistic import logistic_values
from sgcore.explain.permutations import PAIRS, sampled_values
from sgcore.explain.results import ExplanationError, ShapValues
from sgcore.models import Fitted

EXACT_UP_TO = 12
TOLERANCE = 1e-6
#: Numbers that one array of contributions (features, rows, parts) may hold: 32 MB in double precision.
BLOCK = 4_000_000
#: Rows at a time at most: what a perceptron holds for a coalition grows with them.
ROWS = 256
NOT_SCORED = (
    "no explanation, because the image has no score: a selected feature is missing or infinite there, or beyond "
    "all numbers that a model can take"
)


@dataclass(frozen=True)
class _Part:
    values: np.ndarray
    mc_error: np.ndarray
    base: float
    method: str
    exact: bool = True


def explain_scores(
    model: Fitted | float, rows: np.ndarray, background: np.ndarray, *, seed: int, pairs: int = PAIRS
) -> ShapValues:
    """Interventional SHAP values: what each feature adds to the background's mean probability.

    The value of a coalition of features is the model's mean probability where these features come from
    the row and the others from a background row, over all of the background. Shapley values of that game:

    - up to 12 features: exact over all coalitions (LR, SVM, XGBoost, LightGBM, MLP);
    - RF: exact for any number (TreeSHAP; its probability is the mean over its trees);
    - LR beyond 12 features: exact by an integral, to about 1e-11;
    - SVM, XGBoost, LightGBM, MLP beyond 12: sampled from ``pairs`` pairs of permutations, each
      with its reverse. ``method`` says so, and ``mc_error`` is each value's Monte Carlo standard error.
      So is LR where a logit leaves +-1000.

    The boosted trees are not left to TreeSHAP: on the probability scale it stretches the margin's values
    by pair of rows, which adds up, but is not the Shapley value of the probability.

    Parameters
    ----------
    model : a fitted classifier, or the constant score of an empty selection (d = 0).
    rows : (n, d) rows to explain, background : (m, d) rows of training images, m >= 1; both as they are
        given to ``Fitted.score``.
    seed, pairs : of the permutations; exact values depend on neither.

    Memory is bounded whatever n is: blocks of rows (32 MB of contributions, 256 rows) and batches of
    coalitions (8 MB, or one coalition) keep it below 100 MB beside the result at 38 features, 50 background
    rows and 1000 training images (64 MB were measured, for the SVM).

    Raises
    ------
    ExplanationError : base + sum differs from the model's own output by more than 1e-6.
    ValueError : no background row, or one that has no score.
    UsageError : a model that is none of the six.
    """
    rows, background = np.asarray(rows, float), np.asarray(background, float)
    n, d = rows.shape
    if background.ndim != 2 or background.shape[1] != d or not len(background):
        raise ValueError(
            f"a background is (rows, {d} features) with one row at least, not {background.shape}."
        )
    if not isinstance(model, Fitted):
        return _constant(float(model), n, d, len(background))
    scaler, estimator = _steps(model)
    z, z_background = _z_scores(scaler, rows), _z_scores(scaler, background)
    if not _usable(z_background).all():
        raise ValueError("a background row has no score; draw from images with all selected features.")
    usable = _usable(z)
    part = _explain(scaler, estimator, z[usable], z_background, seed, pairs)
    output = np.full(n, np.nan)
    if usable.any():
        output[usable] = model.score(rows[usable])
    _check(part, output[usable], float(model.score(background).mean()), np.flatnonzero(usable))
    values, mc_error = np.full((n, d), np.nan), np.full((n, d), np.nan)
    values[usable], mc_error[usable] = part.values, part.mc_error
    reasons = tuple("" if fine else NOT_SCORED for fine in usable)
    return ShapValues(values, part.base, output, mc_error, part.method, part.exact, len(background), reasons)


def _constant(score: float, n: int, d: int, n_background: int) -> ShapValues:
    if d:
        raise ValueError(f"a constant score uses no feature, but rows have {d}.")
    empty = np.empty((n, 0))
    method = "exact: no feature was selected, every image has the same score"
    return ShapValues(empty, score, np.full(n, score), empty, method, True, n_background, ("",) * n)


def _steps(model: Fitted) -> tuple[Any, Any]:
    """The scaler, and what comes after it: an estimator, or the SVM with its sigmoid."""
    estimator = model.estimator
    if hasattr(estimator, "calibrated_classifiers_"):
        (calibrated,) = estimator.calibrated_classifiers_
        return calibrated.estimator[0], calibrated
    return estimator[0], estimator[-1]


def _z_scores(scaler: Any, rows: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray((rows - scaler.mean_) / scaler.scale_)


def _usable(z: np.ndarray) -> np.ndarray:
    """Tree models keep features in single precision."""
    return np.asarray((np.abs(z) <= np.finfo(np.float32).max).all(axis=1))


def _explain(
    scaler: Any, estimator: Any, z: np.ndarray, background: np.ndarray, seed: int, pairs: int
) -> _Part:
    from sklearn.ensemble import RandomForestClassifier

    d, name = z.shape[1], type(estimator).__name__
    if isinstance(estimator, RandomForestClassifier):
        values, base = forest_values(estimator, z, background)
        return _Part(values, np.zeros_like(values), base, "exact: over the paths of all trees")
    game, parts = make_game(scaler, estimator)
    base = float(game(background[:1], background).outputs(np.zeros((1, d), bool))[0, 0])
    if name == "LogisticRegression" and d > EXACT_UP_TO:
        waves = logistic_values(z, background, estimator.coef_[0], float(estimator.intercept_[0]))
        if waves is not None:
            return _Part(
                waves, np.zeros_like(waves), base, f"exact: an integral over all coalitions of {d} features"
            )
    exact = d <= EXACT_UP_TO
    values, errors = np.empty_like(z), np.zeros_like(z)
    size = max(1, min(ROWS, BLOCK // (d * parts)))
    for start in range(0, len(z), size):
        block = slice(start, start + size)
        if exact:
            values[block], _ = exact_values(game(z[block], background))
        else:
            values[block], errors[block], _ = sampled_values(
                game(z[block], background), seed=seed, pairs=pairs
            )
    method = f"exact: all {2**d} coalitions" if exact else f"sampled, {pairs} pairs of permutations"
    return _Part(values, errors, base, method, exact)


def _check(part: _Part, output: np.ndarray, base: float, places: np.ndarray) -> None:
    """Against what the model itself says, which these values do not come from."""
    if not abs(part.base - base) <= TOLERANCE:
        raise ExplanationError(
            f"SHAP values do not add up: their base is {part.base:.9f}, but the model's mean over the background is "
            f"{base:.9f}. No explanation is shown."
        )
    sums = part.base + part.values.sum(axis=1)
    wrong = np.flatnonzero(~(np.abs(sums - output) <= TOLERANCE))
    if len(wrong):
        first = wrong[0]
        raise ExplanationError(
            f"SHAP values do not add up in {len(wrong)} of {len(output)} rows: in row {places[first]} (the first is 0) "
            f"base and values make {sums[first]:.9f}, but the model says {output[first]:.9f}. No explanation is shown."
        )
