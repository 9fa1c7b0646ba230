"""Parameter files of PyRadiomics: the two that ship, a user's own, and what is in them.

Nothing here imports PyRadiomics until a file is validated.
"""

from __future__ import annotations

import copy
import hashlib
import json
import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sgcore.errors import UsageError

FOLDER = Path(__file__).parent
SUFFIXES = (".yaml", ".yml", ".json")
#: Gray levels after binning: as many as a 16-bit image has; texture matrices of more take gigabytes.
MAX_GRAY_LEVELS = 65_536
_GRAY_VALUES = 256  # of an 8-bit image, from which the levels of a bin width are reckoned


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


def preset_settings(preset: str | Path | Mapping[str, Any]) -> dict[str, Any]:
    """The content of a parameter file (``setting``, ``imageType``, ``featureClass``), validated.

    The schema, the YAML reader and the checks of names are those that
    ``RadiomicsFeatureExtractor(file)`` uses, so a file is accepted here where it is accepted there.
    The result needs no file any more and can travel to a worker; given back, it is validated again.

    Raises
    ------
    UsageError : the file is unreadable, no YAML, breaks the schema, or makes more gray levels than can be
        computed; the message says where.
    """
    if isinstance(preset, Mapping):
        return copy.deepcopy(_from_mapping(json.dumps(preset)))
    path = preset_path(preset)
    return copy.deepcopy(_from_file(path, _hash(path)))


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from error


@lru_cache(maxsize=16)
def _from_file(path: Path, content_hash: str) -> dict[str, Any]:
    # The hash is part of the key: an edited file is read again.
    return _validated(str(path), source_file=str(path))


@lru_cache(maxsize=16)
def _from_mapping(text: str) -> dict[str, Any]:
    return _validated("the given settings", source_data=json.loads(text))


def _validated(place: str, **source: Any) -> dict[str, Any]:
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
        core = Core(**source, schema_files=[schema])
        # Given as a module: the validator would load the file by a call that Python 3.12 removes.
        core.loaded_extensions = [schemaFuncs]
        content = core.validate()
    except (
        PyKwalifyException, YAMLError, UnicodeDecodeError, TypeError, ValueError, OSError, RecursionError
    ) as error:  # fmt: skip
        problem = " ".join(str(getattr(error, "msg", None) or error).split())
        raise UsageError(
            f"{place}: no valid parameters of PyRadiomics: {problem} "
            "The keys are setting, imageType and featureClass; see the PyRadiomics documentation, "
            "'Customizing the extraction'."
        ) from error
    # Each image type may set its own, beside those of all.
    for settings in (content.get("setting"), *(content.get("imageType") or {}).values()):
        _check_sizes(place, settings or {})
    return content


def _check_sizes(place: str, settings: Mapping[str, Any]) -> None:
    """Refuse what the schema lets pass and no machine can compute."""
    for name, levels in (
        ("binWidth", _GRAY_VALUES / settings.get("binWidth", _GRAY_VALUES)),
        ("binCount", settings.get("binCount") or 0),
    ):
        if levels > MAX_GRAY_LEVELS:
            raise UsageError(
                f"{place}: {name} {settings[name]:g} makes {levels:,.0f} gray levels of an 8-bit image; at "
                f"most {MAX_GRAY_LEVELS:,} are computed. 25 is PyRadiomics' default of `binWidth`."
            )
    spacing = settings.get("resampledPixelSpacing")
    if spacing and len(spacing) != 3:
        raise UsageError(
            f"{place}: resampledPixelSpacing {spacing} has {len(spacing)} number(s). Give three, in the order "
            "x, y, z; 0 keeps a direction as it is."
        )
