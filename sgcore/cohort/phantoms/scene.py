"""What a synthetic image shows: the gland, and the lesion in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

#: Lowest and highest value of each number of a scene.
RANGES = {
    "width_mm": (2.0, 40.0),
    "height_mm": (2.0, 30.0),
    "tilt_deg": (-90.0, 90.0),
    "irregularity": (0.0, 1.5),
    "margin_blur_mm": (0.0, 3.0),
    "echo_db": (-40.0, 15.0),
    "heterogeneity_db": (0.0, 12.0),
    "grain_mm": (0.2, 10.0),
    "scatterers_per_cell": (0.2, 40.0),
    "cystic_share": (0.0, 1.0),
    "calcifications": (0, 30),
    "posterior_db": (-30.0, 15.0),
    "seed": (0, 2**63 - 1),
}
_WHOLE = ("calcifications", "seed")
_GLANDS = ("parotid", "submandibular")


@dataclass(frozen=True)
class Scene:
    """What one image shows. Lengths in mm, angles in degrees, levels in dB relative to gland tissue.

    ``ValueError`` names the field, its value and what it may be.
    """

    gland: Literal["parotid", "submandibular"]
    #: Lateral offset from the middle of the image, depth below the skin.
    center_mm: tuple[float, float]
    width_mm: float
    height_mm: float
    tilt_deg: float
    #: 0 is an ellipse (oval), about 1 is clearly lobulated.
    irregularity: float
    #: Width of the transition to the gland: about 0.1 is sharp, about 1.2 ill-defined.
    margin_blur_mm: float
    #: Mean level of the solid part; negative is hypoechoic.
    echo_db: float
    #: Standard deviation of the slow variation of the level inside the lesion, and its correlation length.
    heterogeneity_db: float
    grain_mm: float
    #: Below about 5, speckle is not fully developed.
    scatterers_per_cell: float
    #: Share of the lesion's area that is anechoic; 0 is solid.
    cystic_share: float
    #: Bright foci with partial shadow.
    calcifications: int
    #: Above 0 enhancement behind the lesion, below 0 shadowing.
    posterior_db: float
    #: Of scatterers, contour, ducts and vessels.
    seed: int

    def __post_init__(self) -> None:
        if self.gland not in _GLANDS:
            raise ValueError(f"gland is {self.gland!r}: take one of {', '.join(_GLANDS)}")
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} is {value}: take {low} to {high}")
            if name in _WHOLE and value != int(value):
                raise ValueError(f"{name} is {value}: take a whole number")
        if len(self.center_mm) != 2 or not all(math.isfinite(value) for value in self.center_mm):
            raise ValueError(
                f"center_mm is {self.center_mm}: take two finite numbers, lateral offset and depth"
            )
        top = self.center_mm[1] - self.height_mm / 2
        if top < 3:
            raise ValueError(
                f"center_mm is {self.center_mm}: the lesion's top lies at {top:.1f} mm, in or above the skin; "
                "take a depth of at least half of height_mm plus 3 mm"
            )
