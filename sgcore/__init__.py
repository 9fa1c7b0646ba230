"""Reviews radiomics and deep-learning diagnostic models, center by center.

Names are handed on when first used (PEP 562), so that ``import sgcore`` is instant and a heavy
library is loaded only by the work that needs it.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {"load_study": "sgcore.cohort", "validate_study": "sgcore.cohort"}
_PACKAGES = {"features", "selection", "stats", "workflow", "cohort", "models", "plots", "store"}

__all__ = [*sorted(_HOMES), *sorted(_PACKAGES)]  # noqa: PLE0604  (names are strings)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _PACKAGES:
        return importlib.import_module(f"sgcore.{name}")
    raise AttributeError(f"module 'sgcore' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
