"""The outline of a lesion: one star-shaped curve for the tissue and for the region of interest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sgcore.cohort.phantoms.scene import Scene

#: Waves around the outline; slow ones lobulate, fast ones make it angular.
_WAVES = np.arange(2, 10)
_ANGLES = np.linspace(-np.pi, np.pi, 720, endpoint=False)
#: Deepest fold of an outline, as a share of its radius: deeper ones would part it.
_DEEPEST = 0.42


@dataclass(frozen=True)
class Contour:
    """A tilted ellipse whose radius waves.

    It is scaled in both directions until its area is that of the scene's ellipse (pi / 4 * width * height) and the
    ratio of its diameters is the scene's aspect ratio, whatever tilt and irregularity did to them.
    """

    scene: Scene

    @cached_property
    def _waves(self) -> tuple[np.ndarray, np.ndarray]:
        """Amplitude and phase of each wave around the outline."""
        rng = np.random.default_rng([self.scene.seed, 1])
        amplitude = 0.17 * self.scene.irregularity * rng.rayleigh(1.0, _WAVES.size) / _WAVES**0.75
        phase = rng.uniform(0, 2 * np.pi, _WAVES.size)
        waves = amplitude @ np.cos(_WAVES[:, None] * _ANGLES + phase[:, None])
        return amplitude * min(1.0, _DEEPEST / max(-waves.min(), 1e-9)), phase

    @cached_property
    def _radii(self) -> np.ndarray:
        """Radius of the outline at each angle, before tilt and scale; 1 is the ellipse."""
        amplitude, phase = self._waves
        return 1 + amplitude @ np.cos(_WAVES[:, None] * _ANGLES + phase[:, None])

    @cached_property
    def _turn(self) -> np.ndarray:
        tilt = np.deg2rad(self.scene.tilt_deg)
        return np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])

    def _unscaled(self) -> np.ndarray:
        semi = np.array([self.scene.width_mm, self.scene.height_mm]) / 2
        circle = self._radii * np.array([np.cos(_ANGLES), np.sin(_ANGLES)])
        return self._turn @ (semi[:, None] * circle)

    @cached_property
    def _scale(self) -> np.ndarray:
        """Factors of width and height after the tilt."""
        x, z = self._unscaled()
        area = 0.5 * abs(np.sum(x * np.roll(z, -1) - z * np.roll(x, -1)))
        wanted = np.pi / 4 * self.scene.width_mm * self.scene.height_mm
        ratio = (self.scene.height_mm / self.scene.width_mm) / (np.ptp(z) / np.ptp(x))
        return np.sqrt(wanted / area * np.array([1 / ratio, ratio]))

    @property
    def points(self) -> np.ndarray:
        """The outline, (2, 720): lateral position and depth in mm."""
        return self._scale[:, None] * self._unscaled() + np.array(self.scene.center_mm)[:, None]

    def inside(self, x: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Whether each point (mm) lies inside the outline."""
        dx, dz = (
            (x - self.scene.center_mm[0]) / self._scale[0],
            (z - self.scene.center_mm[1]) / self._scale[1],
        )
        turn = self._turn
        along = (turn[0, 0] * dx + turn[1, 0] * dz) / (self.scene.width_mm / 2)
        across = (turn[0, 1] * dx + turn[1, 1] * dz) / (self.scene.height_mm / 2)
        angle = np.arctan2(across, along)
        return np.hypot(along, across) <= np.interp(angle, _ANGLES, self._radii, period=2 * np.pi)
