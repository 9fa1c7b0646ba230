"""A parotid gland in cross section: over the jaw and masseter on one side, vessels in its depth."""

from __future__ import annotations

import numpy as np

from sgcore.cohort.phantoms.anatomy import GRID_X, GRID_Z, Neck
from sgcore.cohort.phantoms.tissue import X, curve


def paint_parotid(neck: Neck) -> None:
    """Paint skin, fat, gland, masseter, mandible, deep muscle, vessels and duct."""
    rng, side = neck.rng, neck.side
    skin = rng.uniform(1.3, 1.9)
    top = curve(rng, min(rng.uniform(4.6, 6.5), neck.top - 1.2), 0.18)
    top = np.maximum(top, skin + 0.8)
    deep = curve(rng, max(rng.uniform(20, 24), neck.bottom + 2.5), 0.5)
    neck.gland(top <= GRID_Z)
    neck.fat(top > GRID_Z)
    neck.muscle(deep <= GRID_Z, dip=rng.normal(0, 0.08))
    edge = _masseter(neck, top)
    neck.fascia(np.where(edge > X * side, deep, np.nan), 2)
    # The vessels run together behind the jaw: the vein lies nearer to the skin than the artery.
    level = float(np.mean(deep))
    neck.vessel(
        side * (edge - 5.5), level - rng.uniform(4.5, 5.5), (rng.uniform(1.5, 2.1), rng.uniform(1.1, 1.6))
    )
    neck.vessel(
        side * (edge - 9.0), level - rng.uniform(2.2, 2.9), (rng.uniform(1.1, 1.5), rng.uniform(1.0, 1.3))
    )
    depth = rng.uniform(9, 12)
    neck.duct((side * (edge + 1), side * (edge - 13)), (depth - 1.5, depth + 2), rng.uniform(0.5, 0.8))
    neck.fascia(top, 6)
    neck.skin(skin)


def _masseter(neck: Neck, top: np.ndarray) -> float:
    """Paint masseter and mandible; give the distance of the gland's edge from the middle, toward the jaw."""
    rng, side = neck.rng, neck.side
    toward = max(neck.right * side, neck.left * side)
    edge = max(rng.uniform(9.5, 12.5), toward + 3)
    # The gland thins out over the muscle: its lower border climbs from the jaw's edge toward the skin.
    climb = 1 / (1 + np.exp((X * side - edge - 3) / 1.3))
    border = top + 2.2 + 17 * climb
    # The bone bends away at its edge.
    bend = 2.5 * np.exp(-np.clip(X * side - edge + 0.5, 0, None) / 0.8)
    bone = bend + curve(rng, rng.uniform(14.5, 17), 0.1) + 0.012 * (X * side - edge - 7) ** 2
    on = edge - 0.5 < X * side
    neck.muscle((border < GRID_Z) & (edge - 3 < GRID_X * side) & (bone + 2 > GRID_Z), dip=0.05 * side)
    neck.fascia(np.where((edge - 1 < X * side) & (border < bone), border, np.nan), 1)
    neck.jaw(X[on], bone[on])
    return edge
