"""A phantom cohort as a study on disk: the same cohort, the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sgcore.cohort.phantoms.cohort import PhantomCohort
from sgcore.cohort.phantoms.render import render
from sgcore.cohort.phantoms.study_toml import study_toml
from sgcore.jobs import OnProgress, Progress

NAME = "Salivary gland phantoms (synthetic)"
#: zlib's level; PNG is lossless, so that it decides size alone.
COMPRESSION = 9
_TEXT = {
    "Title": "Synthetic ultrasound phantom",
    "Description": "Simulated B-mode image of a salivary gland with a lesion. Synthetic phantom, not a patient.",
    "Software": "sgaudit phantoms",
    "Comment": "No patient is in it. Of no use for diagnosis.",
}


def write_cohort(folder: Path, cohort: PhantomCohort, on_progress: OnProgress | None = None) -> Path:
    """Render every image with its mask and write the tables; returns the path of ``study.toml``.

    Files of these names are replaced, others in ``folder`` are left as they are.
    """
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    rows = zip(cohort.images["image"], cohort.images["mask"], cohort.scenes, cohort.scanners, strict=True)
    for done, (image, mask, scene, scanner) in enumerate(rows, start=1):
        shown = render(scene, scanner)
        _save(folder / image, shown.pixels)
        _save(folder / mask, shown.mask.astype(np.uint8) * 255)
        if on_progress is not None:
            on_progress(Progress("phantoms", done, len(cohort.scenes)))
    tables = {"patients": cohort.patients, "images": cohort.images, "descriptors": cohort.descriptors}
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    path = folder / "study.toml"
    path.write_text(study_toml(NAME, cohort.patients, list(tables)), encoding="utf-8")
    return path


def _save(path: Path, pixels: np.ndarray) -> None:
    text = PngInfo()
    for key, value in _TEXT.items():
        text.add_text(key, value)
    Image.fromarray(pixels).save(path, format="PNG", compress_level=COMPRESSION, pnginfo=text)
