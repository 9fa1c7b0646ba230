"""Parameter files of PyRadiomics: the two that ship, a user's own, and what is in them.

Nothing here imports PyRadiomics until a file is validated.
"""

from __future__ import annotations

import copy
import hashlib
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sgcore.errors import UsageError

FOLDER = Path(__file__).parent
SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Parameters:
    """A validated parameter file, as PyRadiomics reads it.

    ``image_types`` maps the filters that are on to their own settings; ``feature_classes`` the
    classes to the names of their features (``None`` or empty: all that are not deprecated).
    """

    name: str
    hash: str
    settings: dict[str, Any]
    image_types: dict[str, dict[str, Any]]
    feature_classes: dict[str, list[str] | None]


def list_presets() -> tuple[str, ...]:
    """Names of the presets that ship."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def preset_path(preset: str | Path) -> Path:
    """The file of a shipped preset, or of a user's own by its path.

    Raises
    ------
    UsageError : neither a shipped preset nor an existing YAML or JSON file.
    """
    if str(preset) in list_presets():
        return FOLDER / f"{preset}.yaml"
    path = Path(preset)
    if not path.is_file():
        raise UsageError(
            f"preset {str(preset)!r} is neither a shipped preset ({', '.join(list_presets())}) nor a file. "
            "Give one of these names or the path of a PyRadiomics parameter file."
        )
    if path.suffix not in SUFFIXES:
        raise UsageError(
            f"{path}: PyRadiomics reads parameter files that end in {', '.join(SUFFIXES)}. Rename the file."
        )
    return path


def preset_hash(preset: str | Path) -> str:
    """SHA-256 of the content of a parameter file, so that an edited file names another analysis."""
    return _hash(preset_path(preset))


def load_parameters(preset: str | Path) -> Parameters:
    """Read a parameter file and validate it with PyRadiomics' own schema.

    The schema, the YAML reader and the checks of names are those that
    ``RadiomicsFeatureExtractor(file)`` uses, so a file is accepted here where it is accepted there.

    Raises
    ------
    UsageError : the file is unreadable, no YAML, or breaks the schema; the message says where.
    """
    path = preset_path(preset)
    return copy.deepcopy(_load(path, _hash(path)))


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from error


@lru_cache(maxsize=16)
def _load(path: Path, content_hash: str) -> Parameters:
    # The hash is part of the key: an edited file is read again.
    content = _validated(path)
    image_types = content.get("imageType") or {"Original": {}}
    classes = content.get("featureClass") or dict.fromkeys(_all_feature_classes())
    return Parameters(
        name=str(path.stem),
        hash=content_hash,
        settings={**(content.get("setting") or {}), **(content.get("voxelSetting") or {})},
        image_types={name: dict(custom or {}) for name, custom in image_types.items()},
        feature_classes=dict(classes),
    )


def _all_feature_classes() -> tuple[str, ...]:
    from radiomics import getFeatureClasses

    return tuple(getFeatureClasses())


def _validated(path: Path) -> dict[str, Any]:
    from pykwalify.core import Core
    from pykwalify.errors import PyKwalifyException
    from radiomics import getParameterValidationFiles
    from radiomics.schemas import schemaFuncs
    from ruamel.yaml.error import YAMLError

    # The validator logs what it raises as well; without a handler Python prints that to stderr.
    logger = logging.getLogger("pykwalify")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    schema, _ = getParameterValidationFiles()
    try:
        core = Core(source_file=str(path), schema_files=[schema])
        # Given as a module: the validator would load the file by a call that Python 3.12 removes.
        core.loaded_extensions = [schemaFuncs]
        content = core.validate()
    except (PyKwalifyException, YAMLError, UnicodeDecodeError, TypeError, ValueError, OSError) as error:
        problem = " ".join(str(getattr(error, "msg", None) or error).split())
        raise UsageError(
            f"{path} is no valid PyRadiomics parameter file: {problem} "
            "The keys are setting, imageType and featureClass; see the PyRadiomics documentation, "
            "'Customizing the extraction'."
        ) from error
    return content
