"""Which tables of right and wrong calls give all printed proportions of a model at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sgcore.stats._arrays import Ints
from sgcore.stats.printed import Printed, Rounding, possible_counts

#: Each measure as the weights of true positives, false positives, true negatives, false negatives in the
#: numerator and in the denominator.
MEASURES: dict[str, tuple[tuple[int, int, int, int], tuple[int, int, int, int]]] = {
    "sensitivity": ((1, 0, 0, 0), (1, 0, 0, 1)),
    "recall": ((1, 0, 0, 0), (1, 0, 0, 1)),
    "specificity": ((0, 0, 1, 0), (0, 1, 1, 0)),
    "accuracy": ((1, 0, 1, 0), (1, 1, 1, 1)),
    "ppv": ((1, 0, 0, 0), (1, 1, 0, 0)),
    "precision": ((1, 0, 0, 0), (1, 1, 0, 0)),
    "npv": ((0, 0, 1, 0), (0, 0, 1, 1)),
    "f1": ((2, 0, 0, 0), (2, 1, 0, 1)),
}
#: Most pairs of counts that are tried for one class split.
MOST_TABLES = 4_000_000


def tables_printing(
    measures: Mapping[str, Printed], n_pos: int, n_neg: int, rounding: Rounding
) -> tuple[Ints, Ints]:
    """True positives and true negatives (k,) of every table that prints all ``measures``; empty where none does.

    Parameters
    ----------
    measures : printed proportions by the names of ``MEASURES``. n_pos, n_neg : cases of each class.
    rounding : how all of them were printed.

    Raises
    ------
    ValueError : an unknown measure, a class without cases, or more tables to try than ``MOST_TABLES``.
    """
    unknown = sorted(set(measures) - set(MEASURES))
    if unknown:
        raise ValueError(f"unknown measure {unknown[0]!r}; known are {', '.join(MEASURES)}.")
    if min(n_pos, n_neg) < 1:
        raise ValueError(f"{n_pos} positive and {n_neg} negative cases; at least 1 of each is needed.")
    positives = _candidates(measures, ("sensitivity", "recall"), n_pos, rounding)
    negatives = _candidates(measures, ("specificity",), n_neg, rounding)
    if positives.size * negatives.size > MOST_TABLES:
        raise ValueError(
            f"{positives.size * negatives.size:,} tables would have to be tried; at most {MOST_TABLES:,} are."
        )
    tp, tn = (axis.ravel() for axis in np.meshgrid(positives, negatives, indexing="ij"))
    fits = np.ones(tp.size, dtype=bool)
    counts = np.stack([tp, n_neg - tn, tn, n_pos - tp])
    for name, printed in measures.items():
        above, below = (np.array(weights) @ counts for weights in MEASURES[name])
        fits &= _prints(above, below, printed, rounding)
    return tp[fits], tn[fits]


def _candidates(measures: Mapping[str, Printed], names: tuple[str, ...], n: int, rounding: Rounding) -> Ints:
    """Counts of right calls in one class that its own measures leave open."""
    allowed = set(range(n + 1))
    for name in names:
        if name in measures:
            allowed &= set(possible_counts(measures[name], n, rounding))
    return np.array(sorted(allowed), dtype=np.int64)


def _prints(above: Ints, below: Ints, printed: Printed, rounding: Rounding) -> Any:
    """Whether above / below prints so, in whole numbers; a denominator of 0 prints nothing."""
    low, high = printed.band(rounding)
    fits = above * low.denominator >= low.numerator * below
    upper = above * high.denominator, high.numerator * below
    fits &= upper[0] < upper[1] if rounding == "truncated" else upper[0] <= upper[1]
    return fits & (below > 0)
