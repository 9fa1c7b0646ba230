"""The six scanners of the reference study as presets.

Only the names are those of real scanners. Every number is a plausible assumption for a linear 5-12 MHz probe on
superficial tissue, chosen so that the six look different; none is a vendor's datum or was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Speed of sound in soft tissue, mm per microsecond (Szabo 2014, about 1540 m/s).
SPEED = 1.54


@dataclass(frozen=True)
class Scanner:
    """How one scanner makes an image. Lengths in mm, levels in dB."""

    name: str
    frequency_mhz: float
    #: -6 dB width of the pulse-echo spectrum as a share of the center frequency.
    bandwidth: float
    #: Two-way F-number in the focus: the beam is F times the wavelength wide there (full width at half maximum).
    f_number: float
    focus_mm: float
    #: Beam width gained for each millimeter away from the focus.
    spread: float
    #: Sub-bands whose envelopes are averaged (frequency compounding); 1 for none.
    looks: int
    dynamic_range_db: float
    #: Raises the whole image: 0 puts gland tissue 24 dB below white.
    gain_db: float
    #: Attenuation that the time-gain compensation makes up for, dB/cm/MHz.
    tgc: float
    #: Electronic noise at the skin, in dB relative to gland tissue; compensation amplifies it with depth.
    noise_db: float
    #: Post-processing: gray = share of the dynamic range to this power.
    gamma: float
    #: Share of an unsharp mask added to the gray image.
    edge: float
    pixel_spacing_mm: float
    #: Pixels (height, width) of the image.
    shape: tuple[int, int]
    #: Width of the aperture at the skin, and distance of the virtual apex behind it (None: parallel beams).
    aperture_mm: float
    apex_mm: float | None = None

    @property
    def geometry(self) -> str:
        """``linear`` or ``trapezoid`` (virtual convex)."""
        return "linear" if self.apex_mm is None else "trapezoid"

    @property
    def depth_mm(self) -> float:
        return self.shape[0] * self.pixel_spacing_mm

    @property
    def width_mm(self) -> float:
        return self.shape[1] * self.pixel_spacing_mm

    @property
    def wavelength_mm(self) -> float:
        return SPEED / self.frequency_mhz

    @property
    def axial_sigma_mm(self) -> float:
        """Standard deviation of the pulse's Gaussian envelope, in depth (half of the way it travels)."""
        sigma_mhz = self.bandwidth * self.frequency_mhz / np.sqrt(8 * np.log(2))
        return float(SPEED / (4 * np.pi * sigma_mhz))

    def lateral_sigma_mm(self, depth_mm: np.ndarray) -> np.ndarray:
        """Standard deviation of the beam's Gaussian profile at each depth."""
        focused = self.f_number * self.wavelength_mm
        width = np.hypot(focused, self.spread * (depth_mm - self.focus_mm))
        return width / np.sqrt(8 * np.log(2))

    @property
    def cell_mm2(self) -> float:
        """Area of the resolution cell in the focus: product of the two full widths at half maximum."""
        return float(8 * np.log(2) * self.axial_sigma_mm * self.lateral_sigma_mm(np.array(self.focus_mm)))


_PRESETS = (
    Scanner(
        name="Esaote MyLab Twice", frequency_mhz=8.5, bandwidth=0.55, f_number=2.0, focus_mm=16, spread=0.017,
        looks=1, dynamic_range_db=58, gain_db=-1, tgc=0.55, noise_db=-62, gamma=1.0, edge=0.25,
        pixel_spacing_mm=0.122, shape=(312, 328), aperture_mm=40,
    ),
    Scanner(
        name="Esaote MyLab 90", frequency_mhz=7.5, bandwidth=0.5, f_number=2.4, focus_mm=18, spread=0.020,
        looks=1, dynamic_range_db=54, gain_db=1, tgc=0.5, noise_db=-56, gamma=1.05, edge=0.1,
        pixel_spacing_mm=0.133, shape=(284, 308), aperture_mm=41,
    ),
    Scanner(
        name="Hitachi HI VISION Preirus", frequency_mhz=9.0, bandwidth=0.6, f_number=1.9, focus_mm=15, spread=0.018,
        looks=2, dynamic_range_db=65, gain_db=0, tgc=0.5, noise_db=-64, gamma=1.15, edge=0.15,
        pixel_spacing_mm=0.115, shape=(316, 340), aperture_mm=39.1,
    ),
    Scanner(
        name="Siemens S2000", frequency_mhz=8.0, bandwidth=0.6, f_number=2.0, focus_mm=17, spread=0.016,
        looks=3, dynamic_range_db=62, gain_db=2, tgc=0.55, noise_db=-62, gamma=1.1, edge=0.2,
        pixel_spacing_mm=0.118, shape=(308, 332), aperture_mm=39.2,
    ),
    Scanner(
        name="GE LOGIQ E20", frequency_mhz=10.0, bandwidth=0.65, f_number=1.8, focus_mm=16, spread=0.014,
        looks=2, dynamic_range_db=69, gain_db=1, tgc=0.5, noise_db=-70, gamma=1.25, edge=0.35,
        pixel_spacing_mm=0.124, shape=(320, 376), aperture_mm=33, apex_mm=88,
    ),
    Scanner(
        name="Fuji ALOKA ARIETTA 850", frequency_mhz=9.5, bandwidth=0.65, f_number=1.8, focus_mm=15, spread=0.015,
        looks=3, dynamic_range_db=66, gain_db=-1, tgc=0.5, noise_db=-68, gamma=1.1, edge=0.3,
        pixel_spacing_mm=0.112, shape=(320, 344), aperture_mm=38.6,
    ),
)  # fmt: skip
#: The presets by name.
SCANNERS: dict[str, Scanner] = {scanner.name: scanner for scanner in _PRESETS}
