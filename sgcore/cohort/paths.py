"""Paths that a study names: relative, inside its folder, spelled as on disk."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from sgcore.cohort.faults import Fault
from sgcore.cohort.files import is_regular, printable
from sgcore.cohort.ledger import MAX_PROBLEMS, nearest


class StudyFolder:
    """The folder of a study file; resolves the paths that its tables name.

    Directory listings are kept, so that spelling is compared exactly on file systems that ignore
    case, and quickly for thousands of images.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real = Path(os.path.realpath(root))
        self._listings: dict[Path, set[str]] = {}
        self._folded: dict[Path, dict[str, str]] = {}
        self._missing = 0

    def resolve(self, text: str) -> Path:
        """The file that a cell names.

        Raises
        ------
        Fault : the path is absolute, leaves the folder, is misspelled, or is no file.
        """
        if "\0" in text or not text:
            raise Fault("this is not a path", "Name a file below the study's folder")
        if text.startswith(("/", "\\", "~")) or re.match(r"^[A-Za-z]:", text) or "://" in text:
            raise Fault("the path is absolute", "Paths are relative to the study file; remove the start")
        if "\\" in text:
            raise Fault("the path has backslashes", f"Write {text.replace(chr(92), '/')!r}")
        parts = PurePosixPath(text).parts
        if ".." in parts:
            raise Fault("the path leaves the study's folder with '..'", "Put the file below the study file")
        if any(len(part.encode()) > 255 for part in parts):
            raise Fault("a name in the path is longer than 255 bytes", "Shorten the file name")
        here = self.root
        for part in parts:
            self._check_name(here, part, text)
            here = here / part
        if not Path(os.path.realpath(here)).is_relative_to(self._real):
            raise Fault("a link leads out of the study's folder", "Copy the file into the study's folder")
        if not is_regular(here):
            raise Fault("this is a folder or no regular file", "Name a file")
        return here

    def names(self, folder: Path) -> set[str]:
        """Names in a folder, empty where there is none."""
        if folder not in self._listings:
            try:
                self._listings[folder] = {printable(name) for name in os.listdir(folder)}
            except OSError:
                self._listings[folder] = set()
        return self._listings[folder]

    def _check_name(self, folder: Path, name: str, text: str) -> None:
        names = self.names(folder)
        if name in names:
            return
        if folder not in self._folded:
            self._folded[folder] = {known.casefold(): known for known in names}
        twin = self._folded[folder].get(name.casefold())
        if twin is not None:
            raise Fault(
                "the path differs in upper and lower case from the file", f"Write {twin!r} as on disk"
            )
        if ";" in text or "|" in text:
            raise Fault(
                "more than one file in a cell", "One image has one mask; join the regions into one file"
            )
        self._missing += 1
        near = nearest(name, names, cutoff=0.8) if self._missing <= MAX_PROBLEMS else None
        raise Fault("the file does not exist", f"Did you mean {near!r}?" if near else "Add the file")
