"""Makes damaged and unusual image files, byte by byte."""

from __future__ import annotations

import gzip
import io
import struct
import zlib

import numpy as np
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, UltrasoundImageStorage, generate_uid

GRAY = np.random.default_rng(0).integers(0, 200, (40, 48)).astype(np.uint8)
MASK = np.zeros((40, 48), np.uint8)
MASK[10:25, 12:30] = 1


def png(pixels: np.ndarray | Image.Image, **options: object) -> bytes:
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **options)
    return buffer.getvalue()


def with_chunk(raw: bytes, width: int, height: int) -> bytes:
    """A PNG whose header declares another size, with a right checksum."""
    header = raw[12:16] + struct.pack(">II", width, height) + raw[24:29]
    return raw[:12] + header + struct.pack(">I", zlib.crc32(header)) + raw[33:]


def with_chunk_out(raw: bytes, kind: bytes) -> bytes:
    """A PNG without its first chunk of this kind."""
    start = raw.index(kind) - 4
    return raw[:start] + raw[start + 12 + struct.unpack(">I", raw[start : start + 4])[0] :]


def with_header_byte(raw: bytes, place: int, value: int) -> bytes:
    """A PNG with another byte in its header (10 compression, 11 filter), with a right checksum."""
    header = bytearray(raw[12:29])
    header[4 + place] = value
    return raw[:12] + bytes(header) + struct.pack(">I", zlib.crc32(header)) + raw[33:]


def nifti(plane: np.ndarray, *, pack: bool = False, **fields: object) -> bytes:
    """One slice of [rows, columns] as ITK-SNAP writes it; ``fields`` overwrite header fields."""
    import nibabel

    header = nibabel.Nifti1Header()
    header.set_data_dtype(plane.dtype)
    header.set_data_shape((plane.shape[1], plane.shape[0], 1))
    header["pixdim"][1:4] = 1
    header.set_sform(np.diag([-1.0, -1.0, 1.0, 1.0]), code=1)
    header["vox_offset"] = 352
    header["xyzt_units"] = 2
    header["magic"] = b"n+1"
    for name, value in fields.items():
        header[name] = value
    raw = header.binaryblock + b"\0" * 4 + plane.tobytes()
    return gzip.compress(raw) if pack else raw


def dicom(pixels: np.ndarray = GRAY, syntax: str = ExplicitVRLittleEndian, **fields: object) -> bytes:
    """An ultrasound DICOM; ``fields`` are set, or left out where they are None."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UltrasoundImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["test"])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = UltrasoundImageStorage
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = 3 if pixels.ndim == 3 else 1
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.PhotometricInterpretation = "RGB" if pixels.ndim == 3 else "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = pixels.itemsize * 8
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = 0
    dataset.PixelData = pixels.tobytes()
    for name, value in fields.items():
        if value is None:
            delattr(dataset, name)
        else:
            setattr(dataset, name, value)
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    # The syntax is exchanged in the bytes, so that pydicom has nothing to refuse while writing.
    return buffer.getvalue().replace(_element(ExplicitVRLittleEndian), _element(syntax))


def _element(uid: str) -> bytes:
    value = uid.encode() + b"\0" * (len(uid) % 2)
    return b"UI" + struct.pack("<H", len(value)) + value
