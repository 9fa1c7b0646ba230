"""ComBat: what a center does to the location and spread of each feature, learned on training images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_array, check_consistent_length, check_is_fitted

from sgcore.selection.base import check_groups
from sgcore.selection.usable import standardized

#: The standard error of an SD from n independent values is SD / sqrt(2 (n - 1)): 35% of it from five, 50%
#: from three. Shrinkage over the features steadies the first; below, a center's spread is mostly the prior.
MIN_PATIENTS = 5


class Combat(BaseEstimator):
    """ComBat with empirical Bayes (Johnson, Li & Rabinovic, Biostatistics 2007;8:118), a center a batch.

    No label and no other covariate is in the model: a label that is preserved would be carried into the
    features of the cases on which a model is tested. ``fit`` sees training images alone; ``transform``
    applies what was learned to any image of the same centers. Centers without a batch get NaN.

    Parameters
    ----------
    min_patients : a center with fewer of them in ``fit`` is no batch.

    Attributes
    ----------
    batches_ : the centers that were learned.
    n_patients_ : training patients of each center, also of those that are no batch.
    reasons_ : for each column why it cannot be harmonized (missing, constant, constant in a center), or
        None. ``transform`` gives NaN there: a column is harmonized or absent, never left as it was.
    shrunken_ : False where there were too few or too similar columns to learn a prior from, so that each
        has its own location and spread.
    """

    def __init__(self, min_patients: int = MIN_PATIENTS) -> None:
        self.min_patients = min_patients

    def fit(self, X: Any, centers: Any, groups: Any = None) -> Combat:
        """Learn from the rows of ``X`` (n, d); ``centers`` (n,) names, ``groups`` (n,) patients.

        Raises
        ------
        ValueError : fewer than two centers that can be a batch; :func:`not_applicable` says the same.
        """
        values = check_array(X, dtype=np.float64, ensure_all_finite=False)
        names = _center_names(centers, values)
        self.n_patients_ = _patients_by_center(names, groups)
        reason = not_applicable(names, groups, self.min_patients)
        if reason is not None:
            raise ValueError(f"ComBat is not applicable: {reason}.")
        self.n_features_in_ = values.shape[1]
        self.batches_ = batches(names, groups, self.min_patients)
        inside = np.isin(names, self.batches_)
        self.reasons_ = _reasons(values[inside], names[inside], self.batches_)
        self.columns_ = np.flatnonzero([reason is None for reason in self.reasons_])
        self._learn(values[inside][:, self.columns_], names[inside])
        return self

    def _learn(self, X: np.ndarray, names: np.ndarray) -> None:
        from neuroHarmonize import harmonizationLearn

        # ComBat is the same in any unit; in this one, squares of features of 1e-200 do not vanish.
        self._largest = np.abs(X).max(axis=0)
        scaled = X / self._largest
        self._mean, self._sd = scaled.mean(axis=0), scaled.std(axis=0)
        self.shrunken_ = False
        if not X.shape[1]:
            return
        z, sites = (scaled - self._mean) / self._sd, pd.DataFrame({"SITE": names})
        # A prior needs several columns; from columns that say the same it is 0 / 0.
        for self.shrunken_ in (True, False) if X.shape[1] > 1 else (False,):
            # An estimate that passes 0 on the way is divided by.
            with np.errstate(divide="ignore", invalid="ignore"):
                model, _ = harmonizationLearn(z, sites, eb=self.shrunken_)
            shift, spread = np.asarray(model["gamma_star"]), np.asarray(model["delta_star"])
            if np.isfinite(shift).all() and np.isfinite(spread).all() and (spread > 0).all():
                break
        self._location, self._scale = model["stand_mean"][:, 0], np.sqrt(model["var_pooled"][:, 0])
        self._shift, self._spread = shift, np.sqrt(spread)

    def transform(self, X: Any, centers: Any) -> np.ndarray:
        """``X`` (n, d) without the effects of its ``centers`` (n,); NaN in rows of centers without a batch
        (:meth:`why_not` says why) and in columns with a reason."""
        check_is_fitted(self)
        values = check_array(X, dtype=np.float64, ensure_all_finite=False, ensure_min_samples=0)
        if values.shape[1] != self.n_features_in_:
            raise ValueError(f"X has {values.shape[1]} columns; ComBat was fitted on {self.n_features_in_}.")
        names = _center_names(centers, values)
        result = np.full(values.shape, np.nan)
        # harmonizationApply needs rows of every batch, and a fold may hold none of one: its last step is here.
        for number, center in enumerate(self.batches_):
            rows = np.flatnonzero(names == center)
            if not len(rows) or not len(self.columns_):
                continue
            cells = np.ix_(rows, self.columns_)
            z = (values[cells] / self._largest - self._mean) / self._sd
            z = ((z - self._location) / self._scale - self._shift[number]) / self._spread[number]
            z = z * self._scale + self._location
            result[cells] = (z * self._sd + self._mean) * self._largest
        return result

    def why_not(self, center: str) -> str | None:
        """Why images of a center cannot be harmonized, or None."""
        check_is_fitted(self)
        if center in self.batches_:
            return None
        count = self.n_patients_.get(center, 0)
        if not count:
            return f"ComBat has no batch for {center} (no training patient is from there)"
        return (
            f"ComBat has no batch for {center} ({count} training patient{'s' * (count > 1)} there, "
            f"at least {self.min_patients} are needed)"
        )


def batches(centers: Any, groups: Any = None, min_patients: int = MIN_PATIENTS) -> tuple[str, ...]:
    """The ``centers`` (n,) of training images that have patients enough to be a batch, in sorted order."""
    counts = _patients_by_center(np.asarray(centers, dtype=object), groups)
    # The library numbers its sites in this order.
    return tuple(sorted(name for name, count in counts.items() if count >= min_patients))


def not_applicable(centers: Any, groups: Any = None, min_patients: int = MIN_PATIENTS) -> str | None:
    """Why ComBat cannot be fitted on training images of these ``centers`` (n,), or None."""
    counts = _patients_by_center(np.asarray(centers, dtype=object), groups)
    if len(counts) < 2:
        return "one development center is one batch"
    if len(batches(centers, groups, min_patients)) >= 2:
        return None
    listed = ", ".join(f"{name} {count}" for name, count in counts.items())
    return f"it needs two centers with at least {min_patients} training patients each (there are {listed})"


def _center_names(centers: Any, values: np.ndarray) -> np.ndarray:
    names = np.asarray(centers, dtype=object)
    check_consistent_length(values, names)
    return names


def _patients_by_center(names: np.ndarray, groups: Any) -> dict[str, int]:
    """Patients of each center, in the order of the names; without ``groups`` each row is one."""
    patients = check_groups(groups, len(names))
    who = np.arange(len(names)) if patients is None else patients
    counts = pd.Series(who).groupby(pd.Series(names, dtype=object)).nunique()
    return {str(name): int(count) for name, count in counts.items()}


def _reasons(values: np.ndarray, names: np.ndarray, learned: Sequence[str]) -> list[str | None]:
    _, reasons = standardized(values)
    for center in learned:
        _, own = standardized(values[names == center])
        for column, reason in enumerate(own):
            if reason is not None and reasons[column] is None:
                reasons[column] = (
                    f"the same value in all training images of {center}: ComBat has no spread to adjust there"
                )
    return reasons
