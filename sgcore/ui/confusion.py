"""Confusion matrices on a page: one set at a chosen threshold, or the sets of a network side by side."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sgcore import plots
from sgcore.domain import EvaluationSet
from sgcore.plots import words
from sgcore.ui.charts import chart
from sgcore.ui.view import View, theme
from sgcore.workflow import Called

#: Counts of a matrix: true positive, false positive, true negative, false negative.
Counts = tuple[int, int, int, int]


def one(view: View, called: Called, at: EvaluationSet) -> None:
    """The matrix of one set; the page says beside it what the counts mean."""
    place = words.SUBSETS[at.subset] if at.center is None else at.center
    title = f"{place}, {words.count(len(called.rows), at.unit)}"
    several(
        view,
        {title: (called.tp, called.fp, called.tn, called.fn)},
        name="confusion-matrix",
        says=f"Rows: what {at.unit}s are. Columns: what they are called. Color: share of the row.",
        beside=False,
    )


def several(view: View, matrices: Mapping[str, Counts], *, name: str, says: str, beside: bool = True) -> None:
    """A matrix a title, in one color scale, with the counts as its table."""
    labels = (view.study.negative, view.study.positive)
    table = counts_table(matrices, labels)
    chart(
        plots.confusion(matrices, theme(), labels, unit=view.unit),
        view,
        name=name,
        says=says,
        table=table,
        beside=beside,
    )


def counts_table(matrices: Mapping[str, Counts], labels: tuple[str, str]) -> pd.DataFrame:
    """One row a set and label: how many are called what."""
    negative, positive = labels
    rows = []
    for title, (tp, fp, tn, fn) in matrices.items():
        rows.append({"Cases": title, "Label": positive, f"Called {negative}": fn, f"Called {positive}": tp})
        rows.append({"Cases": title, "Label": negative, f"Called {negative}": tn, f"Called {positive}": fp})
    return pd.DataFrame(rows)
