"""What a check is, what it reads and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.domain import FeatureTable, Resampling, Severity, Status, Study


class Draws(Protocol):
    """The stored draws of a resampling, evaluated: columns of docs/architecture.md, empty while there are none.

    ``draws`` are there of ``usual``; ``reason`` says why a study cannot be resampled this way.
    """

    @property
    def draws(self) -> int: ...
    @property
    def usual(self) -> int: ...
    @property
    def complete(self) -> bool: ...
    @property
    def rows(self) -> pd.DataFrame: ...
    @property
    def detail(self) -> pd.DataFrame: ...
    @property
    def reason(self) -> str | None: ...


@dataclass(frozen=True)
class Evidence:
    """Everything that checks may read: a study, settings and stored results.

    ``frame`` gives a result frame of docs/architecture.md, empty where there is none; one without columns is
    of a costly job that has not run yet. ``draws`` gives a resampling, None where there is no analysis.
    ``looks`` is how often held-out results of what-ifs were opened; ``muted`` are checks that readers muted, beside
    those of the study file: the code, and a sentence with the reason.
    """

    study: Study
    config: AnalysisConfig
    features: FeatureTable
    frame: Callable[[str], pd.DataFrame]
    looks: int = 0
    draws: Callable[[Resampling], Draws | None] = lambda _kind: None
    muted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """The answer of one check: ``finding``, ``passed`` or ``not_applicable``, with its numbers."""

    status: Status
    message: str
    remedy: str = ""
    table: pd.DataFrame | None = field(default=None, compare=False, repr=False)


class Check(Protocol):
    """One question of docs/audits.md. ``page`` is where the evidence is shown."""

    code: str
    title: str
    severity: Severity
    page: str

    def run(self, evidence: Evidence) -> Outcome: ...
