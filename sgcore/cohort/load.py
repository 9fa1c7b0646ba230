"""The two ways to ask for a study: the study itself, or everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from sgcore.cohort.assemble import read_study
from sgcore.cohort.ledger import MAX_PROBLEMS, Ledger
from sgcore.domain import Problem, Study
from sgcore.errors import StudyError
from sgcore.jobs import Cancel, OnProgress

#: What a person can do with a study that is refused for its conflicts alone.
AUDIT_ONLY = "To see what these do to the study, import it only for the audit: `sgaudit import --audit-only`."


@dataclass(frozen=True)
class ValidationReport:
    """What a validation found.

    ``problems`` are at most 100 errors and warnings, errors first, of ``total``; ``study`` is there
    when there is no error; ``counts`` has ``errors, warnings, patients, images``. ``auditable``: with
    ``audit_only`` there would be no error.
    """

    problems: tuple[Problem, ...]
    total: int
    study: Study | None = field(repr=False)
    counts: dict[str, int]
    notes: tuple[str, ...] = ()
    auditable: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The report as plain JSON types."""
        return {
            **self.counts,
            "problems": [problem.as_dict() for problem in self.problems],
            "total": self.total,
            "notes": list(self.notes),
            "auditable": self.auditable,
            "fingerprint": None if self.study is None else self.study.fingerprint,
        }


def load_study(
    path: str | PathLike[str],
    *,
    audit_only: bool = False,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> Study:
    """Read and check a study.

    Parameters
    ----------
    path : the study's TOML file.
    audit_only : load a study whose patients stand in two subsets, labels or centers, or share an
        image, with these conflicts as warnings; it can be shown and audited, not modelled.
    on_progress, cancel : hear how many images were read, and stop between two.

    Raises
    ------
    StudyError : with the first 100 errors in ``problems`` and their number in ``total``.
    """
    ledger = Ledger(audit_only=audit_only)
    study, _ = read_study(Path(path), ledger, on_progress, cancel)
    if study is None:
        hint = AUDIT_ONLY if ledger.auditable else ""
        raise StudyError(ledger.errors[:MAX_PROBLEMS], len(ledger.errors), hint)
    return study


def validate_study(
    path: str | PathLike[str],
    *,
    audit_only: bool = False,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> ValidationReport:
    """Everything that is wrong with a study; never raises for bad content or a missing file."""
    ledger = Ledger(audit_only=audit_only)
    study, counts = read_study(Path(path), ledger, on_progress, cancel)
    errors, warnings = len(ledger.errors), len(ledger.warnings)
    return ValidationReport(
        problems=tuple(ledger.listed()),
        total=errors + warnings,
        study=study,
        counts={"errors": errors, "warnings": warnings, **counts},
        notes=tuple(ledger.notes),
        auditable=ledger.auditable,
    )
