"""Radiomic features of one region on one image, as PyRadiomics defines them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from sgcore.errors import ExtractionError
from sgcore.features.inputs import Image, as_volumes, check_resampling
from sgcore.features.presets import list_presets, preset_hash, preset_path, preset_settings

__all__ = [
    "Extraction",
    "extract",
    "extract_case",
    "feature_names",
    "list_presets",
    "preset_hash",
    "preset_path",
    "preset_settings",
]

Preset: TypeAlias = str | Path | Mapping[str, Any]

# What PyRadiomics calls the images that a filter gives.
_PREFIXES = {"LoG": "log-sigma", "LBP2D": "lbp-2D", "LBP3D": "lbp-3D"}


@dataclass(frozen=True)
class Extraction:
    """Features of one case.

    Attributes
    ----------
    values : feature name -> float64, in PyRadiomics' order.
    residue : image type -> largest response in the ROI over the largest value of the image; ``None``
        where the filter is not linear, NaN where image or ROI is constant. See :mod:`.residue`.
    constant_image, constant_roi : all gray values (of the ROI) are the same.
    messages : what PyRadiomics warned of.
    """

    values: pd.Series = field(compare=False, repr=False)
    residue: dict[str, float | None]
    constant_image: bool
    constant_roi: bool
    messages: tuple[str, ...] = ()


def extract(
    image: Image,
    mask: Image,
    preset: Preset = "paper-1288",
    *,
    spacing: tuple[float, float] | None = None,
) -> pd.Series:
    """Features of one region: name -> float64. See :func:`extract_case`."""
    return extract_case(image, mask, preset, spacing=spacing).values


def extract_case(
    image: Image,
    mask: Image,
    preset: Preset = "paper-1288",
    *,
    spacing: tuple[float, float] | None = None,
) -> Extraction:
    """Features of one region, and what was seen on the way.

    Parameters
    ----------
    image, mask : two arrays [rows, columns] or two SimpleITK images. A mask array marks the region by
        every value but 0, a SimpleITK mask by the ``label`` of the parameter file (1 in the presets).
        Images of 8 and 16 bits are computed in 32 bits, see :func:`sgcore.features.inputs.as_volumes`.
    preset : name of a shipped preset, the path of a PyRadiomics parameter file, or the content of one.
    spacing : (row, column) distance of pixel centers for arrays. The default, one, measures lengths in
        pixels as PyRadiomics does on a PNG and as the reference study did; sizes in mm need the
        spacing, and features then are not comparable with those in pixels.

    Raises
    ------
    ExtractionError : no ROI, ROI too small, sizes that differ, or features that cannot be computed.
    UsageError : the preset is unknown or its file is invalid.
    """
    from sgcore.features.extractor import Extractor, Messages

    with Messages() as messages:
        extractor = Extractor(preset_settings(preset))
        settings = extractor.settings
        label = settings["label"]
        volumes = as_volumes(image, mask, label=label, spacing=spacing)
        check_resampling(
            volumes[1], settings["resampledPixelSpacing"], label=label, pad=settings["padDistance"]
        )
        try:
            raw = extractor.execute(*volumes)
        except (ValueError, RuntimeError, ArithmeticError) as error:
            raise ExtractionError(_refused(error)) from error
    values = pd.Series({name: float(value) for name, value in raw.items()}, dtype="float64")
    _check_complete(values, extractor.enabledImagetypes, extractor.enabledFeatures, messages.texts)
    _check_numbers(values, extractor.constant_image, extractor.constant_roi)
    return Extraction(
        values=values,
        residue=extractor.residue,
        constant_image=extractor.constant_image,
        constant_roi=extractor.constant_roi,
        messages=tuple(messages.texts),
    )


def feature_names(preset: Preset = "paper-1288") -> tuple[str, ...]:
    """Names that a preset gives for one slice, in order: learned by extracting a small phantom once."""
    return _feature_names(json.dumps(preset_settings(preset)))


@lru_cache(maxsize=16)
def _feature_names(settings: str) -> tuple[str, ...]:
    rng = np.random.default_rng(0)
    mask = np.zeros((24, 24), dtype=bool)
    mask[6:18, 6:18] = True
    return tuple(extract(rng.integers(0, 256, mask.shape).astype(np.uint8), mask, json.loads(settings)).index)


def _refused(error: Exception) -> str:
    reason = str(error).strip().rstrip(".")
    remedy = "Check the mask and the parameter file."
    if "dimensions" in reason or "1 segmented voxel" in reason or "too small" in reason:
        remedy = "Draw a larger region: two pixels in each direction at least, more if the preset says so."
    elif "geometry" in reason or "physical space" in reason:
        remedy = "Save image and mask with the same origin, spacing and direction."
    return f"PyRadiomics refuses the case: {reason}. {remedy}"


def _check_complete(
    values: pd.Series, image_types: Iterable[str], classes: Iterable[str], messages: list[str]
) -> None:
    found_types = {name.split("_", 1)[0] for name in values.index}
    found_classes = {name.split("_", 2)[1] for name in values.index}
    missing = [
        name
        for name in image_types
        if not any(found.startswith(_PREFIXES.get(name, name.lower())) for found in found_types)
    ]
    missing += [name for name in classes if name not in found_classes]
    if missing:
        said = f" PyRadiomics says: {'; '.join(messages)}." if messages else ""
        raise ExtractionError(
            f"no features came of {', '.join(missing)} of the preset.{said} "
            "Remove it from the parameter file, or give images that it can be computed on."
        )


def _check_numbers(values: pd.Series, constant_image: bool, constant_roi: bool) -> None:
    bad = values.index[~np.isfinite(values.to_numpy())]
    if len(bad) == 0:
        return
    if constant_image:
        cause = "all pixels of the image have the same value; check the image file"
    elif constant_roi:
        cause = "all pixels of the ROI have the same value; check that the mask lies on tissue"
    else:
        cause = "the gray values in the ROI give no number; check image and bin width"
    shown = ", ".join(bad[:3]) + (" ..." if len(bad) > 3 else "")
    raise ExtractionError(f"{len(bad)} feature(s) cannot be computed ({shown}): {cause}.")
