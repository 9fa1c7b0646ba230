"""Whether the center of a patient can be told from the features, beyond what the label says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import factorial, prod

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, Ints, as_floats, as_labels, same_length
from sgcore.stats.center_groups import MIN_PATIENTS, CenterGroups, group_centers
from sgcore.stats.multinomial_ridge import PENALTY, Part, held_out_logits, reduced
from sgcore.stats.permutation import PermutationTest, permutation_test

CHUNK = 20  # assignments of the centers that are fitted at once
METHOD = (
    f"multinomial ridge regression (penalty {PENALTY:g}) on standardized features, out of fold; AUC of each center "
    "against patients of other centers with the same label, mean of the centers; null: centers permuted within label "
    "and fold"
)


@dataclass(frozen=True)
class CenterPredictability:
    """Macro AUC of the centers with its permutation test; NaN and None beside a ``reason``.

    ``centers`` has one row a group: ``center, n_patients, n_pos, n_neg, auc, reason``. ``distinct`` counts the
    different permutations, exactly. ``n_features`` were used; ``n_dropped`` are incomplete or constant.
    """

    auc: float
    test: PermutationTest | None
    centers: pd.DataFrame = field(repr=False, compare=False)
    groups: CenterGroups = field(repr=False, compare=False)
    n_patients: int
    n_features: int
    n_dropped: int
    n_folds: int
    distinct: int
    method: str
    reason: str
    seed: int


def center_predictability(
    features: ArrayLike,
    centers: ArrayLike,
    labels: ArrayLike,
    *,
    folds: int = 5,
    permutations: int = 199,
    seed: int = 0,
    on_step: Callable[[int], None] | None = None,
) -> CenterPredictability:
    """How well the features tell the center of a patient from those of others with the same label.

    Every patient gets probabilities of the centers from a ridge regression that the other folds trained. The AUC
    of a center is the mean over its patients of the share of other centers' patients *with the same label* whom
    they outrank in the probability of that center; the result is the plain mean of the centers. So 0.5 is chance
    also where the share of positives differs by center and the features tell the label. The null permutes centers
    among patients who share label and fold: each fold keeps its number of patients of each center.

    Parameters
    ----------
    features : (n, d), one row a patient. Columns with a missing or infinite value are dropped, and in each fold
        those that are constant in its training part. centers : (n,) names. labels : (n,) 0 or 1, may all be alike.
    folds : dealt out within center and label. permutations : number m. seed : of folds and null.
    on_step : called with the number of the m + 1 assignments done; what it raises ends the work.

    Returns
    -------
    CenterPredictability. Fewer than two groups (see :func:`group_centers`), missing labels, no usable feature, and
    centers that share no label give NaN with the reason. The penalty is fixed: nothing is tuned that each
    permutation would have to tune again.

    Raises
    ------
    ValueError : arrays of different length or dimension, labels other than 0 and 1, fewer than 2 folds or more
        than the smallest group fills, no permutation.

    References
    ----------
    Hastie T, Tibshirani R. Efficient quadratic regularization for expression arrays. Biostatistics 2004;5:329.
    Phipson B, Smyth GK. Stat Appl Genet Mol Biol 2010;9:39.
    """
    table, y = as_floats(features, "features", ndim=2), as_labels(labels)
    same_length(y.size, features=table, centers=np.asarray(centers, dtype=object))
    if not 2 <= folds <= MIN_PATIENTS or permutations < 1:
        raise ValueError(
            f"{folds} folds and {permutations} permutation(s); 2 to {MIN_PATIENTS} folds and at least 1 are needed."
        )
    groups = group_centers(centers)
    inside = groups.codes >= 0
    x, codes, labels = _usable(table[inside]), groups.codes[inside], y[inside]
    shared = _shared(codes, labels, len(groups.names))
    missing = int(np.isnan(y).sum())
    reason = groups.reason
    if missing:
        reason = f"the label of {missing} of {y.size} patients is missing"
    elif not reason and not x.shape[1]:
        reason = f"none of {table.shape[1]} features is complete and varies"
    elif not reason and not shared.any():
        reason = "no two centers have patients with the same label"
    rows = _rows(groups, codes, labels, shared)
    dropped = table.shape[1] - x.shape[1]
    empty = CenterPredictability(
        NAN, None, rows, groups, len(codes), x.shape[1], dropped, folds, 0, METHOD, reason, seed
    )
    if reason:
        return empty
    rng = np.random.default_rng(seed)
    fold = _dealt(codes, labels, folds, rng)
    strata = _strata(labels, fold)
    drawn = np.vstack([codes, *(_permuted(codes, strata, rng) for _ in range(permutations))])
    parts, areas = _parts(x, fold), []
    for start in range(0, len(drawn), CHUNK):
        areas.append(_areas(parts, fold, drawn[start : start + CHUNK], labels, shared))
        if on_step is not None:
            on_step(min(start + CHUNK, len(drawn)))
    by_center = np.concatenate(areas)
    macro = np.nanmean(by_center, axis=1)
    return replace(
        empty,
        auc=float(macro[0]),
        test=permutation_test(float(macro[0]), macro[1:]),
        centers=rows.assign(auc=by_center[0]),
        distinct=_distinct(codes, strata),
    )


def _usable(table: Floats) -> Floats:
    """Complete columns that vary, each in units of its largest value: squares neither overflow nor vanish."""
    complete = table[:, np.isfinite(table).all(axis=0)]
    if not len(complete):
        return complete[:, :0]
    varies = complete[:, complete.min(axis=0) < complete.max(axis=0)]
    result: Floats = varies / np.abs(varies).max(axis=0)
    return result


def _shared(codes: Ints, labels: Floats, k: int) -> np.ndarray:
    """(k, 2): whether a center has patients of a label that another center has, too."""
    counts = np.array(
        [[((codes == code) & (labels == label)).sum() for label in (0, 1)] for code in range(k)]
    )
    counts = counts.reshape(k, 2)
    shared: np.ndarray = (counts > 0) & (counts.sum(axis=0) > counts)
    return shared


def _rows(groups: CenterGroups, codes: Ints, labels: Floats, shared: np.ndarray) -> pd.DataFrame:
    alone = "no patient of another center has the same label"
    return pd.DataFrame(
        {
            "center": list(groups.names),
            "n_patients": [int((codes == code).sum()) for code in range(len(groups.names))],
            "n_pos": [int(((codes == code) & (labels == 1)).sum()) for code in range(len(groups.names))],
            "n_neg": [int(((codes == code) & (labels == 0)).sum()) for code in range(len(groups.names))],
            "auc": NAN,
            "reason": ["" if any(own) else alone for own in shared],
        }
    )


def _dealt(codes: Ints, labels: Floats, folds: int, rng: np.random.Generator) -> Ints:
    """Fold of each patient: shuffled, sorted by center and label, and dealt out one after the other."""
    order = rng.permutation(len(codes))
    order = order[np.lexsort((labels[order], codes[order]))]
    fold = np.empty(len(codes), dtype=np.int64)
    fold[order] = np.arange(len(codes)) % folds
    return fold


def _strata(labels: Floats, fold: Ints) -> list[np.ndarray]:
    """Row numbers of the patients who share label and fold."""
    return list(pd.Series(labels).groupby([labels, fold]).indices.values())


def _permuted(codes: Ints, strata: list[np.ndarray], rng: np.random.Generator) -> Ints:
    drawn = codes.copy()
    for rows in strata:
        drawn[rows] = rng.permutation(codes[rows])
    return drawn


def _distinct(codes: Ints, strata: list[np.ndarray]) -> int:
    """How many assignments of the centers there are: a multinomial coefficient for each label and fold."""
    return prod(
        factorial(len(rows)) // prod(factorial(int(n)) for n in np.bincount(codes[rows])) for rows in strata
    )


def _parts(x: Floats, fold: Ints) -> list[Part | None]:
    return [reduced(x[fold != number], x[fold == number]) for number in range(fold.max() + 1)]


def _areas(parts: list[Part | None], fold: Ints, drawn: Ints, labels: Floats, shared: np.ndarray) -> Floats:
    """AUC (draws, k) of each center within label; NaN where no patient of another center has its labels."""
    k = len(shared)
    scores = np.zeros((*drawn.shape, k))
    for number, part in enumerate(parts):
        # Where nothing varies among those who train, everybody held out is alike.
        if part is not None:
            scores[:, fold == number] = held_out_logits(part, drawn[:, fold != number], k)
    won, of = np.zeros((len(drawn), k)), np.zeros(k)
    for label in (0, 1):
        rows = labels == label
        if not shared[:, label].any():
            continue
        own = drawn[:, rows, None] == np.arange(k)
        n = own[0].sum(axis=0)
        ranks = scipy.stats.rankdata(scores[:, rows], axis=1)
        pairs = (ranks * own).sum(axis=1) - n * (n + 1) / 2
        counts = shared[:, label]
        won[:, counts] += pairs[:, counts] / (rows.sum() - n[counts])
        of[counts] += n[counts]
    return np.divide(won, of, out=np.full_like(won, NAN), where=of > 0)
