"""The digital phantom of IBSI-1 through a user's parameter file: the values that the teams agreed on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from sgcore.features import extract

# Zwanenburg A et al. Radiology 2020;295:328, and the reference manual, arXiv:1612.07003: four slices of
# four rows and five columns. The mask leaves out six voxels, one of them the 9.
PHANTOM = np.array(
    [
        [[1, 4, 4, 1, 1], [1, 4, 6, 1, 1], [4, 1, 6, 4, 1], [4, 4, 6, 4, 1]],
        [[1, 4, 4, 1, 1], [1, 1, 6, 1, 1], [1, 1, 3, 1, 1], [4, 4, 6, 1, 1]],
        [[1, 4, 4, 1, 1], [1, 1, 1, 1, 1], [1, 1, 9, 1, 1], [1, 1, 6, 1, 1]],
        [[1, 4, 4, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 6, 1, 1]],
    ]
)
MASK = np.ones_like(PHANTOM)
MASK[1, 2, 0] = MASK[2, 2, 2] = 0
MASK[2:, 0, 3:] = 0

OWN = """
setting: {binWidth: 1, force2D: false}
imageType: {Original: {}}
featureClass: {firstorder: [Mean, Variance], glcm: [JointEntropy, Contrast], ngtdm: [Coarseness]}
"""
# Three digits, as the manual prints them; the matrices in three dimensions, averaged over 13 directions.
CONSENSUS = {
    "original_firstorder_Mean": 2.15,
    "original_firstorder_Variance": 3.05,
    "original_glcm_JointEntropy": 2.40,
    "original_glcm_Contrast": 5.32,
    "original_ngtdm_Coarseness": 0.0296,
}


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 0, 1)], ids=["as printed", "turned"])
def test_the_digital_phantom(axes: tuple[int, ...], tmp_path: Path) -> None:
    path = tmp_path / "ibsi.yaml"
    path.write_text(OWN)
    image, mask = (
        sitk.GetImageFromArray(volume.transpose(axes).astype(np.uint8)) for volume in (PHANTOM, MASK)
    )
    values = extract(image, mask, path)
    assert {name: float(f"{value:.3g}") for name, value in values.items()} == CONSENSUS


def test_each_voxel_of_the_mask_counts(tmp_path: Path) -> None:
    """With the six voxels that the mask leaves out, no value is the agreed one."""
    path = tmp_path / "ibsi.yaml"
    path.write_text(OWN)
    image, whole = (sitk.GetImageFromArray(np.pad(volume, 1)) for volume in (PHANTOM, np.ones_like(PHANTOM)))
    values = extract(image, whole, path)
    assert all(float(f"{values[name]:.3g}") != expected for name, expected in CONSENSUS.items())
