"""What traits look like: a scene of each image, in millimeters and decibels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy

from sgcore.cohort.phantoms.contour import Contour
from sgcore.cohort.phantoms.scene import Scene

#: Traits beyond these many standard deviations look like those at the limit.
LIMIT = 2.5
#: Smallest diameter, largest width and largest height of a lesion in mm.
SMALLEST, WIDEST, HIGHEST = 8.0, 27.0, 21.0
#: Half of the field's width that every scanner shows, and the depths between which a lesion lies, in mm.
HALF_FIELD, DEPTHS = 17.4, (5.5, 33.0)


@dataclass(frozen=True)
class Place:
    """Where and on whom: ``gland``, and the center's ``log_size`` (see :class:`CenterEffect`)."""

    gland: str
    log_size: float


def draw_scenes(traits: pd.DataFrame, places: list[Place], rng: np.random.Generator) -> tuple[Scene, ...]:
    """A scene for each row of ``traits``. Position, tilt and the scene's seed are drawn and carry nothing."""
    z = traits.clip(-LIMIT, LIMIT)
    seen = pd.DataFrame(
        {
            "irregularity": scipy.stats.norm.cdf(z["irregularity"]),
            "margin_blur_mm": 0.1 + 1.1 * scipy.stats.norm.cdf(z["margin"]),
            "echo_db": -7 + 2.5 * z["level"],
            "heterogeneity_db": 2.4 * np.exp(0.35 * z["texture"]),
            "grain_mm": 1.3 * np.exp(0.35 * z["texture"]),
            "scatterers_per_cell": 7 * np.exp(-0.4 * z["texture"]),
            "cystic_share": (0.35 * (z["cystic"] - 0.8)).clip(lower=0),
            "posterior_db": 1 + 3.5 * z["posterior"],
        }
    )
    seen["calcifications"] = (2 * (z["calcification"] - 0.2)).clip(lower=0).astype(int)
    diameter = 14 * np.exp(0.25 * z["size"] + [place.log_size for place in places])
    root = np.exp((-0.15 + 0.22 * z["aspect"]) / 2)
    seen["width_mm"] = (diameter / root).clip(SMALLEST, WIDEST)
    seen["height_mm"] = (diameter * root).clip(SMALLEST, HIGHEST)
    seen["tilt_deg"] = rng.normal(0, 7, len(places)).clip(-15, 15)
    seen["seed"] = rng.integers(2**31, size=len(places))
    scenes = []
    for place, fields in zip(places, seen.to_dict("records"), strict=True):
        scene = Scene(
            gland="parotid" if place.gland == "parotid" else "submandibular",
            center_mm=(0.0, DEPTHS[0] + fields["height_mm"] / 2),
            **fields,
        )
        # Most lie nearer to the skin than to the depth.
        scenes.append(replace(scene, center_mm=_position(scene, *rng.beta([1.0, 2.0], [1.0, 3.0]))))
    return tuple(scenes)


def _position(scene: Scene, across: float, down: float) -> tuple[float, float]:
    """Lateral offset and depth in mm that keep the outline in the field; ``across`` and ``down`` are 0 to 1."""
    x, z = Contour(scene).points - np.array(scene.center_mm)[:, None]
    left, right = -HALF_FIELD - x.min(), HALF_FIELD - x.max()
    top, bottom = DEPTHS[0] - z.min(), DEPTHS[1] - z.max()
    # A lesion as high as the field lies right below the skin.
    return float(left + across * (right - left)), float(top + down * max(bottom - top, 0))
