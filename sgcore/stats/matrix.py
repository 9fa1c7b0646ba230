"""Many models on the same cases: every AUC and every pair's difference from one pass of placements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, as_cases, as_floats, check_level, same_length
from sgcore.stats.comparison import difference
from sgcore.stats.delong import AucResult, Interval, not_estimated, result_at
from sgcore.stats.multiplicity import Correction, adjust
from sgcore.stats.placements import components


@dataclass(frozen=True)
class AucMatrix:
    """AUCs of k models on the same cases, with their covariance.

    ``results`` hold one AucResult a model in the order of ``names``; ``covariance`` is (k, k), NaN
    where ``reason`` says why. ``n_left_out`` cases lacked the score of at least one model.
    """

    names: tuple[str, ...]
    results: tuple[AucResult, ...]
    covariance: Floats = field(compare=False, repr=False)
    n_left_out: int
    method: str
    reason: str
    level: float

    def comparisons(self, correction: Correction = "holm") -> pd.DataFrame:
        """Every pair once, ``a`` before ``b`` in the order of the models: AUC of a minus AUC of b.

        Columns ``a, b, delta, ci_low, ci_high, z, p, p_adjusted, reason``. Only p is adjusted, over
        the pairs of this matrix; the intervals are not.
        """
        rows = []
        for i, j in combinations(range(len(self.names)), 2):
            delta = self.results[i].auc - self.results[j].auc
            low, high, z, p, reason = NAN, NAN, NAN, NAN, self.reason
            if not reason:
                own = self.covariance[i, i] + self.covariance[j, j]
                variance = float(own - 2 * self.covariance[i, j])
                low, high, z, p, reason = difference(delta, variance, scale=abs(own), level=self.level)
            rows.append((self.names[i], self.names[j], delta, low, high, z, p, reason))
        table = pd.DataFrame(rows, columns=["a", "b", "delta", "ci_low", "ci_high", "z", "p", "reason"])
        table.insert(7, "p_adjusted", adjust(table["p"].astype(float), correction))
        return table


def auc_matrix(
    y_true: ArrayLike,
    scores: ArrayLike | pd.DataFrame,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    *,
    names: Sequence[str] | None = None,
    interval: Interval = "logit",
) -> AucMatrix:
    """AUCs of ``scores`` (n, k) on the same cases, and their clustered covariance.

    Every number equals that of :func:`auc` and :func:`compare_auc` on the same cases; the ranks are
    taken once a model instead of once a pair. Cases that lack any model's score are left out and
    counted. ``names`` default to the columns of a DataFrame, else ``"0", "1", ...``.

    Raises
    ------
    ValueError : shapes that do not fit, labels other than 0 and 1, a wrong number of names.

    References
    ----------
    DeLong ER et al. Biometrics 1988;44:837. Obuchowski NA. Biometrics 1997;53:567.
    """
    check_level(level)
    values = as_floats(scores, "scores", ndim=2)
    labels = as_floats(y_true, "y_true")
    same_length(labels.size, scores=values)
    columns = scores.columns if isinstance(scores, pd.DataFrame) else range(values.shape[1])
    labelled = tuple(str(name) for name in (columns if names is None else names))
    if len(labelled) != values.shape[1]:
        raise ValueError(f"{len(labelled)} names for {values.shape[1]} columns of scores.")
    complete = ~np.isnan(values).any(axis=1)
    if groups is not None:
        groups = np.asarray(groups)
        same_length(labels.size, groups=groups)
        groups = groups[complete]
    cases = as_cases(labels[complete], groups)
    left_out = int((~complete).sum())
    method = "DeLong" + (", clustered by patient" if cases.clustered else "")
    k = values.shape[1]
    if cases.reason:
        empty = tuple(not_estimated(cases, level, cases.reason) for _ in range(k))
        return AucMatrix(labelled, empty, np.full((k, k), NAN), left_out, method, cases.reason, level)
    parts = components(cases.y, values[complete], cases.codes)
    naive = np.full(k, NAN)
    if cases.clustered:
        unclustered = components(cases.y, values[complete], np.arange(cases.y.size))
        naive = unclustered.covariance.diagonal()
    results = tuple(
        result_at(i, parts, cases, level=level, interval=interval, naive_variance=float(naive[i]))
        for i in range(k)
    )
    return AucMatrix(labelled, results, parts.covariance, left_out, method, parts.too_few, level)
