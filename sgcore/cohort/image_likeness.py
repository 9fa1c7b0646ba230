"""Whether two images are nearly one: a perceptual hash finds candidates, the correlation of aligned ROIs judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sgcore.cohort.image_types import LabelMap, ScalarImage

#: Pixels along a side of the square around the ROI, and of that square with half as much again around it.
CORE, WIDE = 64, 96
#: Bits of 256 in which the hashes of two images may differ to be compared. Copies by way of a JPEG,
#: another size or brightness stay far below, those with another outline near it (`benchmarks/near_copies.py`).
MAX_DISTANCE = 90
#: From here on two images are nearly one. SGA002 tells 0.47 at most between two patients of the
#: demo study, 0.58 of 315 real images.
MIN_CORRELATION = 0.8
#: For each image so many of the nearest others are judged, and so many pairs even where none is near.
NEIGHBORS, NEAREST = 5, 10
_BITS = 16
_SCALES = (0.9, 0.95, 1.0, 1.05, 1.1)
#: Shapes of the lesion and shades are alike in many patients, speckle is not: Gaussian widths in pixels.
_FINE, _COARSE = 1.0, 5.0
_BLOCK = 1000
#: A smaller ROI has no pattern that could be compared.
_MIN_SIDE = 16
Pixels = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Look:
    """What is compared of an image: the square around its ROI, ``wide`` (96, 96) uint8, and its ``bits`` (256,)."""

    wide: NDArray[np.uint8] = field(repr=False)
    bits: NDArray[np.bool_] = field(repr=False)


def look(image: ScalarImage, mask: LabelMap) -> Look:
    """The square around the ROI, half as wide again, so that frames and texts of a scanner's screen stay outside.

    Beyond the image its edge goes on. Gray values reach from the lowest of the square to its highest.
    """
    # Loaded where images are compared alone: it brings SciPy's transforms.
    import imagehash
    from PIL import Image

    top, bottom, left, right = mask.bounding_box()
    middle = np.array([left + right + 1, top + bottom + 1]) / 2
    half = max(bottom - top + 1, right - left + 1, _MIN_SIDE) / 2 * WIDE / CORE
    rows, columns = image.shape
    pad = int(np.ceil(max(0.0, half - middle.min(), *(middle + half - (columns, rows)))))
    picture = Image.fromarray(np.pad(image.pixels, pad, mode="edge").astype(np.float32))
    low, high = middle + pad - half, middle + pad + half
    square = picture.resize((WIDE, WIDE), Image.Resampling.BILINEAR, box=(*low, *high))
    values = np.asarray(square, dtype=float)
    values = values - values.min()
    gray = np.round(255 * values / (values.max() or 1.0)).astype(np.uint8)
    core = Image.fromarray(np.ascontiguousarray(_core(gray)))
    return Look(gray, np.asarray(imagehash.phash(core, hash_size=_BITS).hash, dtype=bool).ravel())


def near_pairs(
    looks: Sequence[Look], owners: Sequence[str], on_step: Callable[[], None] = lambda: None
) -> pd.DataFrame:
    """Pairs of images that are nearly one: ``a, b`` (positions), ``distance, correlation, near``.

    Of two owners: each image with the nearest of the others', as far as their hashes are near. Of one owner: each
    image with the one that it is most like. The pair of two owners that is most alike is there in any case, ``near``
    or not. ``on_step`` is called now and then and may raise to stop.
    """
    columns = ["a", "b", "distance", "correlation", "near"]
    if len(looks) < 2:
        return pd.DataFrame(columns=columns)
    codes = np.unique(np.asarray(owners, dtype=str), return_inverse=True)[1]
    fine = _Fine(looks)
    between, within = _candidates(np.stack([each.bits for each in looks]), codes, on_step)
    rows = []
    for a, b, distance in between:
        on_step()
        rows.append((a, b, distance, fine.aligned(a, b)))
    found = pd.DataFrame(rows, columns=columns[:4]).sort_values("correlation", ascending=False)
    found = found[(found["correlation"] >= MIN_CORRELATION) | (np.arange(len(found)) == 0)]
    own = pd.DataFrame([(*row, fine.plain(*row[:2])) for row in within], columns=columns[:4])
    parts = [part for part in (found, own[own["correlation"] >= MIN_CORRELATION]) if len(part)]
    if not parts:
        return pd.DataFrame(columns=columns)
    together = pd.concat(parts, ignore_index=True)
    return together.assign(near=together["correlation"] >= MIN_CORRELATION)


Candidate = tuple[int, int, int]


def _candidates(
    bits: NDArray[np.bool_], codes: NDArray[np.int64], on_step: Callable[[], None]
) -> tuple[list[Candidate], list[Candidate]]:
    """Pairs of two owners worth a look, and for each image the nearest of the same owner; distances with them."""
    signs = np.where(bits, 1.0, -1.0).astype(np.float32)
    n, width = signs.shape
    between: set[Candidate] = set()
    within: set[Candidate] = set()
    nearest: list[Candidate] = []
    for begin in range(0, n, _BLOCK):
        on_step()
        end = min(begin + _BLOCK, n)
        distance = ((width - signs[begin:end] @ signs.T) / 2).astype(np.int64)
        same = codes[begin:end, None] == codes[None, :]
        others = np.where(same, width + 1, distance)
        order = np.argsort(others, axis=1, kind="stable")[:, :NEIGHBORS]
        alone = np.where(same, distance, width + 1)
        alone[np.arange(end - begin), np.arange(begin, end)] = width + 1
        for row in range(end - begin):
            a, twin = begin + row, int(alone[row].argmin())
            close = [(min(a, b), max(a, b), int(others[row, b])) for b in order[row].tolist()]
            between.update(each for each in close if each[2] <= MAX_DISTANCE)
            nearest += [each for each in close[:1] if each[2] <= width]
            if alone[row, twin] <= width:
                within.add((min(a, twin), max(a, twin), int(alone[row, twin])))
    between.update(sorted(set(nearest), key=lambda each: each[2])[:NEAREST])
    return sorted(between), sorted(within)


class _Fine:
    """Correlations of fine patterns, those of speckle and texture."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self._looks = looks

    def plain(self, a: int, b: int) -> float:
        """Of the two squares as the outlines place them."""
        one, other = (_core(_pattern(self._looks[each].wide.astype(float))) for each in (a, b))
        return _cosine(one, other)

    def aligned(self, a: int, b: int) -> float:
        """The highest, over moves and scales of the second: two readers outline one lesion differently."""
        from scipy.ndimage import zoom

        template = _core(_pattern(self._looks[a].wide.astype(float)))
        wide = self._looks[b].wide.astype(float)
        return max(
            _best_move(template, _pattern(wide if scale == 1 else zoom(wide, scale, order=1)))
            for scale in _SCALES
        )


def _core(wide: NDArray) -> NDArray:
    edge = (wide.shape[0] - CORE) // 2
    return wide[edge : edge + CORE, edge : edge + CORE]


def _pattern(values: Pixels) -> Pixels:
    from scipy.ndimage import gaussian_filter

    found: Pixels = gaussian_filter(values, _FINE) - gaussian_filter(values, _COARSE)
    return found


def _cosine(one: Pixels, other: Pixels) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float((one * other).sum()) / scale if scale > 0 else 0.0


def _best_move(template: Pixels, wide: Pixels) -> float:
    """The highest correlation of the template with any place of ``wide``; 0 where one has no pattern."""
    from scipy.signal import fftconvolve

    template = template - template.mean()
    ones = np.ones_like(template)
    sums, squares = (fftconvolve(values, ones, mode="valid") for values in (wide, wide**2))
    spread = np.sqrt(np.clip(squares - sums**2 / template.size, 0, None))
    scale = spread * np.linalg.norm(template)
    products = fftconvolve(wide, template[::-1, ::-1], mode="valid")
    # Rounding errors of the transform are no pattern.
    known = scale > 1e-6 * template.size
    return float((products[known] / scale[known]).max()) if known.any() else 0.0
