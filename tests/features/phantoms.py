"""Small images for the feature tests, and PyRadiomics called plainly on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from sgcore.features import preset_settings


def ellipse(shape: tuple[int, int], height: float = 0.25, width: float = 0.3) -> NDArray[np.bool_]:
    """An ellipse in the middle, with half axes as shares of the image's sides."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    distance = ((rows / shape[0] - 0.5) / height) ** 2 + ((columns / shape[1] - 0.5) / width) ** 2
    return distance <= 1


def speckle(shape: tuple[int, int] = (48, 61), seed: int = 0, brightest: int = 255) -> NDArray[np.uint8]:
    """Smooth noise with speckle, 8 bits, reaching ``brightest``."""
    rng = np.random.default_rng(seed)
    field = gaussian_filter(rng.normal(size=shape), 2) * 3 + rng.rayleigh(size=shape)
    scaled = (field - field.min()) / (field.max() - field.min())
    return np.round(scaled * brightest).astype(np.uint8)


def volumes(
    image: NDArray[np.generic], mask: NDArray[np.generic], spacing: tuple[float, float, float] = (1, 1, 1)
) -> tuple[sitk.Image, sitk.Image]:
    """One-slice SimpleITK images; ``spacing`` is x, y, z."""
    pair = (
        sitk.GetImageFromArray(image[None]),
        sitk.GetImageFromArray((mask != 0).astype(np.uint8)[None]),
    )
    for volume in pair:
        volume.SetSpacing(spacing)
    return pair


def plain(image: sitk.Image, mask: sitk.Image, preset: str | Path) -> pd.Series:
    """What ``RadiomicsFeatureExtractor`` itself gives with the same parameters."""
    from radiomics import setVerbosity
    from radiomics.featureextractor import RadiomicsFeatureExtractor

    setVerbosity(60)
    settings = preset_settings(preset)
    # Set as the constructor does with a file; given the file, its validator warns of Python 3.12.
    extractor = RadiomicsFeatureExtractor()
    extractor.settings.update(settings["setting"])
    extractor.enabledImagetypes = settings["imageType"]
    extractor.enabledFeatures = settings["featureClass"]
    extractor.addProvenance(False)
    values = extractor.execute(image, mask)
    return pd.Series({name: float(value) for name, value in values.items()})
