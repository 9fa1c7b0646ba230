"""The univariate step: features whose test between the two labels gives a small p."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted, validate_data

from sgcore.selection.base import BinarySelector, binary_labels
from sgcore.stats import adjust, univariate_tests


class UnivariateFilter(BinarySelector):
    """Keep features with p (with a correction: q) below ``p_threshold``.

    Parameters
    ----------
    p_threshold : limit of p, or of q when ``correction`` is not ``none``.
    test : ``auto`` chooses Student, Welch or Mann-Whitney by normality and variance.
    correction : ``none``, ``holm`` or ``bh``, over the features that could be tested.

    Attributes
    ----------
    support_ : (d,) which columns stay.
    tests_ : one row a column: ``test, statistic, p, q, reason``. q is Benjamini-Hochberg's unless Holm's
        correction was asked for.
    """

    def __init__(self, p_threshold: float = 0.05, test: str = "auto", correction: str = "none") -> None:
        self.p_threshold = p_threshold
        self.test = test
        self.correction = correction

    def fit(self, X: Any, y: Any, groups: Any = None) -> UnivariateFilter:
        """X : (n, d) finite numbers; y : (n,) two labels. ``groups`` is accepted and not used: the tests
        count every row, as those of the reference study do (see SGA003)."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        if self.correction not in ("none", "holm", "bh"):
            raise ValueError(f"correction is {self.correction!r}; choose none, holm or bh.")
        classes, labels = binary_labels(y)
        if len(classes) == 2:
            tests = univariate_tests(X, labels, test=self.test)
            tests = tests[["test", "statistic", "p", "reason"]].reset_index(drop=True)
        else:
            tests = pd.DataFrame(
                {"test": None, "statistic": np.nan, "p": np.nan, "reason": "one label only"},
                index=range(X.shape[1]),
            )
        p = tests["p"].to_numpy(dtype=np.float64)
        tests["q"] = adjust(p, "holm" if self.correction == "holm" else "bh")
        decisive = p if self.correction == "none" else tests["q"].to_numpy(dtype=np.float64)
        self.tests_ = tests
        self.support_ = np.nan_to_num(decisive, nan=np.inf) < self.p_threshold
        return self

    def _get_support_mask(self) -> np.ndarray:
        check_is_fitted(self)
        return self.support_
