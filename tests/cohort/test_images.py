"""Image files: what is converted is said, what cannot be one gray image is refused with its reason."""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom.dataset import Dataset

from sgcore.cohort import load_study, read_image, validate_study
from sgcore.errors import ImageError
from tests.cohort.files import GRAY, dicom, nifti, png, with_chunk, with_chunk_out, with_header_byte
from tests.cohort.helpers import edit, only, problems

COLOR = np.stack([GRAY, GRAY // 2, GRAY // 3], axis=-1)


def _write(tmp_path: Path, name: str, raw: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(raw)
    return path


def _other(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(GRAY).save(buffer, form)
    return buffer.getvalue()


def _rotated() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return png(GRAY, exif=exif)


def _flipped_bit(raw: bytes) -> bytes:
    middle = len(raw) // 2
    return raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]


def _affine_rows(**rows: list[float]) -> dict[str, object]:
    return {name: np.array(values, np.float32) for name, values in rows.items()}


def _nan_pixels() -> np.ndarray:
    plane = GRAY.astype(np.float32)
    plane[3, 4] = np.nan
    return plane


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("a.png", lambda: b"", "0 bytes"),
    ("a.png", lambda: png(GRAY)[:200], "truncated"),
    ("a.png", lambda: png(GRAY)[:20], "truncated"),
    ("a.png", lambda: _flipped_bit(png(GRAY)), "checksum of its 'IDAT' chunk is wrong"),
    ("a.png", lambda: with_chunk(png(GRAY), 100_000, 100_000), "100000 x 100000 pixels, more than"),
    ("a.png", lambda: with_chunk(png(GRAY), 0, 40), "0 x 40 pixels"),
    (
        "a.png",
        lambda: with_chunk(png(GRAY), 48, 80),
        "48 x 80 pixels (3920 bytes), its pixel data say otherwise",
    ),
    ("a.png", lambda: with_chunk_out(png(Image.fromarray(COLOR).quantize(9)), b"PLTE"), "no palette"),
    ("a.png", lambda: with_header_byte(png(GRAY), 10, 1), "compression 1, filter 0"),
    ("a.png", lambda: with_header_byte(png(GRAY), 11, 1), "compression 0, filter 1"),
    ("a.png", lambda: _other("JPEG"), "content is JPEG"),
    ("a.png", lambda: _other("BMP"), "content is BMP"),
    ("a.png", lambda: _other("TIFF"), "content is TIFF"),
    ("a.png", lambda: _other("GIF"), "content is GIF"),
    ("a.jpg", lambda: _other("JPEG"), "content is JPEG"),
    ("a.png", lambda: b"<html>not found</html>", "content is HTML"),
    ("a.png", lambda: nifti(GRAY), "content is NIfTI, its name says something else"),
    ("a.nii", lambda: png(GRAY), "content is PNG, its name says something else"),
    ("a.png", dicom, "content is DICOM, its name says"),
    ("a.jpg", dicom, "content is DICOM, its name says something"),
    ("a.csv", dicom, "content is DICOM, its name says something else"),
    ("a.png", lambda: png(GRAY, save_all=True, append_images=[Image.fromarray(255 - GRAY)]), "2 frames"),
    ("a.png", _rotated, "EXIF rotation"),
    ("a.nii", lambda: nifti(GRAY)[:200], "header is truncated"),
    ("a.nii", lambda: nifti(GRAY)[:1000], "the file has 1000"),
    ("a.nii", lambda: nifti(GRAY, dim=[3, 30000, 30000, 1, 1, 1, 1, 1]), "30000 x 30000 pixels, more than"),
    ("a.nii", lambda: nifti(GRAY, dim=[3, 480, 400, 1, 1, 1, 1, 1]), "192352 bytes; the file has"),
    ("a.nii", lambda: nifti(GRAY, dim=[3, 0, 40, 1, 1, 1, 1, 1]), "zero or negative"),
    ("a.nii", lambda: nifti(GRAY, dim=[3, -48, 40, 1, 1, 1, 1, 1]), "zero or negative"),
    ("a.nii", lambda: nifti(GRAY, dim=[9, 48, 40, 1, 1, 1, 1, 1]), "9 dimensions"),
    ("a.nii", lambda: nifti(GRAY, dim=[3, 24, 40, 2, 1, 1, 1, 1]), "several slices"),
    ("a.nii", lambda: nifti(GRAY, vox_offset=np.nan), "offset of the pixels"),
    ("a.nii", lambda: nifti(GRAY, vox_offset=-5), "offset of the pixels"),
    ("a.nii", lambda: nifti(GRAY, datatype=128), "holds RGB"),
    ("a.nii", lambda: nifti(GRAY, datatype=32), "type 32"),
    ("a.nii", lambda: nifti(GRAY, magic=b"ni1"), "header without pixels"),
    ("a.nii", lambda: nifti(GRAY, magic=b"xx"), "marked b'xx'"),
    ("a.nii", lambda: nifti(GRAY, magic=b""), "marked b''"),
    ("a.nii", lambda: nifti(GRAY, scl_slope=np.inf), "slope or intercept"),
    ("a.nii", lambda: nifti(GRAY, scl_inter=-np.inf), "slope or intercept in the NIfTI header is infinite"),
    (
        "a.nii",
        lambda: nifti(GRAY, **_affine_rows(srow_x=[0, 0, 0, 0])),
        "affine in the NIfTI header is singular",
    ),
    ("a.nii", lambda: nifti(GRAY, **_affine_rows(srow_x=[np.nan, 0, 0, 0])), "singular"),
    ("a.nii", lambda: nifti(_nan_pixels()), "1 pixel(s) are NaN"),
    ("a.nii.gz", lambda: nifti(GRAY, pack=True)[:-40], "packed NIfTI is truncated"),
    ("a.nii.gz", lambda: _flipped_bit(nifti(GRAY, pack=True)), "packed NIfTI is"),
    ("a.nii.gz", lambda: gzip.compress(nifti(GRAY) + b"\0" * 50_000_000), "holds more than the 2272 bytes"),
    ("a.nii.gz", lambda: gzip.compress(b"text"), "header is truncated"),
    ("a.dcm", lambda: dicom()[132:], "no preamble"),
    ("a.dcm", lambda: dicom(PixelData=None), "no pixels"),
    ("a.dcm", lambda: dicom(Rows=80), "holds 1920"),
    ("a.dcm", lambda: dicom(Rows=60000, Columns=60000), "60000 x 60000 pixels, more than"),
    ("a.dcm", lambda: dicom(Rows=20, NumberOfFrames=2), "2 frames"),
    ("a.dcm", lambda: dicom(BitsAllocated=None), "lacks BitsAllocated"),
    ("a.dcm", lambda: dicom(syntax="1.2.840.10008.1.2.4.100"), "MPEG2 Main Profile"),
    ("a.dcm", lambda: dicom(syntax="1.2.840.10008.1.2.1.99"), "Deflated Explicit VR"),
    ("a.dcm", lambda: dicom(syntax="1.2.3.4"), "1.2.3.4"),
    ("a.dcm", lambda: dicom()[:200], "DICOM"),
]


@pytest.mark.parametrize(("name", "make", "words"), REFUSED, ids=[entry[2] for entry in REFUSED])
def test_refused(tmp_path: Path, name: str, make: Callable[[], bytes], words: str) -> None:
    path = _write(tmp_path, name, make())
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="does not exist"):
        read_image(tmp_path / "none.png")
    with pytest.raises(ImageError, match="a folder"):
        read_image(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ImageError, match="no regular file"):
        read_image(tmp_path / "pipe.png")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    with path.open("wb") as file:
        file.truncate(6 << 30)
    with pytest.raises(ImageError, match="at most 1,073,741,824 are read"):
        read_image(path)


@pytest.mark.parametrize("pixdim", [1e-9, 5e-5, 1e30])
def test_a_size_that_no_pixel_has_is_unknown(tmp_path: Path, pixdim: float) -> None:
    raw = bytearray(nifti(GRAY))
    raw[80:84] = struct.pack("<f", pixdim)
    assert read_image(_write(tmp_path, "a.nii", bytes(raw))).spacing_mm is None


def test_several_gzip_members(tmp_path: Path) -> None:
    raw = nifti(GRAY)
    packed = gzip.compress(raw[:1000]) + gzip.compress(raw[1000:])
    assert (read_image(_write(tmp_path, "a.nii.gz", packed)).pixels == GRAY).all()


# pydicom warns of such a value when it is converted; people see that the spacing counts as unknown.
@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
@pytest.mark.parametrize("text", ["0.1", "nan\\nan", "wide\\high", "0.0\\0.1", "1e9\\1e9"])
def test_a_dicom_whose_spacing_is_none(tmp_path: Path, text: str) -> None:
    raw = dicom(PixelSpacing=["0.123", "0.456"]).replace(b"0.123\\0.456", text.ljust(11).encode())
    image = read_image(_write(tmp_path, "a.dcm", raw))
    assert image.spacing_mm is None
    assert any("counts as unknown" in warning for warning in image.warnings)


@pytest.mark.parametrize("step", [0.2, 5e-5, 2e-7])
def test_an_affine_of_one_slice_needs_its_plane_alone(tmp_path: Path, step: float) -> None:
    """Whatever the unit, and whatever the file says of the direction that one slice has not."""
    rows = _affine_rows(srow_x=[step, 0, 0, 0], srow_y=[0, step, 0, 0], srow_z=[0, 0, 0, 0])
    assert (read_image(_write(tmp_path, "a.nii", nifti(GRAY, **rows))).pixels == GRAY).all()


def test_a_png_that_names_a_patient(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("PatientName", "Doe^Jane")
    buffer = io.BytesIO()
    Image.fromarray(GRAY).save(buffer, "PNG", pnginfo=info)
    assert any(
        "PatientName" in warning
        for warning in read_image(_write(tmp_path, "a.png", buffer.getvalue())).warnings
    )


def test_stray_files_with_odd_names_are_said_and_printable(toml: Path) -> None:
    folder = os.fsencode(toml.parent / "images")
    with open(folder + b"/caf\xe9.png", "wb") as file:
        file.write(b"x")
    os.symlink("loop.png", toml.parent / "images" / "loop.png")
    report = validate_study(toml)
    assert report.counts["errors"] == 0
    text = json.dumps(report.as_dict(), ensure_ascii=False)
    assert "caf\\\\xe9.png" in text
    text.encode("utf-8")


def test_a_link_in_a_circle_is_a_row(toml: Path) -> None:
    path = toml.parent / "images" / "A001-0.png"
    path.unlink()
    os.symlink("A001-0.png", path)
    assert only(toml, "no regular file").row == 2


def test_gray_is_kept_exactly(tmp_path: Path) -> None:
    image = read_image(_write(tmp_path, "a.png", png(GRAY)))
    assert image.pixels.dtype == np.float64
    assert image.shape == GRAY.shape
    assert (image.pixels == GRAY).all()
    assert (image.spacing_mm, image.note, image.warnings) == (None, "", ())


def test_16_bit_is_kept_exactly(tmp_path: Path) -> None:
    deep = GRAY.astype(np.uint16) * 300
    assert (read_image(_write(tmp_path, "a.png", png(deep))).pixels == deep).all()


def test_equal_channels_are_the_gray_value(tmp_path: Path) -> None:
    opaque = np.dstack([GRAY, GRAY, GRAY, np.full_like(GRAY, 255)])
    image = read_image(_write(tmp_path, "a.png", png(opaque)))
    assert (image.pixels == GRAY).all()
    assert "RGBA to gray" in image.note
    assert image.warnings == ()


@pytest.mark.parametrize("pixels", [COLOR, Image.fromarray(COLOR).quantize(256)])
def test_color_is_luma(tmp_path: Path, pixels: np.ndarray | Image.Image) -> None:
    image = read_image(_write(tmp_path, "a.png", png(pixels)))
    rgb = np.asarray(pixels.convert("RGB") if isinstance(pixels, Image.Image) else pixels).astype(float)
    assert np.abs(image.pixels - rgb @ [0.299, 0.587, 0.114]).max() <= 0.51
    assert "ITU-R 601-2 luma" in image.note


def test_hidden_pixels_are_warned_of(tmp_path: Path) -> None:
    alpha = np.full_like(GRAY, 255)
    alpha[0] = 0
    image = read_image(_write(tmp_path, "a.png", png(np.dstack([GRAY, GRAY, GRAY, alpha]))))
    assert (image.pixels == GRAY).all()
    assert "transparent" in image.warnings[0]
    black = np.where(alpha[..., None] == 0, 0, np.dstack([GRAY] * 3)).astype(np.uint8)
    assert read_image(_write(tmp_path, "b.png", png(np.dstack([black, alpha])))).warnings == ()


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
def test_nifti_is_transposed(tmp_path: Path, name: str) -> None:
    image = read_image(_write(tmp_path, name, nifti(GRAY, pack=name.endswith("gz"))))
    assert (image.pixels == GRAY).all()


def test_nibabel_and_we_agree(tmp_path: Path) -> None:
    import nibabel

    affine = np.diag([-0.2, -0.3, 1, 1])
    volume = nibabel.Nifti1Image(GRAY.T[:, :, None].astype(np.int16), affine)
    volume.header.set_xyzt_units("mm")
    nibabel.save(volume, tmp_path / "a.nii.gz")
    image = read_image(tmp_path / "a.nii.gz")
    assert (image.pixels == np.asarray(nibabel.load(tmp_path / "a.nii.gz").dataobj)[:, :, 0].T).all()
    assert image.spacing_mm == pytest.approx((0.3, 0.2))
    assert np.allclose(image.affine, affine)


def test_big_endian_and_slope(tmp_path: Path) -> None:
    import nibabel

    header = nibabel.Nifti1Header(endianness=">")
    header.set_data_dtype(np.int16)
    header.set_data_shape((48, 40, 1))
    header["vox_offset"], header["scl_slope"], header["scl_inter"], header["magic"] = 352, 2, -5, b"n+1"
    raw = header.binaryblock + b"\0" * 4 + GRAY.astype(">i2").tobytes()
    image = read_image(_write(tmp_path, "a.nii", raw))
    assert (image.pixels == GRAY * 2.0 - 5).all()
    assert "slope and intercept" in image.note


@pytest.mark.parametrize(
    ("pixdim", "units", "spacing"),
    [
        ([1, 0.2, 0.3, 1], 2, (0.3, 0.2)),
        ([1, 200, 300, 1], 3, (0.3, 0.2)),
        ([1, 0.0002, 0.0003, 1], 1, (0.3, 0.2)),
        ([1, 0, 0, 1], 2, None),
        ([1, 0.2, 0, 1], 2, None),
        ([1, np.nan, 0.2, 1], 2, None),
        ([1, -0.2, -0.2, 1], 2, None),
    ],
)
def test_spacing(tmp_path: Path, pixdim: list[float], units: int, spacing: tuple | None) -> None:
    raw = nifti(GRAY, pixdim=np.array([*pixdim, 0, 0, 0, 0], np.float32), xyzt_units=units)
    image = read_image(_write(tmp_path, "a.nii", raw))
    assert image.spacing_mm == (None if spacing is None else pytest.approx(spacing))


def test_one_millimeter_is_doubted(tmp_path: Path) -> None:
    assert "exactly 1 mm" in read_image(_write(tmp_path, "a.nii", nifti(GRAY))).warnings[0]


def test_dicom(tmp_path: Path) -> None:
    image = read_image(_write(tmp_path, "a.dcm", dicom(PixelSpacing=[0.3, 0.2])))
    assert (image.pixels == GRAY).all()
    assert image.spacing_mm == (0.3, 0.2)


def test_monochrome1_is_inverted(tmp_path: Path) -> None:
    image = read_image(_write(tmp_path, "a.dcm", dicom(PhotometricInterpretation="MONOCHROME1")))
    assert (image.pixels == 255.0 - GRAY).all()
    assert "inverted" in image.note


def test_dicom_color_and_palette(tmp_path: Path) -> None:
    image = read_image(_write(tmp_path, "a.dcm", dicom(COLOR)))
    assert np.abs(image.pixels - COLOR @ [0.299, 0.587, 0.114]).max() <= 0.51
    lut = (np.arange(256, dtype="<u2") * 257).tobytes()
    palette = {"PhotometricInterpretation": "PALETTE COLOR"}
    for name in ("Red", "Green", "Blue"):
        palette[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        palette[f"{name}PaletteColorLookupTableData"] = lut
    image = read_image(_write(tmp_path, "b.dcm", dicom(**palette)))
    assert np.allclose(image.pixels, GRAY)
    assert "PALETTE COLOR" in image.note


def test_ultrasound_regions_give_the_spacing(tmp_path: Path) -> None:
    region = Dataset()
    region.RegionSpatialFormat = 1
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = 3
    region.PhysicalDeltaX, region.PhysicalDeltaY = 0.01, 0.02
    image = read_image(_write(tmp_path, "a.dcm", dicom(SequenceOfUltrasoundRegions=[region])))
    assert image.spacing_mm == pytest.approx((0.2, 0.1))


def test_identifying_tags_are_named_without_their_values(tmp_path: Path) -> None:
    raw = dicom(PatientName="Doe^Jane", InstitutionName="Hospital", BurnedInAnnotation="YES")
    warnings = " ".join(read_image(_write(tmp_path, "a.dcm", raw)).warnings)
    assert "PatientName" in warnings
    assert "InstitutionName" in warnings
    assert "burned" in warnings
    assert "Jane" not in warnings


def test_a_fault_is_a_row_of_the_problem_list(toml: Path) -> None:
    (toml.parent / "images" / "A002-0.png").write_bytes(b"")
    problem = only(toml, "0 bytes")
    assert (problem.file, problem.row, problem.column) == ("images.csv", 4, "image")
    assert problem.value == "images/A002-0.png"


def _copy(toml: Path, source: str, target: str) -> None:
    for part in ("images", "masks"):
        content = (toml.parent / part / f"{source}.png").read_bytes()
        (toml.parent / part / f"{target}.png").write_bytes(content)


def test_one_image_under_two_patients(toml: Path) -> None:
    _copy(toml, "A001-0", "A002-0")
    problem = next(p for p in problems(toml, "same image as in row 2") if p.column == "image")
    assert (problem.severity, problem.row) == ("error", 4)
    assert "under another patient" in problem.rule
    study = load_study(toml, audit_only=True)
    assert any("same image" in warning.rule for warning in study.warnings)
    assert any("under another patient" in conflict for conflict in study.conflicts)


def test_one_image_twice_for_a_patient_is_a_warning(toml: Path) -> None:
    _copy(toml, "A001-0", "A001-1")
    rules = [(warning.column, warning.rule) for warning in load_study(toml).warnings]
    assert rules == [
        ("image", "the same image as in row 2 (patient 'A001')"),
        ("mask", "the same mask as in row 2 (patient 'A001')"),
    ]


def test_the_header_fills_an_unknown_spacing(toml: Path) -> None:
    raw = nifti(GRAY, pixdim=np.array([1, 0.25, 0.25, 1, 0, 0, 0, 0], np.float32))
    (toml.parent / "images" / "A002-0.nii").write_bytes(raw)
    (toml.parent / "images" / "A002-0.png").unlink()

    def use(frame):
        frame.loc[4, "image"] = "images/A002-0.nii"
        frame.loc[4, "pixel_spacing_mm"] = ""

    edit(toml.parent, "images.csv", use)
    study = load_study(toml)
    assert study.images["pixel_spacing_mm"][2] == pytest.approx(0.25)
    assert any("read from their headers" in note for note in study.notes)
    edit(toml.parent, "images.csv", lambda frame: frame.assign(pixel_spacing_mm="0.5"))
    assert load_study(toml).images["pixel_spacing_mm"][2] == 0.5
    assert "0.25" in only(toml, "the table says").rule
