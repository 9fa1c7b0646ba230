"""Read every image and mask of a study once: hash, decode, check, measure."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sgcore.cohort.faults import Fault
from sgcore.cohort.files import is_regular, printable
from sgcore.cohort.geometry import check_pair
from sgcore.cohort.image_types import LabelMap, ScalarImage
from sgcore.cohort.images_table import FILES, Images
from sgcore.cohort.ledger import Ledger
from sgcore.cohort.readers import image_from_bytes, mask_from_bytes, read_bytes
from sgcore.cohort.text_table import each
from sgcore.jobs import Cancel, OnProgress, Reporter

#: Seconds between two reports of progress, so that telling costs nothing and reads calmly.
REPORT_SECONDS = 0.3
MEASURES = ("image_sha256", "mask_sha256", "height", "width", "roi_pixels")


@dataclass
class Scan:
    """What one row's files are: measures by column, faults and warnings by column of the table."""

    measures: dict[str, float | str] = field(default_factory=dict)
    header_spacing: tuple[float, float] | None = None
    note: str = ""
    kind: str = ""
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


def scan_images(
    images: Images,
    file: str,
    ledger: Ledger,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> pd.DataFrame:
    """The images with ``image_sha256, mask_sha256, height, width, roi_pixels``, the known spacing in
    ``pixel_spacing_mm`` and ``aspect_ratio``; what is wrong with a file goes to the ledger."""
    frame = images.frame.copy()
    rows = [int(row) for row in frame.index]
    stop = cancel or Cancel()

    def scan(row: int) -> Scan:
        stop.check()
        return scan_files(images.paths[row])

    report, scans, told = Reporter("reading images", len(rows), on_progress), {}, time.monotonic()
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        for done, (row, found) in enumerate(zip(rows, pool.map(scan, rows), strict=True), start=1):
            scans[row] = found
            if time.monotonic() - told >= REPORT_SECONDS or done == len(rows):
                report(done)
                told = time.monotonic()
    _report(frame, scans, file, ledger)
    for name in MEASURES:
        values = [scans[row].measures.get(name) for row in rows]
        frame[name] = _column(values, frame.index, text=name.endswith("sha256"))
    ratios = [scans[row].measures.get("aspect_ratio", np.nan) for row in rows]
    frame["aspect_ratio"] = pd.Series(ratios, index=frame.index, dtype="float64")
    _spacing(frame, scans, file, ledger)
    _same_images(frame, file, ledger)
    return frame


def _column(values: list[Any], index: pd.Index, *, text: bool) -> pd.Series:
    """Whole numbers and text stay such while every row has one; NaN and None stand for no file."""
    complete = None not in values
    if text:
        return pd.Series(values, index=index, dtype="str" if complete else object)
    if complete:
        return pd.Series(values, index=index, dtype="int64")
    return pd.Series([np.nan if value is None else value for value in values], index=index, dtype="float64")


def scan_files(paths: dict[str, Path]) -> Scan:
    """Read the image and the mask of one row, as far as they exist."""
    scan = Scan()
    image: ScalarImage | None = None
    mask: LabelMap | None = None
    if "image" in paths:
        try:
            image = image_from_bytes(_hashed(scan, "image", paths), paths["image"].name)
            scan.warnings += [("image", text) for text in image.warnings]
            scan.header_spacing, scan.note = image.spacing_mm, image.note
            scan.measures |= {"height": image.shape[0], "width": image.shape[1]}
        except Fault as fault:
            scan.faults.append(("image", fault))
    if "mask" in paths:
        try:
            mask = mask_from_bytes(_hashed(scan, "mask", paths), paths["mask"].name)
            scan.warnings += [("mask", text) for text in mask.warnings]
            if image is not None:
                check_pair(image, mask)
            scan.measures["roi_pixels"] = int(mask.pixels.sum())
            scan.measures["aspect_ratio"] = aspect_ratio(mask, scan.header_spacing)
        except Fault as fault:
            scan.faults.append(("mask", fault))
    return scan


def aspect_ratio(mask: LabelMap, spacing_mm: tuple[float, float] | None) -> float:
    """Height over width of the region's bounding box, in millimeters where pixels are not square."""
    top, bottom, left, right = mask.bounding_box()
    row, column = spacing_mm or (1.0, 1.0)
    return (bottom - top + 1) * row / ((right - left + 1) * column)


def _hashed(scan: Scan, column: str, paths: dict[str, Path]) -> bytes:
    raw = read_bytes(paths[column])
    scan.measures[f"{column}_sha256"] = hashlib.sha256(raw).hexdigest()
    return raw


def _report(frame: pd.DataFrame, scans: dict[int, Scan], file: str, ledger: Ledger) -> None:
    notes: Counter[str] = Counter()
    for row, scan in scans.items():
        for column, fault in scan.faults:
            value = str(frame.at[row, column])
            ledger.error(file, fault.rule, fault.fix, row=row, column=column, value=value)
        for column, text in scan.warnings:
            fix = "Look at this case"
            ledger.warning(file, text, fix, row=row, column=column, value=str(frame.at[row, column]))
        notes[scan.note] += bool(scan.note)
    for note, count in notes.items():
        if note:
            ledger.note(f"{count} images were converted: {note}.")


def _spacing(frame: pd.DataFrame, scans: dict[int, Scan], file: str, ledger: Ledger) -> None:
    """Fill what the table leaves open from the headers; unknown stays NaN."""
    given = frame["pixel_spacing_mm"].astype("float64").copy()
    filled = 0
    for row, scan in scans.items():
        if scan.header_spacing is None:
            continue
        height, width = scan.header_spacing
        # One number for a pixel that is not square: the square of the same area.
        header = float(np.sqrt(height * width))
        if np.isnan(given[row]):
            given[row] = header
            filled += 1
        elif abs(given[row] - header) > 0.01 * header:
            ledger.warning(
                file,
                f"the table says {given[row]:g} mm a pixel, the header {header:g} mm; the table is used",
                "Correct one of them",
                row=row,
                column="pixel_spacing_mm",
                value=f"{given[row]:g}",
            )
        if abs(height - width) > 0.01 * width:
            ledger.warning(
                file,
                f"pixels are not square ({height:g} x {width:g} mm, row and column)",
                "Resample to square pixels: texture and shape features take them as square",
                row=row,
                column="image",
                value=str(frame.at[row, "image"]),
            )
    frame["pixel_spacing_mm"] = given
    if filled:
        ledger.note(f"The pixel spacing of {filled} images was read from their headers.")
    unknown = int(given.isna().sum())
    if unknown and unknown < len(given):
        ledger.note(f"The pixel spacing of {unknown} of {len(given)} images is unknown.")
    elif unknown:
        ledger.note("The pixel spacing of the images is unknown; sizes are in pixels.")


def _same_images(frame: pd.DataFrame, file: str, ledger: Ledger) -> None:
    for column in FILES:
        first: dict[str, int] = {}
        digests = frame[f"{column}_sha256"]
        for here, digest in each(digests[digests.notna()]):
            other = first.setdefault(digest, here)
            if here == other:
                continue
            one, two = str(frame.at[other, "patient_id"]), str(frame.at[here, "patient_id"])
            place = f"row {other} (patient {one!r})"
            if column == "mask":
                rule, write = f"the same mask as in {place}", ledger.warning
            elif one != two:
                rule, write = f"the same image as in {place}, under another patient", ledger.conflict
            else:
                rule, write = f"the same image as in {place}", ledger.warning
            fix = "Keep it once, for the right patient" if column == "image" else "Check both masks"
            write(file, rule, fix, row=here, column=column, value=str(frame.at[here, column]), patient=two)


def unlisted_files(
    paths: dict[int, dict[str, Path]], listed: set[Path], suffixes: tuple[str, ...]
) -> dict[Path, list[str]]:
    """Files beside the study's images and masks that no row of the images table names, by folder."""
    folders = {path.parent for files in paths.values() for path in files.values()}
    found: dict[Path, list[str]] = defaultdict(list)
    for folder in sorted(folders):
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue  # the images in it have been reported by their rows
        for name in names:
            path = folder / name
            if name.lower().endswith(suffixes) and path not in listed and is_regular(path):
                found[folder].append(printable(name))
    return dict(found)
