"""SHAP values as they are handed on, and the error where they would not add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sgcore.errors import SgauditError


class ExplanationError(SgauditError):
    """SHAP values that do not add up to the model's output; they are never returned."""


@dataclass(frozen=True)
class ShapValues:
    """SHAP values on the scale of the probability of the positive label.

    For every row with an explanation ``base + values.sum(axis=1)`` is ``output`` within 1e-6.

    Attributes
    ----------
    values : (n, d) what a feature adds to the base; NaN in a row that has a reason.
    base : mean output over the background.
    output : (n,) the model's probability; NaN in a row that has a reason.
    mc_error : (n, d) Monte Carlo standard error of each value: 0 where values are exact, NaN where not known.
    method : ``exact`` and how, or ``sampled`` and with how many permutations.
    exact : whether more work could not change the values.
    n_background : rows of the background.
    reasons : (n,) why a row has no explanation; empty where it has one.
    """

    values: np.ndarray = field(repr=False, compare=False)
    base: float
    output: np.ndarray = field(repr=False, compare=False)
    mc_error: np.ndarray = field(repr=False, compare=False)
    method: str
    exact: bool
    n_background: int
    reasons: tuple[str, ...] = field(repr=False)

    def frame(self, images: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
        """One row an image and feature: ``image_id, feature, shap_value, mc_error``.

        Images in the order of the rows, features in that of the columns; images without an explanation
        are left out (``reasons`` has them).
        """
        explained = np.flatnonzero([not reason for reason in self.reasons])
        return pd.DataFrame(
            {
                "image_id": np.repeat(np.asarray(images, dtype=object)[explained], len(names)),
                "feature": np.tile(np.asarray(names, dtype=object), len(explained)),
                "shap_value": self.values[explained].ravel(),
                "mc_error": self.mc_error[explained].ravel(),
            }
        )
