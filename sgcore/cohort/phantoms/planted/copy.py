"""A copy of a written study in which a fault is planted: its tables as text, its pictures as they change."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from sgcore.cohort.phantoms.study_toml import study_toml
from sgcore.cohort.phantoms.write import COMPRESSION

TABLES = ("patients", "images", "descriptors", "features", "deep_scores")
FILES = ("image", "mask")


@dataclass
class StudyCopy:
    """What will be written beside the clean study; until then a fault may change all of it.

    Attributes
    ----------
    folder : of the clean study, which is only read.
    tables : by name, every cell the text that stands in its file, "" for none.
    pictures : by path in the study, (h, w) uint8 gray levels to write there in place of the clean file's.
    sources : by path in the study, the path of another clean file whose bytes stand there.
    """

    folder: Path
    tables: dict[str, pd.DataFrame]
    pictures: dict[str, np.ndarray] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> StudyCopy:
        """A copy of the study in ``folder``, with nothing changed."""
        found = {name: folder / f"{name}.csv" for name in TABLES}
        return cls(
            folder,
            {
                name: pd.read_csv(path, dtype=str, keep_default_na=False)
                for name, path in found.items()
                if path.is_file()
            },
        )

    @property
    def patients(self) -> pd.DataFrame:
        return self.tables["patients"]

    @property
    def images(self) -> pd.DataFrame:
        return self.tables["images"]

    def of_images(self, column: str) -> pd.Series:
        """A column of the patients table for each row of the images table."""
        return self.images["patient_id"].map(self.patients.set_index("patient_id")[column])

    def picture(self, path: str) -> np.ndarray:
        """(h, w) uint8 gray levels of a clean file."""
        with Image.open(self.folder / path) as image:
            return np.asarray(image)

    def mask(self, path: str) -> np.ndarray:
        """(h, w) bool, true inside the region of a clean file."""
        return self.picture(path) > 0

    def keep(self, patients: Collection[str]) -> None:
        """Leave out all other patients with their rows in every table."""
        chosen = self.images.loc[self.images["patient_id"].isin(patients), "image_id"]
        for name, table in self.tables.items():
            column, known = ("patient_id", patients) if name == "patients" else ("image_id", chosen)
            self.tables[name] = table[table[column].isin(known)].reset_index(drop=True)

    def write(self, folder: Path, name: str) -> Path:
        """Write the study, files that did not change as links to the clean ones; the path of ``study.toml``."""
        folder.mkdir(parents=True)
        for column in FILES:
            for path in self.images.get(column, ()):
                self._put(folder, path)
        for table, frame in self.tables.items():
            frame.to_csv(folder / f"{table}.csv", index=False, lineterminator="\n")
        file = folder / "study.toml"
        file.write_text(study_toml(name, self.patients, list(self.tables)), encoding="utf-8")
        return file

    def _put(self, folder: Path, path: str) -> None:
        target, clean = folder / path, self.folder / self.sources.get(path, path)
        target.parent.mkdir(exist_ok=True)
        if path in self.pictures:
            _save(target, self.pictures[path], clean)
            return
        try:
            os.link(clean, target)
        except OSError:
            # Not every file system has links.
            shutil.copyfile(clean, target)


def _save(path: Path, pixels: np.ndarray, clean: Path) -> None:
    """A PNG that says what the clean one says: nobody is in it."""
    text = PngInfo()
    with PngImageFile(clean) as image:
        for key, value in image.text.items():
            text.add_text(key, value)
    Image.fromarray(pixels).save(path, format="PNG", compress_level=COMPRESSION, pnginfo=text)
