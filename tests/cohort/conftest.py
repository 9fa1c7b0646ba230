"""A tiny study that a test may change: five pages of text and a few images."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.studies import make_study


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    """``study.toml`` of a study of two centers, ten patients and fifteen images, free to change."""
    return make_study(tmp_path / "study", centers={"Alpha": 6, "Beta": 4}, size=(40, 48))
