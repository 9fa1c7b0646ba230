"""The exact LASSO path on a Gram matrix, corner by corner."""

from __future__ import annotations

import numpy as np
from numba import njit

#: A column whose part beyond the active ones is smaller, as a share of its square, cannot join them.
COLLINEAR = 1e-10
#: Corners nearer than this share of the penalty are one.
_SAME = 1e-12


@njit(cache=True)
def path_on_grid(gram: np.ndarray, product: np.ndarray, penalties: np.ndarray) -> np.ndarray:
    """Coefficients that minimize ``|y - X b|^2 / 2 + penalty |b|_1`` on a decreasing grid, shape (d, n_penalties).

    Between two corners the active coefficients are linear in the penalty: ``b = G^-1 (X'y - penalty * signs)`` on
    the active set. A corner is where another column reaches the penalty, or an active coefficient zero; there the
    inverse takes up or gives back one column. Zeros are exact. A column that is a sum of active ones stays out, and
    a path with too many corners ends: points that are no optimum then, and those without a value (NaN), are for the
    caller to find. Compiled, since of a hundred corners with small matrices most of the time would go into calls.
    Source: Osborne et al., IMA J Numer Anal 2000;20:389.

    Parameters
    ----------
    gram : (d, d) X'X. product : (d,) X'y. penalties : decreasing, on the scale of ``product``.
    """
    d = len(product)
    found = np.full((d, len(penalties)), np.nan)
    order, size = np.zeros(d, dtype=np.int64), 0
    signs, inside = np.zeros(d), np.zeros(d, dtype=np.bool_)
    inverse = np.zeros((d, d))
    turned = int(np.abs(product).argmax())
    penalty, sign, done = abs(product[turned]), np.sign(product[turned]), 0
    while done < len(penalties) and penalties[done] >= penalty:
        found[:, done] = 0.0
        done += 1
    for _ in range(16 * d):
        if inside[turned]:
            size = _leave(turned, order, signs, inside, inverse, size)
        else:
            size = _join(gram, turned, sign, order, signs, inside, inverse, size)
        level, rate = np.zeros(size), np.zeros(size)
        for row in range(size):
            for column in range(size):
                level[row] += inverse[row, column] * product[order[column]]
                rate[row] += inverse[row, column] * signs[column]
        following, at, side = _corner(gram, product, level, rate, order, signs, inside, turned, sign, penalty)
        penalty = min(following, penalty)
        while done < len(penalties) and penalties[done] >= penalty:
            found[:, done] = 0.0
            for place in range(size):
                found[order[place], done] = level[place] - rate[place] * penalties[done]
            done += 1
        if done == len(penalties) or at < 0:
            break
        turned, sign = at, side
    return found


@njit(cache=True)
def _corner(
    gram: np.ndarray,
    product: np.ndarray,
    level: np.ndarray,
    rate: np.ndarray,
    order: np.ndarray,
    signs: np.ndarray,
    inside: np.ndarray,
    turned: int,
    sign: float,
    penalty: float,
) -> tuple[float, int, float]:
    """The next corner at or below ``penalty``, the column that turns there and its sign; 0 and -1 for none.

    ``turned`` and its ``sign`` are of the corner before: that column stands at it still.
    """
    most, following, following_at, following_sign = penalty * (1 + _SAME), 0.0, -1, 0.0
    for at in range(len(product)):
        if inside[at]:
            continue
        rest, tilt = product[at], 0.0
        for place in range(len(level)):
            rest -= gram[at, order[place]] * level[place]
            tilt += gram[at, order[place]] * rate[place]
        for side in (1.0, -1.0):
            if (at == turned and side == sign) or tilt == side:
                continue
            end = side * rest / (1.0 - side * tilt)
            if following < end <= most:
                following, following_at, following_sign = end, at, side
    for place in range(len(level)):
        if order[place] == turned or rate[place] == 0.0:
            continue
        end = level[place] / rate[place]
        if following < end <= most:
            following, following_at, following_sign = end, order[place], signs[place]
    return following, following_at, following_sign


@njit(cache=True)
def _join(
    gram: np.ndarray,
    at: int,
    sign: float,
    order: np.ndarray,
    signs: np.ndarray,
    inside: np.ndarray,
    inverse: np.ndarray,
    size: int,
) -> int:
    """Take column ``at`` up into the inverse; the number of active columns then."""
    # A sum of the active columns counts as one of them until one leaves.
    inside[at] = True
    weights, rest = np.zeros(size), gram[at, at]
    for row in range(size):
        for column in range(size):
            weights[row] += inverse[row, column] * gram[order[column], at]
    for row in range(size):
        rest -= weights[row] * gram[order[row], at]
    if not rest > COLLINEAR * gram[at, at]:
        return size
    for row in range(size):
        for column in range(size):
            inverse[row, column] += weights[row] * weights[column] / rest
        inverse[row, size] = inverse[size, row] = -weights[row] / rest
    inverse[size, size] = 1.0 / rest
    order[size], signs[size] = at, sign
    return size + 1


@njit(cache=True)
def _leave(
    at: int, order: np.ndarray, signs: np.ndarray, inside: np.ndarray, inverse: np.ndarray, size: int
) -> int:
    """Give column ``at`` back; the number of active columns then."""
    place = 0
    while order[place] != at:
        place += 1
    last = size - 1
    # The one that leaves changes places with the last.
    order[place], signs[place] = order[last], signs[last]
    for row in range(size):
        inverse[row, place], inverse[row, last] = inverse[row, last], inverse[row, place]
    for column in range(size):
        inverse[place, column], inverse[last, column] = inverse[last, column], inverse[place, column]
    for row in range(last):
        for column in range(last):
            inverse[row, column] -= inverse[row, last] * inverse[last, column] / inverse[last, last]
    inside[:] = False
    for row in range(last):
        inside[order[row]] = True
    return last
