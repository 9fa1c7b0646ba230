"""The columns of a study's tables that describe patients or images, as checks of tables read them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sgcore.domain import Study

#: Columns that identify, were assigned, are the outcome, or were measured from the files.
_KEYS = {
    *("patient_id", "image_id", "lesion_id"),
    *("center", "label", "y", "subset", "subset_given"),
    *("image", "mask", "image_sha256", "mask_sha256", "height", "width", "roi_pixels"),
}
#: Levels that a column of groups has at most, and different numbers that are groups.
_MOST, _NUMBERS = 12, 6
SEVERAL = "several values"


def described(study: Study) -> Iterator[tuple[str, str]]:
    """``table, column`` of what patients and images are described by."""
    for table, frame in (("patients", study.patients), ("images", study.images)):
        for name in frame:
            if name in _KEYS or name == study.split_column:
                continue
            # Without images there are no pixels that could have a size.
            if name != "pixel_spacing_mm" or study.images["image"].notna().any():
                yield table, str(name)


def levels(study: Study, table: str, column: str) -> pd.Series | None:
    """The group of each patient (by ``patient_id``), missing where unknown; None where the column has no groups.

    A column of images gives a patient the value of all of its images, or "several values".
    """
    frame = getattr(study, table)
    values = frame[column]
    distinct = values.nunique()
    most = _NUMBERS if pd.api.types.is_numeric_dtype(values) else _MOST
    if not 2 <= distinct <= most:
        return None
    texts = values.map(str, na_action="ignore").astype(object)
    if table == "patients":
        return pd.Series(texts.to_numpy(), index=frame["patient_id"], name=column)
    groups = texts.groupby(frame["patient_id"], sort=False)
    found = groups.first().where(groups.nunique() < 2, SEVERAL)
    return found.rename(column)
