"""How alike images of two patients are, and which copies SGA002 finds.

    python benchmarks/near_copies.py STUDY.toml [...]

Of each study: seconds to read the images and to compare all of them, the highest correlation between two patients,
and the share that is found of copies made of its images. Then every image turned and mirrored in the eight ways, each
as a patient of its own: the highest correlation among all of these, and the seconds.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import numpy as np
from PIL import Image
from scipy import ndimage

from sgcore.cohort import LabelMap, ScalarImage, load_study, read_case
from sgcore.cohort.image_likeness import MAX_DISTANCE, MIN_CORRELATION, look, near_pairs

Pair = tuple[np.ndarray, np.ndarray]
#: Images of a study of which copies are made.
COPIED = 40


def _jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer)).astype(float)


def _smaller(pixels: np.ndarray, mask: np.ndarray) -> Pair:
    return ndimage.zoom(pixels, 0.5, order=1), ndimage.zoom(mask.astype(float), 0.5, order=1) > 0.5


def _noisy(pixels: np.ndarray, mask: np.ndarray) -> Pair:
    return pixels + np.random.default_rng(0).normal(0, 8, pixels.shape), mask


def _dilated(by: int) -> Callable[[np.ndarray, np.ndarray], Pair]:
    return lambda pixels, mask: (pixels, ndimage.binary_dilation(mask, iterations=by))


def _aside(by: int) -> Callable[[np.ndarray, np.ndarray], Pair]:
    return lambda pixels, mask: (pixels, ndimage.shift(mask, (0, by), order=0))


COPIES: dict[str, Callable[[np.ndarray, np.ndarray], Pair]] = {
    "JPEG of quality 50": lambda pixels, mask: (_jpeg(pixels, 50), mask),
    "JPEG, brighter": lambda pixels, mask: (_jpeg(pixels + 6, 90), mask),
    "another gray curve": lambda pixels, mask: (255 * (pixels / 255) ** 1.4, mask),
    "noise": _noisy,
    "half the size": _smaller,
    "outline 3 pixels wider": _dilated(3),
    "outline 3 pixels narrower": lambda pixels, mask: (pixels, ndimage.binary_erosion(mask, iterations=3)),
    "outline 3 pixels aside": _aside(3),
    "outline 6 pixels wider": _dilated(6),
    "outline 6 pixels aside": _aside(6),
}


def main(paths: list[str]) -> int:
    every = []
    for path in paths:
        study = load_study(path)
        ids, patients = list(study.images["image_id"]), list(study.images["patient_id"])
        began = time.perf_counter()
        looks = [look(*read_case(study, image_id)) for image_id in ids]
        read = time.perf_counter()
        pairs = near_pairs(looks, patients)
        compared = time.perf_counter() - read
        owner = np.asarray(patients)
        apart = pairs[owner[pairs["a"].astype(int)] != owner[pairs["b"].astype(int)]]
        print(
            f"{study.name}: {len(ids)} images read in {read - began:.1f} s, compared in {compared:.1f} s; highest "
            f"correlation between two patients {apart['correlation'].max():.2f} (limit {MIN_CORRELATION})"
        )
        chosen = ids[:: max(1, len(ids) // COPIED)]
        for name, change in COPIES.items():
            found = [_found(study, image_id, looks[ids.index(image_id)], change) for image_id in chosen]
            print(f"  {name}: {np.mean(found):.0%} of {len(found)} found")
        every += looks
    _turned(every)
    return 0


def _found(study, image_id: str, own, change) -> bool:
    image, mask = read_case(study, image_id)
    pixels = np.asarray(image.pixels, dtype=float)
    pixels = pixels / max(1.0, pixels.max() / 255)
    values, region = change(pixels, np.asarray(mask.pixels, dtype=bool))
    copy = look(ScalarImage(values), LabelMap(region))
    (row,) = near_pairs([own, copy], ["one", "another"]).itertuples()
    return bool(row.near and row.distance <= MAX_DISTANCE)


def _turned(looks) -> None:
    middle = slice(16, 80)
    turned = []
    for each in looks:
        for wide in (each.wide, np.fliplr(each.wide)):
            for quarter in range(4):
                pixels = np.rot90(wide, quarter).astype(float)
                mask = np.zeros(pixels.shape, dtype=bool)
                mask[middle, middle] = True
                turned.append(look(ScalarImage(pixels), LabelMap(mask)))
    began = time.perf_counter()
    pairs = near_pairs(turned, [str(number) for number in range(len(turned))])
    seconds = time.perf_counter() - began
    print(
        f"turned and mirrored: {len(turned)} images ({len(turned) * (len(turned) - 1) / 2:.1e} pairs) compared in "
        f"{seconds:.0f} s; highest correlation {pairs['correlation'].max():.2f}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
