"""How alike the features are that reached the LASSO, and which are numerical residue."""

from __future__ import annotations

import pandas as pd

from sgcore.features import residue_image_types
from sgcore.selection import spearman
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.harmonized import as_selected


def correlations(analysis: Analysis, family: str) -> pd.DataFrame:
    """Spearman correlation over training images, (d, d); selected features stand first.

    Empty where the family's features are no columns of the feature table, as descriptors are not.
    """
    rows = analysis.frame("selection")
    rows = rows[(rows["family"] == family) & rows["step"].isin(["lasso", "selected"])]
    names = rows.sort_values("step", ascending=False, kind="stable")["feature"].tolist()
    values = analysis.features.values
    if not names or not set(names) <= set(values.columns):
        return pd.DataFrame()
    cases = analysis.study.cases()
    matrix = spearman(as_selected(values, cases, analysis.config)[names].to_numpy())
    return pd.DataFrame(matrix, index=names, columns=names)


def residue_types(analysis: Analysis) -> set[str]:
    """Image types whose filter response is rounding error in every image (SGA010)."""
    return set(residue_image_types(analysis.frame("residue")))
