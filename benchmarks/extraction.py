"""Seconds a case: PyRadiomics called plainly against sgaudit, both presets, and where ours go.

Run: ``python benchmarks/extraction.py [--rows 600 --columns 800 --roi-rows 200 --roi-columns 300]``.
The image is smoothed noise, the ROI an ellipse of the given height and width. Values are compared
feature by feature.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import SimpleITK as sitk
from numpy.typing import NDArray
from radiomics import setVerbosity
from radiomics.featureextractor import RadiomicsFeatureExtractor
from scipy.ndimage import gaussian_filter

from sgcore.features import extract, list_presets, preset_path


def case(
    rows: int, columns: int, roi_rows: int, roi_columns: int
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    rng = np.random.default_rng(0)
    image = gaussian_filter(rng.normal(size=(rows, columns)), 2) * 200 + rng.normal(110, 15, (rows, columns))
    y, x = np.mgrid[:rows, :columns]
    inside = ((y - rows / 2) / (roi_rows / 2)) ** 2 + ((x - columns / 2) / (roi_columns / 2)) ** 2 <= 1
    return np.clip(image, 0, 255).astype(np.int32), inside


def plainly(image: sitk.Image, mask: sitk.Image, preset: str) -> pd.Series:
    extractor = RadiomicsFeatureExtractor(str(preset_path(preset)), additionalInfo=False)
    return pd.Series({name: float(value) for name, value in extractor.execute(image, mask).items()})


def timed(work: Callable[[], pd.Series], repeats: int) -> tuple[pd.Series, float]:
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        values = work()
        seconds.append(time.perf_counter() - started)
    return values, min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--columns", type=int, default=800)
    parser.add_argument("--roi-rows", type=int, default=200)
    parser.add_argument("--roi-columns", type=int, default=300)
    sizes = parser.parse_args()
    setVerbosity(60)
    image, inside = case(sizes.rows, sizes.columns, sizes.roi_rows, sizes.roi_columns)
    volume, mask = (sitk.GetImageFromArray(array[None]) for array in (image, inside.astype(np.uint8)))
    print(
        f"image {sizes.rows} x {sizes.columns}, ROI {inside.sum()} pixels; best of 3 (PyRadiomics: one run)"
    )
    for preset in list_presets():
        extract(volume, mask, preset)
        theirs, slow = timed(lambda preset=preset: plainly(volume, mask, preset), 1)
        ours, fast = timed(lambda preset=preset: extract(volume, mask, preset), 3)
        difference = ((ours - theirs).abs() / theirs.abs().clip(lower=1e-300)).max()
        print(
            f"{preset}: {len(ours)} features, PyRadiomics {slow:.2f} s, sgaudit {fast:.2f} s, "
            f"ratio {slow / fast:.1f}, largest relative difference {difference:.1e}, "
            f"{int((ours == theirs).sum())} values identical"
        )
    profile = cProfile.Profile()
    profile.runcall(extract, volume, mask, "paper-1288")
    print("\nwhere the time of paper-1288 goes:")
    pstats.Stats(profile).sort_stats("tottime").print_stats(12)


if __name__ == "__main__":
    main()
