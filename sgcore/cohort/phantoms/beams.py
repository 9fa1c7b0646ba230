"""The grid of beams and the way between it and the image."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy import fft, ndimage

from sgcore.cohort.phantoms.devices import Scanner
from sgcore.cohort.phantoms.tissue import Tissue

#: Steps along and across the beams, mm; beams reach this far beyond the image, so that no border shows.
ALONG, ACROSS, MARGIN = 0.05, 0.1, 1.0


class Beams:
    """Samples along (rows) and across (columns) the beams of one scanner.

    A beam leaves the skin at ``u`` and goes straight down, or away from the virtual apex behind the skin.
    """

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        rows = fft.next_fast_len(int((scanner.depth_mm + 2 * MARGIN) / ALONG))
        columns = fft.next_fast_len(int((scanner.aperture_mm + 2 * MARGIN) / ACROSS))
        #: Way along the beam from the skin, mm.
        self.r = np.arange(rows) * ALONG - MARGIN
        #: Place at the skin, mm from the middle.
        self.u = (np.arange(columns) - (columns - 1) / 2) * ACROSS

    def to_beam(self, x: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Way along the beam and place at the skin, of points in mm."""
        apex = self.scanner.apex_mm
        if apex is None:
            return z, x
        return z * np.hypot(1, x / (apex + z)), apex * x / (apex + z)

    @cached_property
    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """Lateral position and depth of every sample."""
        apex = self.scanner.apex_mm
        slope = self.u / apex if apex is not None else np.zeros_like(self.u)
        depth = self.r[:, None] / np.hypot(1, slope)
        return self.u + depth * slope, depth

    @property
    def fan(self) -> np.ndarray:
        """How much farther apart the beams lie at each sample along them than at the skin."""
        apex = self.scanner.apex_mm
        return np.ones_like(self.r) if apex is None else 1 + self.r / apex

    def gain(self, tissue: Tissue) -> np.ndarray:
        """Amplitude that is left at each sample after attenuation and time-gain compensation."""
        per_mm = 0.2 * self.scanner.frequency_mhz * (tissue.attenuation - self.scanner.tgc) + tissue.loss
        at = per_mm[tissue.nearest(*self.points)]
        lost = np.where(self.r[:, None] > 0, at, 0).cumsum(axis=0) * ALONG
        # A beam is wider than a sample: it passes beside what blocks its neighbor.
        lost = ndimage.gaussian_filter1d(lost, 0.25 / ACROSS, axis=1, mode="nearest")
        return 10 ** (-lost / 20)

    def to_image(self, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scan conversion: samples at the pixels, and which pixels the beams reach."""
        x, z = pixel_centers(self.scanner)
        r, u = self.to_beam(x, z)
        at = np.stack(np.broadcast_arrays((r - self.r[0]) / ALONG, (u - self.u[0]) / ACROSS))
        seen = (np.abs(u) <= self.scanner.aperture_mm / 2) & (r <= self.scanner.depth_mm)
        seen = np.broadcast_to(seen, at.shape[1:])
        return ndimage.map_coordinates(samples, at, order=1, mode="nearest"), seen


def pixel_centers(scanner: Scanner) -> tuple[np.ndarray, np.ndarray]:
    """Lateral position (1, w) and depth (h, 1) of the pixels, mm."""
    height, width = scanner.shape
    x = (np.arange(width) - (width - 1) / 2) * scanner.pixel_spacing_mm
    z = (np.arange(height) + 0.5) * scanner.pixel_spacing_mm
    return x[None, :], z[:, None]
