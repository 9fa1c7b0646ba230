"""What a check is, what it reads and what it returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.domain import FeatureTable, Severity, Status, Study


@dataclass(frozen=True)
class Evidence:
    """Everything that checks may read: a study, settings and stored results.

    ``frame`` gives a result frame of docs/architecture.md, empty where the analysis has none; ``looks``
    is how often held-out results of what-ifs were opened.
    """

    study: Study
    config: AnalysisConfig
    features: FeatureTable
    frame: Callable[[str], pd.DataFrame]
    looks: int = 0


@dataclass(frozen=True)
class Outcome:
    """The answer of one check: ``finding``, ``passed`` or ``not_applicable``, with its numbers."""

    status: Status
    message: str
    remedy: str = ""
    table: pd.DataFrame | None = field(default=None, compare=False, repr=False)


class Check(Protocol):
    """One question of AUDITS.md. ``page`` is where the evidence is shown, ``plot`` the figure's name."""

    code: str
    title: str
    severity: Severity
    page: str
    plot: str

    def run(self, evidence: Evidence) -> Outcome: ...
