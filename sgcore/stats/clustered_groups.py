"""One row of a cohort table where patients have several images."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, Ints, as_floats, group_codes
from sgcore.stats.clustered_tables import CLUSTERED_TABLE_NAMES, clustered_table_test
from sgcore.stats.clustered_tests import CLUSTERED_TEST_NAMES, clustered_contrast, univariate_tests_clustered
from sgcore.stats.group_tests import GroupTest, Kind, compare_groups, describe
from sgcore.stats.standardized import StandardizedDifference

CLUSTERED_NAMES = {**CLUSTERED_TEST_NAMES, **CLUSTERED_TABLE_NAMES}


@dataclass(frozen=True)
class ClusteredGroupTest(GroupTest):
    """A GroupTest whose p and interval are clustered by patient.

    ``test`` is a key of ``CLUSTERED_NAMES``. ``n_patients`` counts the patients with a known value in
    each group; one with images in two groups counts in both. ``df`` belongs to t (NaN otherwise).
    """

    df: float
    n_patients: dict[str, int]

    @property
    def test_name(self) -> str:
        return CLUSTERED_NAMES.get(self.test, "")


def compare_groups_clustered(
    values: ArrayLike,
    labels: ArrayLike,
    groups: ArrayLike | None,
    kind: Kind | None = None,
    level: float = 0.95,
) -> ClusteredGroupTest:
    """Test whether ``values`` (n,), one an image, differ between ``labels``, clustered by patient.

    Continuous, two labels: as :func:`univariate_tests_clustered` (t of the second label against the
    first). Categorical: as :func:`clustered_table_test`. Where every image is its own patient that is
    Welch's t test where Shapiro-Wilk finds both groups normal and Brunner and Munzel's on the logit
    scale where not, and Pearson's chi-square (from random permutations where a count is small).

    Counts, summaries and the standardized difference are those of the images (:func:`compare_groups`).
    Its interval has effective sample sizes: images over the design effect, at most all of them.

    Parameters
    ----------
    values, labels, kind, level : as of :func:`compare_groups`. groups : (n,) patient of each image.

    Returns
    -------
    ClusteredGroupTest; p is NaN beside the reason where there is nothing to test, where a patient is
    missing, with fewer than two patients in a group, and for continuous values of three groups.

    Raises
    ------
    ValueError : as :func:`compare_groups`.
    """
    base = compare_groups(values, labels, kind, level)
    column = pd.Series(values).reset_index(drop=True)
    grouping = pd.Categorical(pd.Series(labels)).remove_unused_categories()
    patients = group_codes(groups, len(column))
    known = column.notna().to_numpy()
    column, label, own = column[known], np.asarray(grouping.codes)[known], patients[known]
    per_label = {name: int(np.unique(own[(label == i) & (own >= 0)]).size) for i, name in enumerate(base.n)}
    reason = base.reason
    if not reason and (own < 0).any():
        reason = f"the patient of {int((own < 0).sum())} of {own.size} images is missing"
    if not reason and min(per_label.values()) < 2:
        counts = ", ".join(f"{name} {count}" for name, count in per_label.items())
        reason = f"fewer than 2 patients in a group ({counts})"
    test, statistic, df, p, summary, gap = "", NAN, NAN, NAN, base.summary, base.difference
    if not reason and base.kind == "categorical":
        codes = pd.factorize(column.astype(str))[0]
        test, statistic, effect, p = clustered_table_test(codes, label, own)
        if not test:
            reason = "the clustered variance is zero"
        sizes = [count / max(1.0, effect) for count in base.n.values()]
        gap = _with_sizes(gap, sizes, level, floor=0.0)
    elif not reason and len(base.n) > 2:
        reason = "three groups and more: no test of continuous values clustered by patient"
    elif not reason:
        x = as_floats(column, "values")
        row = univariate_tests_clustered(x[:, None], label, own).iloc[0]
        test, statistic, df, p = row["test"], float(row["statistic"]), float(row["df"]), float(row["p"])
        reason = row["reason"]
        normal = test == "clustered-mean"
        summary = {name: describe(x[label == i], normal) for i, name in enumerate(base.n)}
        gap = _with_sizes(gap, _effective_sizes(x, label, own), level, floor=-np.inf)
    if reason and not base.reason:
        gap = StandardizedDifference(gap.estimate, NAN, NAN, gap.reason or reason)
    return ClusteredGroupTest(
        base.kind, test, statistic, p, base.n, base.n_missing, summary, gap, reason, level, df, per_label
    )


def _effective_sizes(x: Floats, label: Ints, own: Ints) -> list[float]:
    """For each label, how many independent images would give its mean the variance it has by patient."""
    contrast = clustered_contrast(x[:, None], label.astype(float), own, ranks=False)
    sizes = []
    for i, variance in enumerate((float(contrast.from_neg[0]), float(contrast.from_pos[0]))):
        sample = x[label == i]
        size = float(sample.var(ddof=1)) / variance if variance > 0 else np.unique(own[label == i]).size
        sizes.append(min(float(size), float(sample.size)))
    return sizes


def _with_sizes(
    gap: StandardizedDifference, sizes: list[float], level: float, *, floor: float
) -> StandardizedDifference:
    """The difference with the interval that samples of these sizes would give it."""
    if gap.reason:
        return gap
    a, b = sizes
    d = gap.estimate
    width = float(scipy.stats.norm.isf((1 - level) / 2)) * sqrt((a + b) / (a * b) + d**2 / (2 * (a + b)))
    return StandardizedDifference(d, max(floor, d - width), d + width)
