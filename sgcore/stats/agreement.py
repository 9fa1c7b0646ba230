"""ICC(2,1): how much of a feature's spread is the patients', and not the way the ROI was drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from sgcore.stats._arrays import Floats, check_level

# A spread between subjects below this share of the values' size is rounding, not signal.
NO_SPREAD = 1e-10


@dataclass(frozen=True)
class IccResult:
    """ICC(2,1) of d features, all (d,). ``average`` is ICC(2,k), that of the mean of the k raters.

    NaN with a reason in ``reason`` (d,) where it is undefined; empty strings elsewhere.
    """

    icc: Floats
    ci_low: Floats
    ci_high: Floats
    average: Floats
    reason: NDArray[np.str_]
    n_subjects: int
    n_raters: int
    level: float
    method: str = "ICC(2,1), absolute agreement, McGraw and Wong's F interval"


def icc_2_1(ratings: ArrayLike, level: float = 0.95) -> IccResult:
    """Two-way random effects, absolute agreement, single rater.

    Parameters
    ----------
    ratings : (n subjects, k raters) or (n, k, d features); here a rater is one version of the ROI.

    Returns
    -------
    IccResult. A feature without spread between subjects (mean square of rows near 0) is "undefined",
    also with missing or infinite values and with fewer than two subjects or raters.

    Raises
    ------
    ValueError : an array that is neither two- nor three-dimensional, a bad level.

    References
    ----------
    Shrout PE, Fleiss JL. Psychol Bull 1979;86:420. McGraw KO, Wong SP. Psychol Methods 1996;1:30.
    """
    check_level(level)
    x = np.asarray(ratings, dtype=float)
    if x.ndim == 2:
        x = x[:, :, None]
    if x.ndim != 3:
        raise ValueError(
            f"ratings must be (subjects, raters) or (subjects, raters, features), not {x.shape}."
        )
    n, k, d = x.shape
    icc, low, high, average = (np.full(d, np.nan) for _ in range(4))
    reason = np.full(d, "", dtype=object)
    if n < 2 or k < 2:
        reason[:] = f"undefined: {n} subject(s) and {k} rater(s), at least 2 of each are needed"
    else:
        finite = np.isfinite(x).all(axis=(0, 1))
        reason[~finite] = "undefined: missing or infinite values"
        usable = np.flatnonzero(finite)
        size = np.abs(x[:, :, usable]).max(axis=(0, 1))
        # Features of 1e200 would overflow when squared; the ICC does not depend on the scale.
        scaled = x[:, :, usable] / np.where(size > 0, size, 1.0)
        squares = _mean_squares(scaled)
        with_spread = squares[0] > NO_SPREAD**2
        reason[usable[~with_spread]] = "undefined: no spread between subjects"
        usable, squares = usable[with_spread], squares[:, with_spread]
        icc[usable], average[usable] = _estimates(squares, n, k)
        low[usable], high[usable] = _limits(squares, n, k, level)
    return IccResult(icc, low, high, average, reason.astype(str), n, k, level)


def _mean_squares(x: Floats) -> Floats:
    """Mean squares of rows (subjects), columns (raters) and error, (3, d), of ``x`` (n, k, d)."""
    n, k, _ = x.shape
    rows, columns, grand = x.mean(axis=1), x.mean(axis=0), x.mean(axis=(0, 1))
    residual = x - rows[:, None, :] - columns[None, :, :] + grand
    return np.array(
        [
            k * ((rows - grand) ** 2).sum(axis=0) / (n - 1),
            n * ((columns - grand) ** 2).sum(axis=0) / (k - 1),
            (residual**2).sum(axis=(0, 1)) / ((n - 1) * (k - 1)),
        ]
    )


def _estimates(squares: Floats, n: int, k: int) -> tuple[Floats, Floats]:
    msr, msc, mse = squares
    single = (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n)
    return single, (msr - mse) / (msr + (msc - mse) / n)


def _limits(squares: Floats, n: int, k: int, level: float) -> tuple[Floats, Floats]:
    """F limits with Satterthwaite's degrees of freedom for the raters' and the error's mean square."""
    msr, msc, mse = squares
    rho = _estimates(squares, n, k)[0]
    # McGraw and Wong's a and b, both times n (1 - rho): no division by zero at perfect agreement.
    a, b = k * rho, n * (1 - rho) + k * rho * (n - 1)
    top = (a * msc + b * mse) ** 2
    bottom = (a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1))
    perfect = bottom == 0
    df = top / np.where(perfect, 1.0, bottom)
    df = np.where(perfect | (df <= 0), 1.0, df)
    tail = (1 - level) / 2
    upper, lower = scipy.stats.f.isf(tail, n - 1, df), scipy.stats.f.isf(tail, df, n - 1)
    spread = k * msc + (k * n - k - n) * mse
    low = n * (msr - upper * mse) / (upper * spread + n * msr)
    high = n * (lower * msr - mse) / (spread + n * lower * msr)
    return np.where(perfect, 1.0, low), np.where(perfect, 1.0, high)
