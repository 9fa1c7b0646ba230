"""How alike the features are that reached the LASSO, and which are numerical residue."""

from __future__ import annotations

import pandas as pd

from sgcore.features import residue_image_types
from sgcore.selection import spearman
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.harmonized import as_selected


def correlations(analysis: Analysis, family: str) -> pd.DataFrame:
    """Spearman correlation over training images, (d, d); selected features stand first.

    Radiomics features and components of deep features; empty where a family has neither, as US.
    """
    rows = analysis.frame("selection")
    rows = rows[(rows["family"] == family) & rows["step"].isin(["lasso", "selected"])]
    values = as_selected(analysis.features.values, analysis.study.cases(), analysis.config)
    components = analysis.frame("deep_components")
    if len(components):
        wide = components.pivot(index="image_id", columns="component", values="value")
        values = values.join(wide[wide.columns.difference(values.columns)])
    ordered = rows.sort_values("step", ascending=False, kind="stable")["feature"]
    names = ordered[ordered.isin(values.columns)].tolist()
    if not names:
        return pd.DataFrame()
    matrix = spearman(values[names].to_numpy())
    return pd.DataFrame(matrix, index=names, columns=names)


def residue_types(analysis: Analysis) -> set[str]:
    """Image types whose filter response is rounding error in every image (SGA010)."""
    return set(residue_image_types(analysis.frame("residue")))
