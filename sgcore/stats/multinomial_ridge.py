"""Multinomial ridge regression of the same rows on many assignments of their classes at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import log_softmax

from sgcore.stats._arrays import Floats, Ints

PENALTY = 1.0
TOLERANCE = 1e-5  # largest change of a logit in the last step


@dataclass(frozen=True)
class Part:
    """Training and held-out rows of a fold, in the space that the training rows span.

    ``train`` (n, r) and ``held_out`` (h, r) are coordinates on the right singular vectors of the standardized
    training rows, of which ``squares`` (r,) are the squared singular values. A penalty on the coefficients is the
    same there, since the vectors are orthogonal (Hastie & Tibshirani, Biostatistics 2004;5:329).
    """

    train: Floats = field(repr=False)
    held_out: Floats = field(repr=False)
    squares: Floats = field(repr=False)


def reduced(train: Floats, held_out: Floats) -> Part | None:
    """A fold with rows standardized by its training part; None where no column varies there.

    Parameters
    ----------
    train : (n, d), held_out : (h, d), without missing values and of at most 1 in size, so that no square overflows.
        Columns that are constant in ``train`` say nothing and drop out. Rows are scaled to a mean squared length of 1
        in ``train``: a penalty means the same with ten columns and with a thousand.
    """
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train)
    varies = train.min(axis=0) < train.max(axis=0)
    z = scaler.transform(train)[:, varies]
    size = float(np.square(z).sum(axis=1).mean())
    if not size > 0:
        return None
    _, singular, right = np.linalg.svd(z / np.sqrt(size), full_matrices=False)
    # A direction without spread has no weight, and its coordinates are rounding.
    basis = right[singular > 1e-10 * singular[0]].T
    squares = np.square(singular[: basis.shape[1]])
    outside = scaler.transform(held_out)[:, varies] / np.sqrt(size)
    return Part(z / np.sqrt(size) @ basis, outside @ basis, squares)


def held_out_logits(part: Part, classes: Ints, n_classes: int, penalty: float = PENALTY) -> Floats:
    """Log-probabilities (draws, h, classes) of the held-out rows for each assignment of the training rows.

    Minimizes -log-likelihood + penalty / 2 times the squared coefficients; intercepts are free. The Hessian of the
    likelihood is at most half the Gram matrix of the rows (Böhning 1992), which is diagonal here: each step divides
    the gradient by that bound, never overshoots, and serves all draws in one matrix product.

    Parameters
    ----------
    classes : (draws, n) class numbers of the training rows, each draw with every class.

    References
    ----------
    Böhning D. Ann Inst Stat Math 1992;44:197.
    """
    n, r = part.train.shape
    rows = np.column_stack([np.ones(n), part.train])
    held_out = np.column_stack([np.ones(len(part.held_out)), part.held_out])
    ridge = np.r_[0.0, np.full(r, penalty)][:, None]
    bound = np.r_[n, part.squares][:, None] / 2 + ridge
    target = (classes[:, :, None] == np.arange(n_classes)).transpose(1, 0, 2)
    weights = np.zeros((r + 1, len(classes) * n_classes))
    shape = (n, len(classes), n_classes)
    logits = np.zeros(shape)
    change = np.inf
    while change > TOLERANCE:
        residual = np.exp(log_softmax(logits, axis=-1)) - target
        weights -= (rows.T @ residual.reshape(n, -1) + ridge * weights) / bound
        last, logits = logits, (rows @ weights).reshape(shape)
        change = float(np.abs(logits - last).max())
    found = (held_out @ weights).reshape(len(held_out), *shape[1:])
    result: Floats = log_softmax(found, axis=-1).transpose(1, 0, 2)
    return result
