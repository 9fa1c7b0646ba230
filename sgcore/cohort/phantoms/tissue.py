"""Maps of what scatters and attenuates, which anatomy and lesion are painted on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import fft

#: Step of the maps, mm: below the resolution of every scanner.
STEP = 0.1
#: The maps reach beyond the largest field; their size does not depend on the scanner, so neither does the anatomy.
X = (np.arange(486) - 242.5) * STEP
Z = np.arange(432) * STEP - 1.0
#: Scatterers per resolution cell in tissue: speckle is fully developed from about ten on (Wagner 1983).
DENSE = 10.0
#: Attenuation of soft tissue, dB/cm/MHz (Szabo 2014).
SOFT = 0.5


@dataclass
class Tissue:
    """Maps of shape (Z.size, X.size), and reflectors that lie on surfaces."""

    #: Mean backscatter, dB relative to gland tissue.
    level: np.ndarray = field(default_factory=lambda: np.zeros((Z.size, X.size)))
    #: Scatterers per resolution cell.
    density: np.ndarray = field(default_factory=lambda: np.full((Z.size, X.size), DENSE))
    #: dB/cm/MHz, one way.
    attenuation: np.ndarray = field(default_factory=lambda: np.full((Z.size, X.size), SOFT))
    #: What a beam loses besides, dB/mm, both ways together; negative where it loses less.
    loss: np.ndarray = field(default_factory=lambda: np.zeros((Z.size, X.size)))
    #: Reflectors on surfaces: lateral position, depth (mm) and amplitude, each (n,).
    reflectors: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)

    @staticmethod
    def nearest(x: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Row and column of the maps nearest to each point (mm); beyond the maps, their border."""
        row = np.clip(np.rint((z - Z[0]) / STEP), 0, Z.size - 1).astype(np.intp)
        column = np.clip(np.rint((x - X[0]) / STEP), 0, X.size - 1).astype(np.intp)
        return row, column

    def surface(
        self, x: np.ndarray, z: np.ndarray, level_db: float, roughness_mm: float, rng: np.random.Generator
    ) -> None:
        """Add a reflecting line through the points (mm): bright where it lies across the beams, weak where it dips.

        ``level_db`` is about what it reaches across the beams; its strength varies every few millimeters.
        """
        way = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(z)))])
        at = np.arange(0.0, way[-1], STEP / 2)
        depth = np.interp(at, way, z) + rng.normal(0, roughness_mm, at.size)
        uneven = np.interp(at, *_uneven(way[-1], rng))
        # Some 20 reflectors a millimeter add up in phase over the beam: divided by what they then come to.
        amplitude = 10 ** ((level_db + uneven) / 20) / 45 * rng.rayleigh(0.8, at.size)
        self.reflectors.append((np.interp(at, way, x), depth, amplitude))


def _uneven(length_mm: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Places along a surface and its level there, dB around the surface's own."""
    places = np.arange(0.0, length_mm + 3.0, 1.2)
    return places, rng.normal(-1.5, 4.0, places.size)


def smooth_noise(rng: np.random.Generator, depth_mm: float, lateral_mm: float) -> np.ndarray:
    """A Gaussian random field on the maps (mean 0, SD 1): white noise smoothed by a kernel of these SDs."""
    down, across = fft.fftfreq(Z.size, STEP), fft.rfftfreq(X.size, STEP)
    # Beyond this frequency the kernel's transform is below 1e-4.
    across = across[across < 0.69 / lateral_mm]
    kernel = np.outer(
        np.exp(-2 * (np.pi * depth_mm * down) ** 2), np.exp(-2 * (np.pi * lateral_mm * across) ** 2)
    )
    kernel[0, 0] = 0
    parts = rng.standard_normal((2, *kernel.shape))
    smooth = fft.irfft(fft.ifft(kernel * (parts[0] + 1j * parts[1]), axis=0), X.size, axis=1)
    return smooth / smooth.std()


def curve(rng: np.random.Generator, depth_mm: float, wave_mm: float) -> np.ndarray:
    """Depth of a nearly flat surface at each lateral position: it tilts and waves by about ``wave_mm``."""
    slope, phase = rng.normal(0, 0.02), rng.uniform(0, 2 * np.pi, 3)
    waves = sum(
        size * np.sin(2 * np.pi * X / length + shift)
        for size, length, shift in zip((1.0, 0.5, 0.2), (38.0, 15.0, 6.0), phase, strict=True)
    )
    return depth_mm + slope * X + wave_mm * waves
