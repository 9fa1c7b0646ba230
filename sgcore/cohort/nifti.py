"""NIfTI: the header is compared with the file before the pixels are allocated."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import nibabel
import numpy as np
from nibabel.spatialimages import HeaderDataError

from sgcore.cohort.faults import Fault
from sgcore.cohort.files import is_nifti
from sgcore.cohort.image_types import ScalarImage, check_size, plausible_spacing

_AGAIN = "The file is damaged; export it again"
_UNIT_MM = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}
_NUMBERS = {2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280}
_COLORS = {128: "RGB", 2304: "RGBA"}
_HEADERS = {348: nibabel.Nifti1Header, 540: nibabel.Nifti2Header}


def decode_nifti(raw: bytes) -> ScalarImage:
    """Pixels of a NIfTI file of one slice, as [rows, columns].

    NIfTI stores columns first (index order x, y, z), so the slice is transposed. Signs of the axes
    are not followed: over a PNG they are -1 or +1 by the habit of the program that wrote the file,
    and the order of the pixels is the same.
    """
    packed = raw[:2] == b"\x1f\x8b"
    head = _inflate(raw, 600) if packed else raw[:600]
    header = _header(head)
    columns, rows = _plane(header)
    check_size(columns, rows)
    offset, dtype = _layout(header, head)
    expected = offset + columns * rows * dtype.itemsize
    content = _inflate(raw, expected + 1) if packed else raw
    if len(content) < expected:
        raise Fault(
            f"the NIfTI header says {columns} x {rows} pixels, {expected} bytes; the file has {len(content)}",
            _AGAIN,
        )
    if packed and len(content) > expected:
        raise Fault(f"the packed NIfTI holds more than the {expected} bytes its header declares", _AGAIN)
    plane = np.frombuffer(content, dtype, columns * rows, offset).reshape(rows, columns)
    pixels = plane.astype(np.float64)
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    if np.isinf(slope) or np.isinf(intercept):
        raise Fault("the slope or intercept in the NIfTI header is infinite", _AGAIN)
    notes = ["slice transposed from NIfTI's (columns, rows)"]
    if (np.isfinite(slope) and slope not in (0.0, 1.0)) or (slope == 1.0 and intercept):
        pixels = pixels * slope + (intercept if np.isfinite(intercept) else 0.0)
        notes.append("slope and intercept applied")
    spacing = _spacing(header)
    warnings = []
    if spacing == (1.0, 1.0):
        warnings.append(
            "the header says exactly 1 mm a pixel, which converters write where they know no spacing"
        )
    return ScalarImage(pixels, spacing, ", ".join(notes), tuple(warnings), _affine(header))


def _inflate(raw: bytes, limit: int) -> bytes:
    """At most ``limit`` bytes of a gzip file; with fewer, its checksum was compared too."""
    content = b""
    try:
        while raw and len(content) < limit:
            # A gzip file may have several members, one after the other.
            unpacker = zlib.decompressobj(wbits=31)
            content += unpacker.decompress(raw, limit - len(content))
            if len(content) < limit and not unpacker.eof:
                raise Fault("the packed NIfTI is truncated", _AGAIN)
            raw = unpacker.unused_data.lstrip(b"\0")
    except zlib.error as error:
        raise Fault(f"the packed NIfTI is damaged ({error})", _AGAIN) from error
    return content


def _header(head: bytes) -> Any:
    if len(head) < 348 or not is_nifti(head):
        raise Fault("the NIfTI header is truncated or is none", _AGAIN)
    little = struct.unpack("<i", head[:4])[0]
    order = "<" if little in _HEADERS else ">"
    size = struct.unpack(order + "i", head[:4])[0]
    if len(head) < size:
        raise Fault("the NIfTI header is truncated", _AGAIN)
    return _HEADERS[size](head[:size], endianness=order, check=False)


def _plane(header: Any) -> tuple[int, int]:
    dims = [int(value) for value in header["dim"]]
    if not 2 <= dims[0] <= 7:
        raise Fault(f"the NIfTI header says {dims[0]} dimensions", "Save one slice")
    sizes = dims[1 : dims[0] + 1]
    if min(sizes) <= 0:
        raise Fault(f"a dimension in the NIfTI header is zero or negative: {sizes}", _AGAIN)
    if any(size != 1 for size in sizes[2:]):
        raise Fault(f"the NIfTI has several slices or frames: {sizes}", "Save the one slice that was read")
    return sizes[0], sizes[1]


def _layout(header: Any, head: bytes) -> tuple[int, np.dtype]:
    code = int(header["datatype"])
    if code not in _NUMBERS:
        name = _COLORS.get(code, f"type {code}")
        raise Fault(f"the NIfTI holds {name} and no gray values", "Save it as 8 or 16-bit gray")
    offset = float(header["vox_offset"])
    least = 352 if int(header["sizeof_hdr"]) == 348 else 544
    magic = bytes(header["magic"].item())[:3]
    if magic in (b"ni1", b"ni2"):
        raise Fault("the NIfTI is a header without pixels (.hdr of a pair)", "Save it as one .nii file")
    if magic not in (b"n+1", b"n+2"):
        raise Fault(f"the NIfTI header is marked {magic!r} and not n+1 or n+2", _AGAIN)
    if not np.isfinite(offset) or offset < least or offset > 2**31 or offset % 1:
        raise Fault(f"the offset of the pixels in the NIfTI header is {offset}", _AGAIN)
    return int(offset), header.get_data_dtype()


def _spacing(header: Any) -> tuple[float, float] | None:
    column, row = (float(value) for value in header["pixdim"][1:3])
    unit = _UNIT_MM.get(int(header["xyzt_units"]) & 0x07)
    if unit is None or not (np.isfinite(column) and np.isfinite(row)) or min(column, row) <= 0:
        return None
    # float32 in the header: 7 digits are what it knows.
    row, column = (float(f"{value * unit:.7g}") for value in (row, column))
    return (row, column) if plausible_spacing(row) and plausible_spacing(column) else None


def _affine(header: Any) -> np.ndarray | None:
    try:
        if int(header["sform_code"]) > 0:
            affine = header.get_sform()
        elif int(header["qform_code"]) > 0:
            # A pixel size of 0 means unknown; the orientation stands all the same.
            known = header.copy()
            known["pixdim"][1:4] = np.where(header["pixdim"][1:4] > 0, header["pixdim"][1:4], 1)
            affine = known.get_qform()
        else:
            return None
    except (HeaderDataError, ValueError) as error:
        raise Fault(f"the orientation in the NIfTI header cannot be used ({error})", _AGAIN) from error
    # Of one slice only the two axes in its plane matter, whatever their unit.
    plane = np.asarray(affine)[:3, :2]
    lengths = np.linalg.norm(plane, axis=0)
    if not np.isfinite(affine).all() or not lengths.all() or np.linalg.matrix_rank(plane / lengths) < 2:
        raise Fault("the affine in the NIfTI header is singular", "Set its orientation and save it again")
    return affine
