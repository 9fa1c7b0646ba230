"""From envelopes to a gray image: log compression, gray curve, scan conversion, edge enhancement."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from sgcore.cohort.phantoms.beams import ALONG, Beams

#: Gland tissue lies this far below white at gain 0, dB.
HEADROOM = 24.0


def to_gray(envelopes: np.ndarray, beams: Beams) -> np.ndarray:
    """Gray image, (h, w) uint8; black where no beam goes."""
    scanner = beams.scanner
    # Averaged over a pixel along the beam, as a detector does: single nulls would become black dots.
    pixel = max(1, round(scanner.pixel_spacing_mm / ALONG))
    detected = ndimage.uniform_filter1d(envelopes.mean(axis=0), pixel, axis=0)
    share = 1 + (20 * np.log10(detected + 1e-9) + scanner.gain_db - HEADROOM) / scanner.dynamic_range_db
    image, seen = beams.to_image(share)
    image = np.clip(image, 0, 1) ** scanner.gamma
    image += scanner.edge * (image - ndimage.gaussian_filter(image, 1.2))
    return np.where(seen, np.rint(255 * np.clip(image, 0, 1)), 0).astype(np.uint8)
