"""PNG: the header and every checksum are looked at before Pillow decodes anything."""

from __future__ import annotations

import io
import re
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

from sgcore.cohort.faults import Fault
from sgcore.cohort.image_types import ScalarImage, check_size

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ORIENTATION = 0x0112
#: Keys of text chunks, as exporters of DICOM files write them.
_NAMES_PEOPLE = re.compile(r"patient|physician|institution|operator|accession|birth", re.IGNORECASE)
_AGAIN = "Export the image again"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# First column, first row and steps of the seven passes of an interlaced PNG.
_ADAM7 = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
]


def decode_png(raw: bytes) -> ScalarImage:
    """Gray values of a PNG; color becomes luma (ITU-R 601-2), opacity is left out, both are noted."""
    try:
        header = _walk(raw)
        with Image.open(io.BytesIO(raw), formats=("PNG",)) as image:
            frames = getattr(image, "n_frames", 1)
            if frames > 1:
                raise Fault(f"the PNG has {frames} frames", "Save the one frame that was read")
            if image.getexif().get(_ORIENTATION, 1) != 1:
                raise Fault(
                    "the PNG carries an EXIF rotation, which its mask does not",
                    "Rotate the pixels and save without EXIF, image and mask alike",
                )
            return _to_gray(image, header)
    except UnidentifiedImageError as error:
        raise Fault("the PNG cannot be identified", _AGAIN) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:
        raise Fault(f"the PNG is truncated or damaged ({error})", _AGAIN) from error


@dataclass(frozen=True)
class _Header:
    columns: int
    rows: int
    depth: int
    color: int
    interlaced: bool

    def stream_bytes(self) -> int:
        """Bytes of the unpacked pixel stream: for each pass, a filter byte and the pixels of each row."""
        bits = self.depth * _CHANNELS.get(self.color, 1)
        total = 0
        for x, y, step_x, step_y in _ADAM7 if self.interlaced else [(0, 0, 1, 1)]:
            columns, rows = -(-(self.columns - x) // step_x), -(-(self.rows - y) // step_y)
            total += rows * (1 + (columns * bits + 7) // 8) if columns > 0 and rows > 0 else 0
        return total


def _walk(raw: bytes) -> _Header:
    """The header, after every checksum and the length of the pixel stream were compared with it.

    Pillow compares neither: it skips the checksums of pixel chunks and fills missing rows with black.
    """
    if len(raw) < 33 or raw[12:16] != b"IHDR":
        raise Fault("the PNG is truncated: it has no header", _AGAIN)
    columns, rows, depth, color, compression, filters, interlace = struct.unpack(">IIBBBBB", raw[16:29])
    check_size(columns, rows)
    if compression or filters:
        raise Fault(f"the PNG says compression {compression}, filter {filters}; only 0 is defined", _AGAIN)
    header = _Header(columns, rows, depth, color, interlace == 1)
    expected, found = header.stream_bytes(), 0
    unpacker = zlib.decompressobj()
    position, kind, seen = len(SIGNATURE), b"", set()
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
        if kind == b"IDAT" and found <= expected:
            found += len(unpacker.decompress(raw[position + 8 : end], expected + 1 - found))
        position = end + 4
        seen.add(kind)
    if color == 3 and b"PLTE" not in seen:
        raise Fault("the PNG has palette colors and no palette", _AGAIN)
    if found != expected:
        raise Fault(
            f"the PNG header says {columns} x {rows} pixels ({expected} bytes), its pixel data say otherwise",
            _AGAIN,
        )
    return header


def _to_gray(image: Image.Image, header: _Header) -> ScalarImage:
    notes: list[str] = []
    named = [key for key in image.info if isinstance(key, str) and _NAMES_PEOPLE.search(key)]
    warnings = (
        [f"the PNG's text names people or places ({', '.join(named)}); de-identify it"] if named else []
    )
    mode = image.mode
    if header.color in (2, 3, 6):
        notes.append(f"{'palette' if header.color == 3 else mode} to gray by ITU-R 601-2 luma")
    if header.depth == 16 and header.color in (2, 4, 6):
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
