"""The numbers that classifiers are given: selected terms of all images, and which images train."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sgcore.models.harmonizing import Prepared
from sgcore.models.number_range import in_range
from sgcore.models.selectors import Selector


@dataclass(frozen=True)
class Design:
    """What the classifiers of one fit take.

    Attributes
    ----------
    values : one row an image of the fit (index ``image_id``) and one column a selected term, as
        ``Fitted.score`` takes them; NaN where a value is missing.
    unit : (terms,) what a value times it is in the term's own unit.
    trained : training images that have all values: nothing stands for a value that nobody measured.
    notes : how many training images lack one, in words.
    """

    values: pd.DataFrame = field(repr=False)
    trained: pd.Index = field(repr=False)
    unit: np.ndarray = field(repr=False)
    notes: tuple[str, ...] = ()


def design_of(selector: Selector, prepared: Prepared) -> Design:
    """The selected terms of all images of ``prepared``, in the unit of those that train."""
    raw = np.asarray(selector.transform(prepared.values), float)
    rows = prepared.values.index.get_indexer(prepared.train)
    known = np.isfinite(raw[rows]).all(axis=1)
    names = list(selector.get_feature_names_out())
    values, unit = in_range(raw[rows[known]], raw)
    values = pd.DataFrame(values, index=prepared.values.index, columns=names)
    left = prepared.train[~known]
    notes: tuple[str, ...] = ()
    if len(left):
        notes = (
            f"{len(left)} training image(s) lack a selected value and train no classifier (first {left[0]})",
        )
    return Design(values, prepared.train[known], unit, notes)
