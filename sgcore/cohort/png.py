"""PNG: the header and every checksum are looked at before Pillow decodes anything."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image, UnidentifiedImageError

from sgcore.cohort.faults import Fault
from sgcore.cohort.image_types import ScalarImage, check_size

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ORIENTATION = 0x0112
_AGAIN = "Export the image again"


def decode_png(raw: bytes) -> ScalarImage:
    """Gray values of a PNG; color becomes luma (ITU-R 601-2), opacity is left out, both are noted."""
    columns, rows, depth, color = _walk(raw)
    check_size(columns, rows)
    try:
        with Image.open(io.BytesIO(raw), formats=("PNG",)) as image:
            frames = getattr(image, "n_frames", 1)
            if frames > 1:
                raise Fault(f"the PNG has {frames} frames", "Save the one frame that was read")
            if image.getexif().get(_ORIENTATION, 1) != 1:
                raise Fault(
                    "the PNG carries an EXIF rotation, which its mask does not",
                    "Rotate the pixels and save without EXIF, image and mask alike",
                )
            return _to_gray(image, depth, color)
    except UnidentifiedImageError as error:
        raise Fault("the PNG cannot be identified", _AGAIN) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:
        raise Fault(f"the PNG is truncated or damaged ({error})", _AGAIN) from error


def _walk(raw: bytes) -> tuple[int, int, int, int]:
    """Width, height, bit depth and color type, after every chunk's checksum was compared."""
    if len(raw) < 33 or raw[12:16] != b"IHDR":
        raise Fault("the PNG is truncated: it has no header", _AGAIN)
    width, height, depth, color = struct.unpack(">IIBB", raw[16:26])
    position, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        if position + 12 > len(raw):
            raise Fault("the PNG is truncated", _AGAIN)
        (length,) = struct.unpack(">I", raw[position : position + 4])
        kind, end = raw[position + 4 : position + 8], position + 8 + length
        if end + 4 > len(raw):
            raise Fault("the PNG is truncated", _AGAIN)
        if zlib.crc32(raw[position + 4 : end]) != struct.unpack(">I", raw[end : end + 4])[0]:
            name = kind.decode("latin-1")
            raise Fault(f"the PNG is damaged: the checksum of its {name!r} chunk is wrong", _AGAIN)
        position = end + 4
    return width, height, depth, color


def _to_gray(image: Image.Image, depth: int, color: int) -> ScalarImage:
    notes, warnings = [], []
    mode = image.mode
    if color in (2, 3, 6):
        notes.append(f"{'palette' if color == 3 else mode} to gray by ITU-R 601-2 luma")
    if depth == 16 and color in (2, 4, 6):
        warnings.append("16 bits a color channel are read as 8; save 16-bit gray to keep them")
    if mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        # The pixels below a transparent area are what was stored; nothing is blended.
        image = image.convert("RGBA")
        notes.append("opacity left out")
        channels = np.asarray(image)
        if channels[channels[..., 3] < 255][:, :3].any():
            warnings.append("transparent pixels are not black below; their stored values are used as gray")
    if mode == "P":
        image = image.convert("RGB")
    if image.mode not in ("L", "I;16", "I;16B", "I"):
        image = image.convert("L")
    return ScalarImage(np.asarray(image).astype(np.float64), note=", ".join(notes), warnings=tuple(warnings))
