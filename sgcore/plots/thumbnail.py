"""A small picture of a case: gray values and the outline of its ROI."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from sgcore.plots.case_image import CONTOUR, outline


def thumbnail(
    pixels: NDArray[np.float64],
    mask: NDArray[np.bool_],
    size: tuple[int, int],
    *,
    spacing_mm: tuple[float, float] | None = None,
) -> bytes:
    """An image [rows, columns] with the outline of its ROI as PNG of ``size`` (width, height in pixels).

    Gray values reach from the image's lowest, black, to its highest, white. The image keeps its proportions, by
    ``spacing_mm`` (row, column) where it is known, and stands in the middle of a transparent ground.
    """
    rows, columns = pixels.shape
    low, high = float(pixels.min()), float(pixels.max())
    gray = (255 * (pixels - low) / ((high - low) or 1.0)).round().astype(np.uint8)
    width, height = _fitting(
        columns, rows * (1.0 if spacing_mm is None else spacing_mm[0] / spacing_mm[1]), size
    )
    small = Image.fromarray(gray).resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    drawn = Image.new("RGBA", size, (0, 0, 0, 0))
    drawn.paste(small.convert("RGBA"), (left, top))
    _draw_outline(drawn, mask, (left, top), (width / columns, height / rows))
    target = BytesIO()
    drawn.save(target, format="PNG", compress_level=3)
    return target.getvalue()


def _fitting(width: float, height: float, size: tuple[int, int]) -> tuple[int, int]:
    """The largest width and height of these proportions within a size, at least one pixel each."""
    scale = min(size[0] / width, size[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _draw_outline(
    picture: Image.Image, mask: NDArray[np.bool_], origin: tuple[int, int], scale: tuple[float, float]
) -> None:
    """The border of the region, whose pixels begin at ``origin`` of the picture and are ``scale`` (x, y) large."""
    x, y = outline(mask)
    draw = ImageDraw.Draw(picture)
    # Pixel 0 of the image reaches from -0.5 to 0.5; each segment is two points and a gap.
    across = ((x + 0.5) * scale[0] + origin[0]).reshape(-1, 3)[:, :2]
    down = ((y + 0.5) * scale[1] + origin[1]).reshape(-1, 3)[:, :2]
    for (x0, x1), (y0, y1) in zip(across.tolist(), down.tolist(), strict=True):
        draw.line([(x0, y0), (x1, y1)], fill=CONTOUR, width=2)
