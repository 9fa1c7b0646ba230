"""One case as a person looks at it: its image and ROI as they were imported, and what a network saw in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sgcore.cohort import LabelMap, ScalarImage, read_case
from sgcore.deep.crop import Crop
from sgcore.domain import Study
from sgcore.explain.gradcam import GradCam


@dataclass(frozen=True, eq=False)
class CaseView:
    """Image and ROI of a case, and the maps of the network by class: 0 negative, 1 positive.

    ``maps`` is empty where no network of the analysis has maps of this image.
    """

    image: ScalarImage = field(repr=False)
    mask: LabelMap = field(repr=False)
    maps: dict[int, GradCam] = field(repr=False)


def case_view(study: Study, image_id: str, maps: pd.DataFrame) -> CaseView:
    """Read a case again.

    Parameters
    ----------
    maps : the result frame ``grad_cam`` of an analysis, of any images.

    Raises
    ------
    ImageError : the study has no such image, or its files vanished or changed since the import.
    """
    image, mask = read_case(study, image_id)
    own = maps[maps["image_id"] == image_id]
    return CaseView(image, mask, {int(row["target"]): _map(row) for row in own.to_dict("records")})


def _map(row: dict[str, Any]) -> GradCam:
    """A map as :func:`~sgcore.explain.gradcam.grad_cam` gave it, from its row."""
    shape = (int(row["height"]), int(row["width"]))
    signed = np.asarray(row["signed"], dtype=np.float32).reshape(shape)
    top, left, side = (int(row[name]) for name in ("top", "left", "side"))
    return GradCam(signed, int(row["target"]), Crop(top, left, side), str(row["reason"]))
