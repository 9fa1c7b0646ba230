"""The features of a family with their fate, whether they are residue, their ICC and their correlation with size."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.config import BROUGHT
from sgcore.domain import Unit
from sgcore.features import residue_image_types
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.feature_values import numeric_descriptors, numeric_features

#: Features that measure how large the ROI is, the first that an analysis has counts. On one slice the
#: volumes of PyRadiomics' three-dimensional shape class are areas times the same thickness.
SIZES = (
    "original_shape2D_MeshSurface",
    "original_shape2D_PixelSurface",
    "original_shape_MeshVolume",
    "original_shape_VoxelVolume",
)
#: Fates in the order in which features are listed.
_ORDER = ("selected", "lasso", "multivariable", "correlation", "univariate", "excluded")


@dataclass(frozen=True)
class LesionSize:
    """How large the ROI of each image is (index ``image_id``), where that is from and in which unit.

    ``feature`` is None for the pixels of the ROI, counted at the import.
    """

    values: pd.Series = field(repr=False)
    feature: str | None
    unit: str


def lesion_size(analysis: Analysis) -> LesionSize | None:
    """The area of the ROIs of an analysis; None where neither features nor images tell it."""
    images, values = analysis.study.images, analysis.features.values
    known = images.set_index("image_id")["pixel_spacing_mm"].notna()
    for name in SIZES:
        if name in values:
            brought = analysis.config.preset == BROUGHT
            return LesionSize(values[name], name, "in the study's own unit" if brought else _unit(known))
    pixels = images.set_index("image_id")["roi_pixels"].astype(float)
    return None if pixels.isna().all() else LesionSize(pixels, None, "in pixels, whatever their size")


def _unit(known: pd.Series) -> str:
    if known.all():
        return "in mm²"
    if not known.any():
        return "in pixels"
    return f"in mm² where the pixel size is known ({int(known.sum())} of {len(known)} images), else in pixels"


def list_features(analysis: Analysis, family: str, unit: Unit) -> pd.DataFrame:
    """Features of a family, selected ones first and then by p; empty for a family that selects none.

    Returns
    -------
    The columns of ``selection`` and

    - ``residue`` : whether the feature's image type is numerical residue.
    - ``icc, icc_low, icc_high, icc_patients`` : over changed ROIs; NaN where none was computed.
    - ``size_rho, size_low, size_high, size_n, size_reason`` : Spearman correlation with :func:`lesion_size` over
      training patients (means of their images), or over training images and then without an interval: images of one
      patient are not independent. Held-out images have no say in either.
    """
    trace = analysis.frame("selection")
    rows = trace[trace["family"] == family].reset_index(drop=True) if len(trace) else trace
    if rows.empty:
        return rows
    # Names of a study's own and components have no image type.
    rows["image_type"] = rows["image_type"].fillna("")
    rows = rows.assign(residue=rows["image_type"].isin(residue_image_types(analysis.frame("residue"))))
    rows = rows.join(_icc(analysis), on="feature").join(_with_size(analysis, family, unit), on="feature")
    order = rows["step"].map(_ORDER.index)
    strength = -rows["coefficient"].astype(float).abs()
    rows["size_reason"] = rows["size_reason"].fillna("it is no number")
    rows = rows.assign(order=order, strength=strength).sort_values(["order", "strength", "p"], kind="stable")
    return rows.drop(columns=["order", "strength"]).reset_index(drop=True)


def _icc(analysis: Analysis) -> pd.DataFrame:
    names = {"ci_low": "icc_low", "ci_high": "icc_high", "n_patients": "icc_patients"}
    frame = analysis.frame("icc")
    if frame.empty:
        return pd.DataFrame(columns=["icc", *names.values()], dtype=float)
    return frame.rename(columns=names).set_index("feature")[["icc", *names.values()]]


def _with_size(analysis: Analysis, family: str, unit: Unit) -> pd.DataFrame:
    """By feature (index) ``size_rho`` and its like; features that are no numbers have no row."""
    columns = ["size_rho", "size_low", "size_high", "size_n", "size_reason"]
    size = lesion_size(analysis)
    numbers, described = numeric_features(analysis), numeric_descriptors(analysis)
    if family == "US":
        numbers = described
    else:
        numbers = numbers.join(described[described.columns.difference(numbers.columns)], how="outer")
    if size is None or numbers.empty:
        return pd.DataFrame(columns=columns)
    cases = analysis.study.cases()
    train = cases[cases["subset"] == "train"].set_index("image_id")
    values, sizes = numbers.reindex(train.index), size.values.reindex(train.index)
    # An infinite value has a rank, but no mean.
    values = values.where(np.isfinite(values))
    if unit == "patient":
        values, sizes = (part.groupby(train["patient_id"]).mean() for part in (values, sizes))
    found = stats.rank_correlation(values, sizes)
    low, high = (
        (found.ci_low, found.ci_high)
        if unit == "patient"
        else (np.full(len(found.rho), np.nan), np.full(len(found.rho), np.nan))
    )
    rows = zip(found.rho, low, high, found.n, found.reason, strict=True)
    return pd.DataFrame(rows, index=numbers.columns, columns=columns)
