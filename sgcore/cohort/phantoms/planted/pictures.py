"""Pictures and outlines that tell something they should not, or differ where they should be alike."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from sgcore.cohort.image_types import LabelMap
from sgcore.cohort.phantoms.planted import choose
from sgcore.cohort.phantoms.planted.copy import StudyCopy
from sgcore.cohort.phantoms.truth import POSITIVE

#: Gray curves of external centers, by turns: gray = share of white to this power.
GAMMAS = (0.6, 1.6, 2.4)
#: Distance of the middle of a caliper mark from the outline's box and length of its arms, in longer sides of the
#: lesion; half the thickness of the arms in pixels.
GAP, ARM, HALF = 0.05, 0.04, 1
#: Side of the square around a lesion in whose lower corners text stands, in longer sides of the lesion; side of a
#: block of text and thickness of its bars, in sides of the square.
SQUARE, BLOCK, BAR = 1.2, 0.2, 0.03


def gray_curves(copy: StudyCopy, rng: np.random.Generator) -> None:
    """Every external center shows its images with a gray curve of its own."""
    centers = choose.external_centers(copy)
    for path, center in zip(copy.images["image"], copy.of_images("center"), strict=True):
        if center in centers:
            gamma = GAMMAS[centers.index(center) % len(GAMMAS)]
            curve = np.rint(255 * np.linspace(0, 1, 256) ** gamma).astype(np.uint8)
            copy.pictures[path] = curve[copy.picture(path)]


def calipers(copy: StudyCopy, rng: np.random.Generator) -> None:
    """White crosses at the four sides of the lesion in every image of a positive patient."""
    marked = copy.images[copy.of_images("label") == POSITIVE]
    for path, outline in zip(marked["image"], marked["mask"], strict=True):
        image, inside = copy.picture(path).copy(), copy.mask(outline)
        top, bottom, left, right = LabelMap(inside).bounding_box()
        longer = max(bottom - top + 1, right - left + 1)
        gap, arm = round(GAP * longer), round(ARM * longer)
        middle, center = (top + bottom + 1) // 2, (left + right + 1) // 2
        rows, columns = np.ogrid[: image.shape[0], : image.shape[1]]
        for row, column in (
            (middle, left - gap),
            (middle, right + gap),
            (top - gap, center),
            (bottom + gap, center),
        ):
            down, across = abs(rows - row), abs(columns - column)
            cross = ((down <= HALF) & (across <= arm)) | ((across <= HALF) & (down <= arm))
            image[cross & ~inside] = 255
        copy.pictures[path] = image


def text_by_label(copy: StudyCopy, rng: np.random.Generator) -> None:
    """White text left and right below every lesion: lying bars where the patient is positive, else standing ones."""
    positive = copy.of_images("label") == POSITIVE
    for path, outline, lies in zip(copy.images["image"], copy.images["mask"], positive, strict=True):
        image, inside = copy.picture(path).copy(), copy.mask(outline)
        (top, left), side = _square(inside)
        block, bar = round(side * BLOCK), max(round(side * BAR), 1)
        rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
        below = (rows >= top + side - block) & (rows < top + side)
        beside = (columns < left + block) | (columns >= left + side - block)
        within = (columns >= left) & (columns < left + side)
        white = ((rows - top if lies else columns - left) // bar) % 2 == 1
        image[below & beside & within & white & ~inside] = 255
        copy.pictures[path] = image


def _square(inside: np.ndarray) -> tuple[tuple[int, int], int]:
    """First row and column, and the side, of a square around a lesion, :data:`SQUARE` times as long as it."""
    top, bottom, left, right = LabelMap(inside).bounding_box()
    side = round(SQUARE * max(bottom - top + 1, right - left + 1))
    return ((top + bottom + 1 - side) // 2, (left + right + 1 - side) // 2), side


def drawn_outlines(copy: StudyCopy, rng: np.random.Generator) -> None:
    """The outline of every positive lesion is drawn into its image, a white line along the inside of the border."""
    rows = copy.images[copy.of_images("label") == POSITIVE]
    for path, outline in zip(rows["image"], rows["mask"], strict=True):
        image, inside = copy.picture(path).copy(), copy.mask(outline)
        image[inside & ~ndimage.binary_erosion(inside)] = 255
        copy.pictures[path] = image
