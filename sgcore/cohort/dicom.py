"""DICOM: one gray frame; what it cannot be is said by name."""

from __future__ import annotations

import io
import struct

import numpy as np
import pydicom
from pydicom.dataset import FileDataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.pixels import apply_color_lut, apply_modality_lut, get_decoder, pixel_array
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian

from sgcore.cohort.faults import Fault
from sgcore.cohort.image_types import ScalarImage, check_size, plausible_spacing

_AGAIN = "Export it again, uncompressed (Explicit VR Little Endian)"
# pydicom converts values when they are first used, so that a damaged one can fail anywhere.
_DAMAGE = (
    BytesLengthException,
    InvalidDicomError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)
_NAMES_PEOPLE = (
    "PatientName",
    "PatientBirthDate",
    "PatientAddress",
    "PatientTelephoneNumbers",
    "OtherPatientIDs",
    "OtherPatientNames",
    "PatientMotherBirthName",
    "AccessionNumber",
    "ReferringPhysicianName",
    "PerformingPhysicianName",
    "OperatorsName",
    "InstitutionName",
    "InstitutionAddress",
)


def decode_dicom(raw: bytes) -> ScalarImage:
    """Gray values of a DICOM file with one frame; MONOCHROME1 is inverted, color becomes luma."""
    try:
        dataset = _read(raw)
        _check(dataset)
        pixels, note = _gray(dataset)
        spacing, warning = _spacing(dataset)
        return ScalarImage(pixels, spacing, note, (*_personal(dataset), *warning))
    except _DAMAGE as error:
        raise Fault(f"the DICOM is damaged or cannot be decoded ({error})", _AGAIN) from error


def _gray(dataset: FileDataset) -> tuple[np.ndarray, str]:
    """Pixels as float64 and how they became gray."""
    values = pixel_array(dataset, raw=False)
    photometric = str(dataset.PhotometricInterpretation)
    if photometric == "PALETTE COLOR":
        values = apply_color_lut(values, dataset)
        if values.dtype.itemsize > 1:
            values = values / 257.0
    if values.ndim == 3:
        return _luma(values), f"{photometric} to gray by ITU-R 601-2 luma"
    if photometric == "MONOCHROME1":
        highest = -1.0 if dataset.get("PixelRepresentation", 0) else 2.0 ** int(dataset.BitsStored) - 1
        return highest - values.astype(np.float64), "MONOCHROME1 inverted, so that bright is high"
    if "RescaleSlope" in dataset or "ModalityLUTSequence" in dataset:
        return np.asarray(apply_modality_lut(values, dataset), dtype=np.float64), "modality values applied"
    return values.astype(np.float64), ""


def _read(raw: bytes) -> FileDataset:
    if raw[128:132] != b"DICM":
        raise Fault("the DICOM has no preamble", "Write it again as a DICOM file (for example dcmconv +F)")
    # Before parsing: pydicom would inflate such a file at once, whatever its size.
    if DeflatedExplicitVRLittleEndian.encode() in raw[132:4096]:
        raise _unsupported(DeflatedExplicitVRLittleEndian)
    dataset = pydicom.dcmread(io.BytesIO(raw))
    syntax = dataset.file_meta.get("TransferSyntaxUID")
    if syntax is None:
        raise Fault("the DICOM names no transfer syntax", _AGAIN)
    if not UID(syntax).is_transfer_syntax:
        raise _unsupported(UID(syntax))
    return dataset


def _unsupported(syntax: UID) -> Fault:
    return Fault(f"the transfer syntax {syntax.name} ({syntax}) is not supported", _AGAIN)


def _check(dataset: FileDataset) -> None:
    if "PixelData" not in dataset:
        raise Fault("the DICOM has no pixels (a report or structure?)", "Name the file of the image")
    needed = ("Rows", "Columns", "BitsAllocated", "SamplesPerPixel", "PhotometricInterpretation")
    missing = [name for name in needed if dataset.get(name) is None]
    if missing:
        raise Fault(f"the DICOM lacks {', '.join(missing)}", _AGAIN)
    rows, columns, frames = int(dataset.Rows), int(dataset.Columns), int(dataset.get("NumberOfFrames") or 1)
    check_size(columns, rows)
    if frames > 1:
        raise Fault(f"the DICOM has {frames} frames", "Save the one frame that was read")
    syntax = UID(dataset.file_meta.TransferSyntaxUID)
    if syntax.is_compressed:
        try:
            usable = get_decoder(syntax).is_available
        except NotImplementedError:
            usable = False
        if not usable:
            raise _unsupported(syntax)
        return
    samples = 2 if "422" in dataset.PhotometricInterpretation else int(dataset.SamplesPerPixel)
    expected = (rows * columns * samples * int(dataset.BitsAllocated) + 7) // 8
    if len(dataset.PixelData) not in (expected, expected + expected % 2):
        raise Fault(
            f"the DICOM says {columns} x {rows} pixels ({expected} bytes) and holds {len(dataset.PixelData)}",
            _AGAIN,
        )


def _luma(values: np.ndarray) -> np.ndarray:
    red, green, blue = (values[..., channel].astype(np.float64) for channel in range(3))
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return np.where((red == green) & (green == blue), red, np.rint(luma))


def _spacing(dataset: FileDataset) -> tuple[tuple[float, float] | None, list[str]]:
    """Row and column size in mm where the file knows them, and a warning where what it says is none."""
    try:
        given = dataset.get("PixelSpacing")
        if given is None:
            return _region_spacing(dataset), []
        row, column = (float(value) for value in given)
        if plausible_spacing(row) and plausible_spacing(column):
            return (row, column), []
    except (TypeError, ValueError):
        pass
    return None, ["the DICOM's pixel spacing is no pair of sizes; it counts as unknown"]


def _region_spacing(dataset: FileDataset) -> tuple[float, float] | None:
    centimeter, tissue = 3, 1
    regions = [
        region
        for region in dataset.get("SequenceOfUltrasoundRegions") or []
        if region.get("RegionSpatialFormat") == tissue
        and region.get("PhysicalUnitsXDirection") == region.get("PhysicalUnitsYDirection") == centimeter
    ]
    sizes = {
        (10 * abs(float(region.PhysicalDeltaY)), 10 * abs(float(region.PhysicalDeltaX))) for region in regions
    }
    if len(sizes) != 1:
        return None
    (size,) = sizes
    return size if all(map(plausible_spacing, size)) else None


def _personal(dataset: FileDataset) -> list[str]:
    named = [name for name in _NAMES_PEOPLE if str(dataset.get(name) or "").strip()]
    warnings = [f"the DICOM names people or places ({', '.join(named)}); de-identify it"] if named else []
    if str(dataset.get("BurnedInAnnotation", "")).upper() == "YES":
        warnings.append("the DICOM says that text is burned into its pixels; check for names")
    return warnings
