"""One synthetic image: a scene seen by a scanner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sgcore.cohort.phantoms.anatomy import Neck
from sgcore.cohort.phantoms.beams import Beams, pixel_centers
from sgcore.cohort.phantoms.contour import Contour
from sgcore.cohort.phantoms.devices import Scanner
from sgcore.cohort.phantoms.display import to_gray
from sgcore.cohort.phantoms.lesion import paint_lesion
from sgcore.cohort.phantoms.parotid import paint_parotid
from sgcore.cohort.phantoms.scene import Scene
from sgcore.cohort.phantoms.speckle import envelopes
from sgcore.cohort.phantoms.submandibular import paint_submandibular

_PAINT = {"parotid": paint_parotid, "submandibular": paint_submandibular}


@dataclass(frozen=True)
class Rendered:
    """An image with its region of interest."""

    #: Gray levels, (h, w) uint8.
    pixels: np.ndarray
    #: The inside of the lesion's outline, (h, w) bool.
    mask: np.ndarray
    spacing_mm: float


def render(scene: Scene, scanner: Scanner) -> Rendered:
    """The image of a scene: the same scene and scanner give the same bytes.

    ``ValueError``: the lesion reaches out of the scanner's field.
    """
    contour, beams = Contour(scene), Beams(scanner)
    _check_field(contour, beams)
    neck = Neck(scene)
    _PAINT[scene.gland](neck)
    paint_lesion(neck.tissue, scene)
    pixels = to_gray(envelopes(neck.tissue, beams, scene.seed), beams)
    return Rendered(pixels, contour.inside(*pixel_centers(scanner)), scanner.pixel_spacing_mm)


def _check_field(contour: Contour, beams: Beams) -> None:
    scanner = beams.scanner
    r, u = beams.to_beam(*contour.points)
    edge = scanner.pixel_spacing_mm
    if r.max() > scanner.depth_mm - edge or np.abs(u).max() > scanner.aperture_mm / 2 - edge:
        x, z = contour.points
        raise ValueError(
            f"center_mm is {contour.scene.center_mm}: the lesion reaches from {x.min():.1f} to {x.max():.1f} mm and "
            f"down to {z.max():.1f} mm, out of the field of {scanner.name} ({scanner.geometry}, "
            f"{scanner.aperture_mm} mm at the skin, {scanner.depth_mm:.1f} mm deep); move or shrink it"
        )
