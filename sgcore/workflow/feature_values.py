"""What each image has of a feature: radiomics as extracted, components of deep features, descriptors as recorded."""

from __future__ import annotations

import pandas as pd

from sgcore.domain import Unit
from sgcore.errors import UsageError
from sgcore.models.descriptor_coding import ASPECT, ASPECT_BELOW_1, MISSING
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cohort_summary import value_by_patient

#: Every other column is what it belongs to.
_CASE = {"center": "first", "subset": "first", "y": "first"}


def feature_cases(analysis: Analysis, family: str, feature: str) -> pd.DataFrame:
    """One row an image of the study, in its order: ``image_id, patient_id, center, subset, y, value``.

    ``value`` is a number, NaN where an image has none, or the level of a descriptor in words, None where none
    was recorded. "aspect_ratio < 1" has the ratio itself. Radiomics features are those before any harmonization.

    Raises
    ------
    UsageError : the analysis has no such feature.
    """
    own = _column(analysis, family, feature)
    if own is None:
        raise UsageError(f"The analysis {analysis.name!r} has no feature {feature!r} in its family {family}.")
    cases = analysis.study.cases()
    return cases.assign(value=own.reindex(cases["image_id"]).to_numpy())


def _column(analysis: Analysis, family: str, feature: str) -> pd.Series | None:
    """A feature by image (index ``image_id``), or None.

    A feature and a descriptor may share a name: the US family has descriptors alone.
    """
    if family != "US":
        for values in (analysis.features.values, deep_components(analysis)):
            if feature in values:
                return values[feature]
    table, name = analysis.study.descriptors, ASPECT if feature == ASPECT_BELOW_1 else feature
    if table is None or name not in table:
        return None
    return _as_read(table.set_index("image_id")[name])


def numeric_features(analysis: Analysis) -> pd.DataFrame:
    """Radiomics features and components of deep features, index ``image_id``, one float column each."""
    values, wide = analysis.features.values, deep_components(analysis)
    return values.join(wide[wide.columns.difference(values.columns)], how="outer") if len(wide) else values


def deep_components(analysis: Analysis) -> pd.DataFrame:
    """Components of deep features, index ``image_id``, one float column each; empty without networks."""
    long = analysis.frame("deep_components")
    return long.pivot(index="image_id", columns="component", values="value") if len(long) else pd.DataFrame()


def numeric_descriptors(analysis: Analysis) -> pd.DataFrame:
    """Descriptors that are numbers, index ``image_id``, the aspect ratio under the name of what the model takes."""
    table = analysis.study.descriptors
    if table is None:
        return pd.DataFrame()
    read = table.set_index("image_id").apply(_as_read)
    return read.select_dtypes("number").rename(columns={ASPECT: ASPECT_BELOW_1})


def _as_read(column: pd.Series) -> pd.Series:
    """Numbers and yes or no as floats, all else as text; None where nothing was recorded."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(float)
    return column.astype(object).where(column.notna(), None).map(str, na_action="ignore")


def count_values(values: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """Rows of :func:`feature_cases` by image, or by patient: the mean, or the most frequent level, of its images.

    ``called`` names each row, ``n_images`` counts the images with a value behind it. A level that was not recorded
    is called so; it is a level of its own in the models, too.
    """
    numbers = pd.api.types.is_numeric_dtype(values["value"])
    if unit == "image":
        rows = values.assign(called=values["image_id"], n_images=values["value"].notna().astype(int))
    else:
        rows = values.groupby("patient_id", sort=False, as_index=False).agg(
            **{name: (name, how) for name, how in _CASE.items()}, n_images=("value", "count")
        )
        rows["value"] = value_by_patient(values, "value")["value"].to_numpy()
        rows["called"] = rows["patient_id"]
    if not numbers:
        rows["value"] = rows["value"].where(rows["value"].notna(), MISSING)
    return rows
