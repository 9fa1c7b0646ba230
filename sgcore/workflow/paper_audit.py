"""The audit of a publication from its printed numbers: the file, the findings, and both as tables and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from sgcore.audit.published import Paper, PaperFinding, audit_paper, read_paper

COLUMNS = ["code", "severity", "status", "title", "arithmetic", "assumption", "remedy", "values"]


def published_example() -> Path:
    """The paper file that ships: the reference study."""
    return Path(__file__).resolve().parents[2] / "data" / "published" / "xia-2025.toml"


def audit_published(path: Path) -> tuple[Paper, list[PaperFinding]]:
    """A paper file and every check's answer.

    Raises ``PaperError`` with every problem where the file cannot be used.
    """
    paper = read_paper(path)
    return paper, audit_paper(paper)


def published_summary(paper: Paper, findings: list[PaperFinding]) -> dict[str, Any]:
    """Plain JSON types: ``paper`` (title, citation, DOI) and ``findings``."""
    return {"paper": paper.paper.model_dump(), "findings": [finding.as_dict() for finding in findings]}


def published_frame(findings: list[PaperFinding]) -> pd.DataFrame:
    """One row a check; its numbers as JSON text."""
    rows = [
        {**{name: getattr(finding, name) for name in COLUMNS[:-1]}, "values": json.dumps(finding.values)}
        for finding in findings
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
