"""Stability of a feature selection: would other draws of the patients select the same features?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, as_floats, check_level

METHOD = "Nogueira's phi; the interval is Monte Carlo error"


@dataclass(frozen=True)
class Stability:
    """Stability phi of M selections among d features; NaN beside a ``reason`` where undefined.

    ``ci_low`` and ``ci_high`` are Monte Carlo error: where phi would lie with ever more draws from the
    same patients. They say nothing of other patients. ``frequency`` (d,) is the share of the draws
    that select each feature, in the order of ``names``; ``n_empty`` draws selected nothing.
    """

    phi: float
    ci_low: float
    ci_high: float
    variance: float
    n_draws: int
    n_features: int
    n_empty: int
    mean_size: float
    frequency: Floats = field(compare=False, repr=False)
    names: tuple[str, ...] = field(repr=False)
    method: str
    reason: str
    level: float

    def frame(self) -> pd.DataFrame:
        """One row a feature, most often selected first: ``feature, frequency, draws``."""
        draws = np.full(len(self.names), self.n_draws)
        table = pd.DataFrame({"feature": self.names, "frequency": self.frequency, "draws": draws})
        return table.sort_values("frequency", ascending=False, kind="stable", ignore_index=True)


def stability(selections: ArrayLike, level: float = 0.95, *, names: Sequence[str] | None = None) -> Stability:
    """Nogueira's stability of M selections, with its asymptotic interval over the draws.

    With p_f the share of the selections that hold feature f and q = kbar / d their mean share of the
    features, phi = 1 - mean_f [M / (M - 1) p_f (1 - p_f)] / (q (1 - q)): 1 when all selections are
    equal, 0 on average when they are drawn at random with the sizes they have, -1 / (M - 1) at least.

    Parameters
    ----------
    selections : (M draws, d features) of 0 and 1. A draw that selected nothing is a row of zeros; it
        belongs here as much as any other.
    names : (d,) names of the features, else their numbers from 0.

    Returns
    -------
    Stability. Fewer than two draws, missing values, a single feature (phi would be -1 / (M - 1) whatever
    the data), and draws that all select nothing or everything are undefined, with the reason; the
    frequencies stand all the same. Limits are cut at the bounds of phi.

    Raises
    ------
    ValueError : values other than 0, 1 and missing, a table that is not two-dimensional or has no
        feature, names of another number, a bad level.

    References
    ----------
    Nogueira S, Sechidis K, Brown G. On the stability of feature selection algorithms. J Mach Learn Res
    2018;18(174):1-54.
    """
    check_level(level)
    z = as_floats(selections, "selections", ndim=2)
    draws, d = z.shape
    wrong = z[~(np.isin(z, (0, 1)) | np.isnan(z))]
    if wrong.size:
        raise ValueError(f"selections must be 0 (left out) or 1 (selected); it holds {wrong[0]:g}.")
    if d == 0:
        raise ValueError("selections has no feature; its columns are the features, its rows the draws.")
    labels = tuple(str(name) for name in (range(d) if names is None else names))
    if len(labels) != d:
        raise ValueError(f"names has {len(labels)} values where selections has {d} features.")
    missing = int(np.isnan(z).any(axis=1).sum())
    sizes = z.sum(axis=1)
    frequency = z.mean(axis=0) if draws else np.full(d, np.nan)
    size = float(sizes.mean()) if draws else NAN
    reason = ""
    if missing:
        reason = f"{missing} of {draws} draws have missing values"
    elif draws < 2:
        reason = f"{draws} draw(s), at least 2 are needed"
    elif d == 1:
        reason = f"one feature only, selected in {int(sizes.sum())} of {draws} draws"
    elif size in (0, d):
        reason = f"all {draws} draws select {'nothing' if size == 0 else f'all {d} features'}"
    phi = low = high = variance = NAN
    if not reason:
        phi, variance = _phi_and_variance(z)
        half = float(scipy.stats.norm.isf((1 - level) / 2)) * sqrt(variance)
        low, high = max(-1 / (draws - 1), phi - half), min(1.0, phi + half)
    return Stability(
        phi, low, high, variance, draws, d, int((sizes == 0).sum()), size, frequency, labels, METHOD, reason,
        level,
    )  # fmt: skip


def _phi_and_variance(z: Floats) -> tuple[float, float]:
    """phi and its variance, 4 / M^2 times the spread of the draws' own contributions phi_i."""
    draws, d = z.shape
    p, sizes = z.mean(axis=0), z.sum(axis=1)
    mean_size = sizes.mean()
    # q (1 - q) with whole numbers until the division.
    by_chance = mean_size * (d - mean_size) / d**2
    phi = 1 - float(np.mean(p * (1 - p))) * draws / (draws - 1) / by_chance
    both = sizes * mean_size / d**2
    each = z @ p / d - both + phi / 2 * (2 * both - sizes / d - mean_size / d + 1)
    each /= by_chance
    return float(phi), float(4 / draws**2 * ((each - each.mean()) ** 2).sum())
