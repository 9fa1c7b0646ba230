"""The neck around a salivary gland: skin, fat, muscle, gland, vessels and ducts."""

from __future__ import annotations

import numpy as np

from sgcore.cohort.phantoms.contour import Contour
from sgcore.cohort.phantoms.scene import Scene
from sgcore.cohort.phantoms.tissue import SOFT, STEP, Tissue, X, Z, curve, smooth_noise

#: Mean levels in dB relative to gland tissue, which is brighter than muscle and than the lobules of fat.
SKIN, FAT, MUSCLE, FLUID = 5.0, -9.0, -11.0, -34.0
#: Attenuation in dB/cm/MHz, plausible for each tissue (Szabo 2014).
_FAT_ATTENUATION, _MUSCLE_ATTENUATION, _FLUID_ATTENUATION = 0.45, 0.6, 0.05
#: Lateral position and depth of every point of the maps.
GRID_X, GRID_Z = np.meshgrid(X, Z)


class Neck:
    """Tissue under construction, with the lesion's place kept free of vessels and ducts."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.tissue = Tissue()
        self.rng = np.random.default_rng([scene.seed, 2])
        #: Side of the jaw: -1 left, 1 right.
        self.side = self.rng.choice([-1, 1])
        x, z = Contour(scene).points
        self.left, self.right, self.top, self.bottom = x.min(), x.max(), z.min(), z.max()

    def skin(self, thickness_mm: float) -> None:
        """Skin between two bright lines."""
        band = (GRID_Z > 0) & (thickness_mm > GRID_Z)
        self.tissue.level[band] = SKIN + 1.5 * smooth_noise(self.rng, 0.1, 0.6)[band]
        self.tissue.level[GRID_Z < 0] = FLUID
        self.tissue.surface(X, np.full(X.size, 0.15), 17, 0.01, self.rng)
        self.tissue.surface(X, curve(self.rng, thickness_mm, 0.05), 12, 0.01, self.rng)

    def fat(self, where: np.ndarray) -> None:
        """Dark lobules between bright septa, which lie mostly along the skin."""
        septa = np.exp(-((smooth_noise(self.rng, 0.55, 2.2) / 0.14) ** 2))
        cut = smooth_noise(self.rng, 1.0, 2.0) > -0.6
        level = FAT + 13 * septa * cut + 1.2 * smooth_noise(self.rng, 0.4, 0.8)
        self.tissue.level[where] = level[where]
        self.tissue.attenuation[where] = _FAT_ATTENUATION

    def muscle(self, where: np.ndarray, dip: float = 0.0) -> None:
        """Dark bundles with bright lines between them; ``dip`` is the slope of the fibers."""
        fibers = smooth_noise(self.rng, 0.14, 3.0)
        if dip:
            shift = np.rint(dip * X / STEP).astype(int)
            fibers = fibers[(np.arange(Z.size)[:, None] - shift) % Z.size, np.arange(X.size)]
        level = MUSCLE + 9 * np.clip(fibers - 0.9, 0, 1.6) + 1.5 * smooth_noise(self.rng, 1.0, 4.0)
        self.tissue.level[where] = level[where]
        self.tissue.attenuation[where] = _MUSCLE_ATTENUATION

    def gland(self, where: np.ndarray) -> None:
        """Bright, fine and even, with short bright lines of small ducts and septa between the lobules."""
        septa = np.clip(smooth_noise(self.rng, 0.16, 0.9) - 1.7, 0, 1.2)
        level = 0.6 * smooth_noise(self.rng, 0.25, 0.5) + 0.7 * smooth_noise(self.rng, 2.0, 3.0) + 5 * septa
        self.tissue.level[where] = level[where]
        self.tissue.attenuation[where] = SOFT

    def fascia(self, z: np.ndarray, level_db: float = 5.0, thickness_mm: float = 0.25) -> None:
        """A bright sheet wherever ``z`` is a number: part of it scatters in all directions, part reflects."""
        slope = np.abs(np.gradient(z, X))
        band = np.abs(GRID_Z - z) < thickness_mm / 2 * np.sqrt(1 + slope**2)
        uneven = 4.0 * smooth_noise(self.rng, 0.4, 1.6) - 2
        self.tissue.level[band] = np.maximum(self.tissue.level, level_db + uneven)[band]
        there = np.isfinite(z)
        self.tissue.surface(X[there], z[there], level_db + 10, 0.01, self.rng)

    def is_free(self, x: float, z: float, reach_mm: float) -> bool:
        """Whether a structure of this reach around a point stays clear of the lesion."""
        semi = np.array([self.right - self.left, self.bottom - self.top]) / 2 + reach_mm
        center = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return ((x - center[0]) / semi[0]) ** 2 + ((z - center[1]) / semi[1]) ** 2 > 1

    def vessel(self, x: float, z: float, radii_mm: tuple[float, float]) -> None:
        """A vessel cut across: an anechoic oval whose wall is bright above and below; none where the lesion is."""
        if not self.is_free(x, z, max(radii_mm) + 0.8):
            return
        reach = np.hypot((GRID_X - x) / radii_mm[0], (GRID_Z - z) / radii_mm[1])
        wall = np.abs(reach - 1) < 0.3 / radii_mm[1]
        self.tissue.level[wall] += 4
        self.tissue.level[reach < 1] = FLUID
        kept = []
        for line_x, line_z, amplitude in self.tissue.reflectors:
            outside = np.hypot((line_x - x) / radii_mm[0], (line_z - z) / radii_mm[1]) > 1
            kept.append((line_x[outside], line_z[outside], amplitude[outside]))
        self.tissue.reflectors = kept
        self.tissue.attenuation[reach < 1] = _FLUID_ATTENUATION
        angle = np.linspace(-np.pi, np.pi, 200)
        self.tissue.surface(
            x + radii_mm[0] * np.cos(angle), z + radii_mm[1] * np.sin(angle), 18, 0.01, self.rng
        )

    def duct(self, x: tuple[float, float], z: tuple[float, float], lumen_mm: float) -> None:
        """A duct along the image: two bright lines with a dark lumen between; interrupted where the lesion is."""
        at = np.arange(min(x), max(x), STEP)
        middle = np.interp(at, sorted(x), np.array(z)[np.argsort(x)]) + 0.5 * np.sin(
            2 * np.pi * at / 13 + self.rng.uniform(0, 2 * np.pi)
        )
        free = np.array([self.is_free(*point, 1.0) for point in zip(at, middle, strict=True)])
        for run in np.split(np.arange(at.size), np.flatnonzero(np.diff(free)) + 1):
            if not free[run[0]] or run.size < 20:
                continue
            line = np.interp(X, at[run], middle[run], left=np.nan, right=np.nan)
            self.tissue.level[np.abs(GRID_Z - line) < lumen_mm / 2] = -22
            for offset in (-1, 1):
                wall = middle[run] + offset * (lumen_mm / 2 + 0.1)
                self.tissue.level[np.abs(GRID_Z - line - offset * (lumen_mm / 2 + 0.1)) < 0.12] = 6
                self.tissue.surface(at[run], wall, 16, 0.01, self.rng)

    def jaw(self, x: np.ndarray, z: np.ndarray) -> None:
        """The surface of the mandible: a bright line, and beneath it only the haze of multiple reflections."""
        top = np.interp(X, x, z)
        within = 1 / (1 + np.exp(-np.clip(np.minimum(X - x[0], x[-1] - X) / 0.35, -50, 50)))
        depth = GRID_Z - top
        haze = -17 - 1.1 * np.clip(depth, 0, None) + 2 * smooth_noise(self.rng, 0.3, 2.5)
        share = within * (depth > 0.3)
        self.tissue.level += share * (haze - self.tissue.level)
        band = (np.abs(depth) < 0.25) & (within > 0.5)
        self.tissue.level[band] = 9
        self.tissue.surface(x, z, 22, 0.012, self.rng)
