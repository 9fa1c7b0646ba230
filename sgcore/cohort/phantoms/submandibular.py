"""A submandibular gland: a lens between platysma and mylohyoid muscle."""

from __future__ import annotations

import numpy as np

from sgcore.cohort.phantoms.anatomy import GRID_X, GRID_Z, Neck
from sgcore.cohort.phantoms.tissue import X, curve


def paint_submandibular(neck: Neck) -> None:
    """Paint skin, fat, platysma, gland, the muscles beneath and beside it, facial artery and vein, duct."""
    rng, side = neck.rng, neck.side
    skin = rng.uniform(1.2, 1.7)
    start = min(rng.uniform(4.4, 5.4), neck.top - 1.0)
    platysma = curve(rng, start - rng.uniform(0.7, 0.9), 0.08)
    top, bottom = _lens(neck, start)
    hyoid = (
        curve(rng, float(bottom[np.isfinite(bottom)].max()) + 1.0, 0.15) + rng.uniform(0.04, 0.12) * X * side
    )
    hyoid = np.where(np.isfinite(bottom), np.maximum(hyoid, bottom + 0.4), hyoid)
    thick = rng.uniform(4.0, 5.5)
    neck.muscle(GRID_Z >= 0, dip=rng.normal(0, 0.1))
    neck.fat(hyoid > GRID_Z)
    # The anterior belly of the digastric muscle lies beside the gland, an oval cut across.
    at = side * (max(neck.right * side, neck.left * side, 14.0) + 6.5)
    belly = np.hypot((GRID_X - at) / 6.0, (GRID_Z - start - 4.2) / 3.0) < 1
    neck.muscle(belly)
    neck.muscle((hyoid <= GRID_Z) & (hyoid + thick > GRID_Z), dip=0.06 * side)
    neck.fascia(hyoid, 2)
    neck.fascia(hyoid + thick, 1, 0.4)
    neck.gland((top <= GRID_Z) & (bottom >= GRID_Z))
    neck.fascia(top, 3)
    neck.fascia(bottom, 1)
    deepest = float(bottom[np.isfinite(bottom)].max())
    neck.vessel(-side * 9.5, deepest - rng.uniform(1.8, 2.6), (rng.uniform(1.1, 1.5), rng.uniform(0.9, 1.2)))
    neck.vessel(-side * 15.5, start + rng.uniform(1.6, 2.4), (rng.uniform(1.2, 1.7), rng.uniform(0.7, 1.0)))
    neck.duct((side * 1.0, side * 12.0), (deepest - 2.6, deepest - 4.2), rng.uniform(0.5, 0.8))
    neck.muscle(np.abs(GRID_Z - platysma) < 0.35)
    neck.fascia(platysma - 0.45, 1, 0.2)
    neck.fascia(platysma + 0.45, 1, 0.2)
    neck.skin(skin)


def _lens(neck: Neck, start: float) -> tuple[np.ndarray, np.ndarray]:
    """Upper and lower border of the gland at each lateral position; not a number beside the gland."""
    rng = neck.rng
    lesion = (neck.left + neck.right) / 2, (neck.right - neck.left) / 2
    middle = 0.5 * lesion[0] + rng.normal(0, 0.8)
    half = max(rng.uniform(16, 19), abs(lesion[0] - middle) + lesion[1] + 6.0)
    height = max(rng.uniform(13, 15), neck.bottom - start + 3.0)
    share = np.abs((X - middle) / half)
    with np.errstate(invalid="ignore"):  # beside the gland the root has no value
        taper = (1 - share**2.2) ** (1 / 1.5)
    wave, lower = curve(rng, 0.0, 0.2), curve(rng, 0.0, 0.45)
    axis = start + 0.36 * height
    return axis - 0.36 * height * taper + wave, axis + 0.64 * height * taper + lower
