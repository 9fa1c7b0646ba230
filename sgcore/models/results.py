"""What a family's fits give: scores, the fate of its features, and what its classifiers saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sgcore.domain import Estimate
from sgcore.selection.base import empty_trace

ESTIMATES: tuple[Estimate, ...] = ("fitted", "out_of_fold")
#: Names classifiers by their out-of-fold scores, rows ``image_id, classifier, estimate, y_score``.
Preferred = Callable[[pd.DataFrame], tuple[str, ...]]


@dataclass(frozen=True)
class FamilyResult:
    """Scores of a family and how its features were selected.

    Attributes
    ----------
    scores : ``image_id, classifier, estimate, y_score``: ``fitted`` for every image, ``out_of_fold``
        for the training images.
    trace, counts : the fate of every feature, and how many were left after each step.
    lasso_curve, lasso_path : of the LASSO on all training patients; empty for descriptors.
    odds_ratios : of the descriptors of the US family; empty for the others.
    notes : what a reader should know, in words.
    unavailable : why these scores must not stand for the family, or None; its trace is shown all the same.
    unscored : center -> why none of its images has a score; empty without ComBat.
    design : what the classifiers of ``fitted`` take, one row an image that has values (index ``image_id``,
        NaN where one is missing) and one column a term, in their order and in the unit of ``Fitted.score``.
        Without a column where nothing was selected.
    unit : (terms,) what a value of ``design`` times it is in the term's own unit.
    trained : images that these classifiers were trained on.
    """

    scores: pd.DataFrame = field(repr=False)
    trace: pd.DataFrame = field(repr=False)
    counts: dict[str, int]
    lasso_curve: pd.DataFrame = field(repr=False)
    lasso_path: pd.DataFrame = field(repr=False)
    odds_ratios: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...]
    unavailable: str | None = None
    unscored: Mapping[str, str] = field(default_factory=dict)
    design: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    unit: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)
    trained: pd.Index = field(default_factory=lambda: pd.Index([], dtype=object), repr=False)


def score_rows(index: pd.Index, classifier: str, estimate: Estimate, scores: pd.Series) -> pd.DataFrame:
    """Rows of all images of ``index``; those that ``scores`` lacks have none."""
    values = scores.reindex(index).to_numpy()
    return pd.DataFrame(
        {"image_id": index, "classifier": classifier, "estimate": estimate, "y_score": values}
    )


def unfitted(
    images: pd.Index,
    train: pd.Index,
    classifiers: tuple[str, ...],
    estimates: tuple[Estimate, ...],
    notes: Sequence[str],
    reason: str,
) -> FamilyResult:
    """A family that could not be trained at all, for this ``reason``: nothing was selected, nobody has a score."""
    none = pd.Series(dtype=float)
    parts = [
        score_rows(images if estimate == "fitted" else train, name, estimate, none)
        for estimate in estimates
        for name in classifiers
    ]
    scores = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return unselected(scores, (*notes, f"{reason}: there are no scores"), reason)


def unselected(
    scores: pd.DataFrame, notes: tuple[str, ...] = (), unavailable: str | None = None
) -> FamilyResult:
    """Scores without any selection of features behind them."""
    none = pd.DataFrame()
    return FamilyResult(
        scores, empty_trace(np.empty(0, dtype=object)), {}, none, none, none, notes, unavailable
    )
