"""What a check of a publication is and what it answers: arithmetic, assumption and remedy apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from sgcore.audit.published.paper import Paper
from sgcore.domain import Severity, Status


@dataclass(frozen=True)
class Answer:
    """The answer of one check: ``arithmetic`` follows from printed numbers alone, ``assumption`` is what was added.

    ``values`` holds every number of the answer as plain JSON types; ``rows`` among them is a table. ``severity``
    replaces the check's own. Of a check that does not apply ``arithmetic`` is the reason.
    """

    status: Status
    arithmetic: str
    assumption: str = ""
    remedy: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    severity: Severity | None = None


def not_applicable(reason: str) -> Answer:
    return Answer("not_applicable", reason)


class PaperCheck(Protocol):
    """One question that a paper's printed numbers can answer."""

    code: str
    title: str
    severity: Severity

    def run(self, paper: Paper) -> Answer: ...


@dataclass(frozen=True)
class PaperFinding:
    """What one check says of a paper."""

    code: str
    severity: Severity
    status: Status
    title: str
    arithmetic: str
    assumption: str
    remedy: str
    values: dict[str, Any] = field(compare=False, repr=False)

    @property
    def message(self) -> str:
        """Everything in one text; of a check that does not apply its reason alone."""
        if self.status == "not_applicable":
            return self.arithmetic
        parts = {"Arithmetic": self.arithmetic, "Assumption": self.assumption, "What to do": self.remedy}
        return " ".join(f"{name}: {text}" for name, text in parts.items() if text)

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "status": self.status,
            "message": self.message,
            "values": self.values,
        }
