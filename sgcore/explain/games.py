"""The game of each classifier: what it says when some features come from the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sgcore.errors import UsageError
from sgcore.explain.coalitions import Game
from sgcore.explain.leaf_game import LeafGame
from sgcore.explain.leaves import leaves_of
from sgcore.explain.product_game import ProductGame
from sgcore.explain.sum_game import SumGame

#: A game of some z-scored rows and a z-scored background, (n, d) and (m, d).
MakeGame = Callable[[np.ndarray, np.ndarray], Game]


def make_game(scaler: Any, model: Any) -> tuple[MakeGame, int]:
    """How to make the game of a fitted classifier, and how many numbers it holds a row and feature.

    Raises
    ------
    UsageError : not one of the classifiers of ``sgcore.models``, or with settings that these never have.
    """
    name = type(model).__name__
    if name == "LogisticRegression":
        weights, bias = model.coef_.T, model.intercept_
        return lambda rows, background: SumGame(rows, background, [weights], [bias]), 1
    if name == "MLPClassifier":
        _expect(name, "activation", model.activation, "relu")
        layers, biases = model.coefs_, model.intercepts_
        return lambda rows, background: SumGame(rows, background, layers, biases), layers[0].shape[1]
    if name == "_CalibratedClassifier":
        return _of_machine(model)
    if name in ("XGBClassifier", "LGBMClassifier"):
        leaves = leaves_of(model, scaler.n_features_in_)
        return lambda rows, background: LeafGame(leaves, rows, background), len(leaves.values)
    raise UsageError(f"no SHAP values for a model of the kind {name}.")


def _of_machine(model: Any) -> tuple[MakeGame, int]:
    machine = model.estimator[-1]
    _expect("SVC", "kernel", machine.kernel, "rbf")
    (sigmoid,) = model.calibrators
    vectors, gamma = machine.support_vectors_, machine._gamma

    def exponents(rows: np.ndarray) -> np.ndarray:
        return np.asarray(-gamma * (rows.T[:, :, None] - vectors.T[:, None, :]) ** 2)

    def game(rows: np.ndarray, background: np.ndarray) -> Game:
        # scikit-learn's sigmoid is 1 / (1 + exp(a margin + b)).
        offset = -(sigmoid.a_ * machine.intercept_[0] + sigmoid.b_)
        return ProductGame(
            exponents(rows), exponents(background), np.exp, machine.dual_coef_[0], offset, -sigmoid.a_
        )

    return game, len(vectors)


def _expect(name: str, setting: str, value: object, expected: str) -> None:
    if value != expected:
        raise UsageError(
            f"no SHAP values for {name} with {setting} {value!r}; {expected!r} is what is known."
        )
