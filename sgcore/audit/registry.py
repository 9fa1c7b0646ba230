"""All checks in the order of their codes, and the run over them."""

from __future__ import annotations

from sgcore.audit.check import Check, Evidence
from sgcore.audit.clustering import ImagesAsIndependent
from sgcore.audit.deep_features import DeepFeaturesInSample
from sgcore.audit.lesion_share import LooksBesideLesion
from sgcore.audit.map_randomization import MapsWithoutLearning
from sgcore.audit.picks import PickedOnReportedSet
from sgcore.audit.pretraining import Pretraining
from sgcore.audit.residue import NumericalResidue
from sgcore.audit.thresholds import ThresholdSource
from sgcore.domain import Finding

CHECKS: tuple[Check, ...] = (
    ImagesAsIndependent(),
    NumericalResidue(),
    DeepFeaturesInSample(),
    PickedOnReportedSet(),
    ThresholdSource(),
    LooksBesideLesion(),
    MapsWithoutLearning(),
    Pretraining(),
)


def audit(evidence: Evidence, checks: tuple[Check, ...] = CHECKS) -> list[Finding]:
    """Every check's answer, in order; those that somebody muted say so with the reason."""
    findings = []
    for check in checks:
        outcome = check.run(evidence)
        reason = _why_muted(evidence, check.code) if outcome.status == "finding" else None
        findings.append(
            Finding(
                code=check.code,
                severity=check.severity,
                status=outcome.status if reason is None else "muted",
                message=outcome.message if reason is None else f"{outcome.message} {reason}",
                title=check.title,
                remedy=outcome.remedy,
                page=check.page,
                plot=check.plot,
                evidence=outcome.table,
            )
        )
    return findings


def _why_muted(evidence: Evidence, code: str) -> str | None:
    """The sentence that mutes a check: of the study file first, else of a reader; None where neither does."""
    if code in evidence.study.muted:
        return f"Muted by the study file: {evidence.study.muted[code]}"
    return evidence.muted.get(code)
