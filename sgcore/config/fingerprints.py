"""The name of a result: a hash of settings, study content and the versions that decide its numbers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sgcore.config.analysis import AnalysisConfig

#: Marks a setting that came after the first analyses: at its default it is no part of a fingerprint, so
#: that what was computed before it keeps its name.
LATER = {"later": True}

SOFTWARE = (
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "statsmodels",
    "xgboost",
    "lightgbm",
    "pyradiomics",
    "simpleitk",
)


#: Libraries that decide numbers only where ComBat is asked for, or networks.
_COMBAT = ("neuroharmonize", "neurocombat")
_NETWORKS = ("torch", "torchvision")

#: Raised with every change of code by which the same input gives an analysis other numbers, so that no stored
#: analysis passes for one that this code would make. Extracted features have a name of their own.
#: 1: normal quantiles behind clustered odds ratios. 2: t quantiles. 3: classifiers count in any unit, and a
#: value beyond all numbers is no score. 4: bootstrap replicates that were skipped, and methods of comparisons.
#: 5: settings of networks.
RESULTS_REVISION = 5


def deciding_versions(config: AnalysisConfig) -> dict[str, str]:
    """Versions of what decides the numbers of an analysis with these settings."""
    combat = _COMBAT if config.selection.harmonize == "combat" else ()
    names = (*SOFTWARE, *combat, *(_NETWORKS if config.deep is not None else ()))
    return {**software_versions(names), "results": str(RESULTS_REVISION)}


_version = cache(metadata.version)


def software_versions(names: tuple[str, ...] = SOFTWARE) -> dict[str, str]:
    """Versions of this program and of the libraries that decide the numbers.

    Without what follows a plus sign: torch 2.9.1+cpu is the same release as 2.9.1, built for other machines.
    """
    return {name: _version(name).partition("+")[0] for name in ("sgaudit", *names)}


def fingerprint(*parts: Any) -> str:
    """A short stable name of settings, content hashes and versions: 16 hexadecimal digits."""
    plain = [_named_by(part) for part in parts]
    text = json.dumps(plain, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _named_by(part: Any) -> Any:
    """Settings as plain types, without those that came later and are at their default."""
    if not is_dataclass(part) or isinstance(part, type):
        return part
    return {
        each.name: _named_by(getattr(part, each.name))
        for each in fields(part)
        if not (each.metadata.get("later") and getattr(part, each.name) == each.default)
    }
