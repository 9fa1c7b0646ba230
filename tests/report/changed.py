"""Material with other findings, frames or settings, as a test wants them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from sgcore.config import with_changes
from sgcore.report import Material

FINDING = {
    "code": "SGA999",
    "severity": "warning",
    "status": "finding",
    "title": "A made check",
    "message": "Three of four things are wrong.",
    "remedy": "Mend them.",
    "page": "study-overview",
    "evidence": None,
}


def with_findings(material: Material, *rows: dict[str, Any]) -> Material:
    """The same with these findings alone, each ``FINDING`` with some of its values replaced."""
    frame = pd.DataFrame([FINDING | row for row in rows], columns=list(FINDING))
    return replace(material, findings=frame)


def with_frames(material: Material, **frames: pd.DataFrame) -> Material:
    """The same with some result frames replaced."""
    known = material.evidence.frame

    def frame(kind: str) -> pd.DataFrame:
        return frames[kind] if kind in frames else known(kind)

    return replace(material, evidence=replace(material.evidence, frame=frame))


def with_settings(material: Material, **changes: Any) -> Material:
    config = with_changes(material.config, **changes)
    return replace(material, evidence=replace(material.evidence, config=config))


def with_study(material: Material, **changes: Any) -> Material:
    study = replace(material.study, **changes)
    return replace(material, evidence=replace(material.evidence, study=study))
