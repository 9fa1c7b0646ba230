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
    """Every check's answer, in order; those that the study file mutes say so with the author's reason."""
    findings = []
    for check in checks:
        outcome = check.run(evidence)
        muted = evidence.study.muted.get(check.code)
        silenced = muted is not None and outcome.status == "finding"
        findings.append(
            Finding(
                code=check.code,
                severity=check.severity,
                status="muted" if silenced else outcome.status,
                message=f"{outcome.message} Muted by the study file: {muted}"
                if silenced
                else outcome.message,
                title=check.title,
                remedy=outcome.remedy,
                page=check.page,
                plot=check.plot,
                evidence=outcome.table,
            )
        )
    return findings
