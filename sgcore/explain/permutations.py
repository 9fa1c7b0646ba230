"""Shapley values from sampled permutations, for more features than have a countable number of coalitions."""

from __future__ import annotations

import numpy as np

from sgcore.explain.coalitions import Game

#: Pairs of permutations: about the work of all coalitions of 12 features at 38 features.
PAIRS = 100
#: Keeps these draws apart from others that a study makes with the same seed.
STREAM = 0x5AA


def sampled_values(game: Game, *, seed: int, pairs: int = PAIRS) -> tuple[np.ndarray, np.ndarray, float]:
    """Shapley values (n, d), their Monte Carlo standard errors (n, d), and the base.

    Features join the coalition one after the other in the order of a random permutation and, as its
    antithetic twin, in the reverse order (Mitchell et al. 2022, JMLR 23(43)). What each adds when it
    joins, averaged over all permutations, is an unbiased estimate of its Shapley value. Each permutation
    starts at the base and ends at the model's output, so that additivity holds without error.
    The standard error is that of the mean over pairs. Rows share their permutations.
    """
    if pairs < 2:
        raise ValueError(f"a Monte Carlo error needs two pairs of permutations, {pairs} were asked for.")
    n, d = game.n_rows, game.n_features
    rng = np.random.default_rng([seed, STREAM])
    ends = game.outputs(np.array([[False] * d, [True] * d]))
    mean, squares = np.zeros((n, d)), np.zeros((n, d))
    for number in range(1, pairs + 1):
        order = rng.permutation(d)
        pair = (_added(game, order, ends) + _added(game, order[::-1], ends)) / 2
        # Welford's recurrence: sums of squares would lose the digits that small errors live in.
        step = pair - mean
        mean += step / number
        squares += step * (pair - mean)
    return mean, np.sqrt(squares / (pairs - 1) / pairs), float(ends[0, 0])


def _added(game: Game, order: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """(n, d) what each feature adds when features join in ``order``."""
    path = np.vstack([ends[:1], game.along(order), ends[1:]])
    added = np.empty((game.n_rows, game.n_features))
    added[:, order] = np.diff(path, axis=0).T
    return added
