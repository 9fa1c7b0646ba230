"""Numerical residue: image types whose filter response is rounding error and not signal.

On one slice the wavelets that pass high frequencies along the third axis have nothing to pass: what is
left, about 1e-16 of the image, is the rounding error of the filter's own coefficients. Binned, it still
becomes features.

The ratio r of an image and an image type is the largest absolute filter response in the ROI over the
largest absolute value of the image, in float64, before binning. It is defined for linear filters
(wavelets, Laplacian of Gaussian): only they scale with the image. A constant image or a constant ROI
has no detail that any filter could show; its r is NaN, says nothing about the filter and is another
outcome (:class:`sgcore.features.radiomics.Extraction` flags it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: Measured: residue 4e-18 to 4e-16, responses of real wavelets above 0.03.
RESIDUE_THRESHOLD = 1e-9
COLUMNS = ("image_id", "image_type", "ratio")
_LINEAR = ("wavelet", "log-sigma")


def is_linear_filter(image_type: str) -> bool:
    """Whether an image type comes from a linear filter, by PyRadiomics' name of it."""
    return image_type.startswith(_LINEAR)


def response_ratio(response: NDArray[Any], largest: float) -> float:
    """Largest absolute response over ``largest``, the largest absolute value of the image (not 0)."""
    return float(np.abs(response.astype(np.float64, copy=False)).max() / largest)


def residue_frame(cases: Iterable[tuple[str, Mapping[str, float | None]]]) -> pd.DataFrame:
    """One row an image and linear image type: ``image_id, image_type, ratio``.

    ``cases`` are pairs of an image id and :attr:`Extraction.residue`; types of non-linear filters
    (``None``) have no row.
    """
    rows = [
        (image_id, image_type, ratio)
        for image_id, ratios in cases
        for image_type, ratio in ratios.items()
        if ratio is not None
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"image_id": "str", "image_type": "str", "ratio": "float64"})


def is_residue(ratios: pd.DataFrame) -> dict[str, bool]:
    """Image type -> whether it is residue: r below ``RESIDUE_THRESHOLD`` in every image where r is defined.

    Parameters
    ----------
    ratios : ``image_id, image_type, ratio``, as :func:`residue_frame` gives it. Rows with NaN (constant
        image or ROI) do not count; a type without any other row is not called residue.
    """
    defined = ratios.dropna(subset="ratio")
    largest = defined.groupby("image_type", sort=False)["ratio"].max()
    return {
        str(name): bool(largest.get(name, np.inf) < RESIDUE_THRESHOLD)
        for name in ratios["image_type"].unique()
    }


def residue_image_types(ratios: pd.DataFrame) -> tuple[str, ...]:
    """The image types that :func:`is_residue` calls residue, in the order of the frame."""
    return tuple(name for name, residue in is_residue(ratios).items() if residue)
