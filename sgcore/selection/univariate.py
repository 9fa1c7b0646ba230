"""The first filter: features that differ between the two classes, one at a time."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.utils.validation import validate_data

from sgcore.selection.base import BinarySelector, binary_labels
from sgcore.stats import adjust, univariate_tests


class UnivariateFilter(BinarySelector):
    """Keep the columns whose two-sample p value is below a limit.

    Parameters
    ----------
    p_threshold : a column stays when its p (with a correction: its adjusted p) is below this.
    test : ``auto``, ``student``, ``welch`` or ``mannwhitney``, see :func:`sgcore.stats.univariate_tests`.
    correction : ``none``, ``holm`` or ``bh`` (Benjamini-Hochberg), over the columns given to ``fit``.

    Attributes
    ----------
    support_ : shape (d,), which columns stay.
    tests_ : one row a column: ``test, statistic, p, q, reason``. ``q`` is adjusted by ``correction``;
        with ``none`` it is Benjamini-Hochberg's, for information, and decides nothing.
    """

    def __init__(
        self,
        p_threshold: float = 0.05,
        test: Literal["auto", "student", "welch", "mannwhitney"] = "auto",
        correction: Literal["none", "holm", "bh"] = "none",
    ) -> None:
        self.p_threshold = p_threshold
        self.test = test
        self.correction = correction

    def fit(self, X: Any, y: Any, groups: Any = None) -> UnivariateFilter:
        """Test each column; the tests take rows as independent, so ``groups`` is accepted and ignored.

        A column that cannot be tested (constant, one class only) is dropped with its reason.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        if not 0 < self.p_threshold <= 1:
            raise ValueError(f"p_threshold is {self.p_threshold}; it must be above 0 and at most 1.")
        _, labels = binary_labels(y)
        tests = univariate_tests(X, labels, test=self.test)
        p = tests["p"].to_numpy(dtype=np.float64)
        q = adjust(p, "bh" if self.correction == "none" else self.correction)
        self.tests_: pd.DataFrame = tests[["test", "statistic", "p"]].assign(q=q, reason=tests["reason"])
        decisive = p if self.correction == "none" else q
        # At a limit of 1 everything that could be tested stays, a p of exactly 1 included.
        below = (decisive < self.p_threshold) | (self.p_threshold == 1)
        self.support_ = below & ~np.isnan(decisive)
        return self
