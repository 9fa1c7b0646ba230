"""Contrast of two colors, for tests of readability."""

from __future__ import annotations

import numpy as np


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two #RRGGBB colors."""

    def light(color: str) -> float:
        parts = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    high, low = sorted([light(first), light(second)], reverse=True)
    return (high + 0.05) / (low + 0.05)
