"""Where the store is when nobody names a file."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def default_path() -> Path:
    """``SGAUDIT_STORE`` where it is set, else a file in the platform's user-data folder."""
    named = os.environ.get("SGAUDIT_STORE")
    return Path(named) if named else Path(platformdirs.user_data_dir("sgaudit")) / "store.duckdb"
