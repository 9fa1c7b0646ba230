"""The lesion in the tissue: level, texture, cysts, calcifications, and what it does to the beams behind it."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from sgcore.cohort.phantoms.anatomy import FLUID, GRID_X, GRID_Z
from sgcore.cohort.phantoms.contour import Contour
from sgcore.cohort.phantoms.scene import Scene
from sgcore.cohort.phantoms.tissue import STEP, Tissue, X, Z, smooth_noise

#: Two-way loss beneath one calcification, dB, and the depth (mm) over which it is taken.
_SHADOW, _SHADOW_DEPTH = (9.0, 15.0), 0.6


def paint_lesion(tissue: Tissue, scene: Scene) -> None:
    """Paint the scene's lesion into the tissue."""
    rng = np.random.default_rng([scene.seed, 3])
    contour = Contour(scene)
    inside = contour.inside(GRID_X, GRID_Z)
    distance = STEP * (ndimage.distance_transform_edt(inside) - ndimage.distance_transform_edt(~inside))
    ragged = distance + 0.35 * scene.margin_blur_mm * smooth_noise(rng, 0.5, 0.5)
    # A logistic step goes from 12% to 88% over 4 of its scales: that is the width of the transition.
    share = 1 / (1 + np.exp(np.clip(-4 * ragged / max(scene.margin_blur_mm, STEP), -50, 50)))
    solid = scene.echo_db + scene.heterogeneity_db * _texture(scene, inside, rng)
    tissue.level += share * (solid - tissue.level)
    tissue.density += share * (scene.scatterers_per_cell - tissue.density)
    fluid = _cysts(scene, inside, distance, rng)
    tissue.level[fluid] = FLUID
    _rim(tissue, contour, scene, rng)
    _posterior(tissue, scene, inside)
    _calcify(tissue, scene, inside & ~fluid & (distance > 0.6), rng)


def _texture(scene: Scene, inside: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The slow variation of the level: mean 0 and SD 1 over the lesion."""
    # White noise smoothed by a kernel of SD s correlates over 2 s (its autocorrelation falls to 1/e there).
    noise = smooth_noise(rng, scene.grain_mm / 2, scene.grain_mm / 2)
    return (noise - noise[inside].mean()) / noise[inside].std()


def _cysts(scene: Scene, inside: np.ndarray, distance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where fluid is: the scene's share of the lesion, in round pockets away from its rim."""
    size = 0.25 * min(scene.width_mm, scene.height_mm)
    pockets = smooth_noise(rng, size, size) + 3.5 * distance / distance.max()
    count = round(scene.cystic_share * np.count_nonzero(inside))
    fluid = np.zeros_like(inside)
    order = np.argsort(np.where(inside, -pockets, np.inf), axis=None, kind="stable")[:count]
    fluid.flat[order] = True
    return fluid


def _rim(tissue: Tissue, contour: Contour, scene: Scene, rng: np.random.Generator) -> None:
    """A sharp margin reflects where it lies across the beams, and bends them away at its sides (edge shadows)."""
    sharp = np.exp(-scene.margin_blur_mm / 0.3)
    x, z = contour.points
    tissue.surface(np.append(x, x[0]), np.append(z, z[0]), 9 + 20 * np.log10(sharp + 1e-6), 0.012, rng)
    for side in (np.argmin(x), np.argmax(x)):
        stripe = np.exp(-(((GRID_X - x[side]) / 0.45) ** 2)) * (np.abs(GRID_Z - z[side]) < 1)
        tissue.loss += 2.0 * sharp * stripe


def _posterior(tissue: Tissue, scene: Scene, inside: np.ndarray) -> None:
    """What a beam gains or loses in the lesion against one beside it.

    It is taken in the lower half, so that the level inside stays near the one that the scene names.
    """
    lower = inside & (scene.center_mm[1] < GRID_Z)
    path = STEP * lower.sum(axis=0).max()
    tissue.loss[lower] -= scene.posterior_db / path


def _calcify(tissue: Tissue, scene: Scene, allowed: np.ndarray, rng: np.random.Generator) -> None:
    """Bright foci of 0.3 to 1 mm in the solid part, each with a shadow beneath."""
    if not allowed.any():
        allowed = Contour(scene).inside(GRID_X, GRID_Z)
    places = np.argwhere(allowed)
    for row, column in places[rng.integers(len(places), size=scene.calcifications)]:
        half = rng.uniform(0.12, 0.45), rng.uniform(0.1, 0.22)
        x, z = X[column], Z[row]
        focus = np.hypot((GRID_X - x) / half[0], (GRID_Z - z) / half[1]) < 1
        tissue.level[focus] = rng.uniform(14, 19)
        tissue.surface(np.array([x - half[0], x + half[0]]), np.array([z, z]), 18, 0.02, rng)
        beneath = (np.abs(GRID_X - x) < half[0]) & (np.abs(GRID_Z - z - _SHADOW_DEPTH) < _SHADOW_DEPTH / 2)
        tissue.loss[beneath] += rng.uniform(*_SHADOW) / _SHADOW_DEPTH
