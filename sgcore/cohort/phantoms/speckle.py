"""Speckle: echoes of random scatterers, added up with their phases.

Many scatterers in a resolution cell give an envelope that is Rayleigh distributed, mean over SD 1.91 (Burckhardt 1978;
Wagner et al. 1983); few give a more scattered one.
"""

from __future__ import annotations

import numpy as np
from scipy import fft

from sgcore.cohort.phantoms.beams import ACROSS, ALONG, Beams
from sgcore.cohort.phantoms.devices import Scanner
from sgcore.cohort.phantoms.tissue import Tissue

#: Curvature of the wavefront away from the focus, as a share of the beam's variance for each mm.
_CURVATURE = 0.05


def envelopes(tissue: Tissue, beams: Beams, seed: int) -> np.ndarray:
    """Envelope of each sub-band, (looks, rows, columns); its mean square is 1 in gland tissue."""
    scanner = beams.scanner
    echoes = _echoes(tissue, beams, np.random.default_rng([seed, 4]))
    spectrum = fft.fft(echoes * beams.gain(tissue), axis=1)
    spectrum *= _beam_transfer(scanner, beams)
    spectrum = fft.fft(fft.ifft(spectrum, axis=1), axis=0)
    noise = fft.fft(_noise(beams, np.random.default_rng([seed, 5])), axis=0)
    floor = _noise_floor(scanner, beams.r)[:, None]
    return np.stack(
        [
            np.abs(fft.ifft(spectrum * pulse, axis=0) + floor * fft.ifft(noise * pulse, axis=0))
            for pulse in _pulses(scanner, beams.r.size)
        ]
    )


def _echoes(tissue: Tissue, beams: Beams, rng: np.random.Generator) -> np.ndarray:
    """Scatterers and reflectors on the grid of beams, each with amplitude and two-way phase."""
    scanner = beams.scanner
    width = np.ptp(beams.points[0])
    densest = float(tissue.density.max())
    area = width * np.ptp(beams.r)
    count = rng.poisson(densest * area / scanner.cell_mm2)
    x, z = rng.uniform(-width / 2, width / 2, count), rng.uniform(beams.r[0], beams.r[-1], count)
    at = tissue.nearest(x, z)
    kept = rng.random(count) * densest < tissue.density[at]
    amplitude = 10 ** (tissue.level / 20) / np.sqrt(tissue.density) * np.sqrt(scanner.cell_mm2)
    parts = [(x[kept], z[kept], amplitude[at][kept]), *tissue.reflectors]
    x, z, amplitude = (np.concatenate(values) for values in zip(*parts, strict=True))
    r, u = beams.to_beam(x, z)
    i = np.rint((r - beams.r[0]) / ALONG).astype(int)
    j = np.rint((u - beams.u[0]) / ACROSS).astype(int)
    on = (i >= 0) & (i < beams.r.size) & (j >= 0) & (j < beams.u.size)
    place = i[on] * beams.u.size + j[on]
    phase = 4 * np.pi / scanner.wavelength_mm * r[on]
    size = beams.r.size * beams.u.size
    real = np.bincount(place, amplitude[on] * np.cos(phase), size)
    imaginary = np.bincount(place, amplitude[on] * -np.sin(phase), size)
    return (real + 1j * imaginary).reshape(beams.r.size, beams.u.size)


def _beam_transfer(scanner: Scanner, beams: Beams) -> np.ndarray:
    """Fourier transform across the beams of their complex Gaussian profile, one row a depth; of unit energy in mm."""
    fan = beams.fan
    sigma = scanner.lateral_sigma_mm(beams.r) / fan
    curved = _CURVATURE * (beams.r - scanner.focus_mm) * sigma**2
    frequency = fft.fftfreq(beams.u.size, ACROSS)
    scale = np.sqrt(2 * sigma * np.sqrt(np.pi) / fan) / ACROSS
    return scale[:, None] * np.exp(-2 * np.pi**2 * (sigma**2 + 1j * curved)[:, None] * frequency**2)


def _pulses(scanner: Scanner, rows: int) -> list[np.ndarray]:
    """Fourier transform along the beam of each sub-band's pulse, (rows, 1); of unit energy in mm."""
    looks = scanner.looks
    sigma = scanner.axial_sigma_mm
    spread = 1 / (2 * np.pi * sigma)
    offsets = spread * np.linspace(-1, 1, looks) if looks > 1 else np.zeros(1)
    longer = sigma * (1 + 0.3 * (looks - 1))
    frequency = fft.fftfreq(rows, ALONG)[:, None]
    scale = np.sqrt(2 * longer * np.sqrt(np.pi)) / ALONG
    return [scale * np.exp(-2 * np.pi**2 * longer**2 * (frequency - offset) ** 2) for offset in offsets]


def _noise(beams: Beams, rng: np.random.Generator) -> np.ndarray:
    """Electronic noise at the receiver: its mean square is 1 behind the filter of a pulse."""
    parts = rng.standard_normal((2, beams.r.size, beams.u.size)) * np.sqrt(ALONG / 2)
    return parts[0] + 1j * parts[1]


def _noise_floor(scanner: Scanner, r: np.ndarray) -> np.ndarray:
    """Amplitude of the noise along the beam: the compensation amplifies it with the echoes."""
    return 10 ** ((scanner.noise_db + 0.2 * scanner.frequency_mhz * scanner.tgc * np.clip(r, 0, None)) / 20)
