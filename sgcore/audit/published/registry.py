"""All checks of a publication in the order of their codes, and the run over them."""

from __future__ import annotations

from sgcore.audit.published.answer import PaperCheck, PaperFinding
from sgcore.audit.published.auc_grid import AucGrid
from sgcore.audit.published.auc_intervals import AucIntervals
from sgcore.audit.published.chance_level import ChanceLevel
from sgcore.audit.published.delong_power import DelongPower
from sgcore.audit.published.development_size import DevelopmentPatients
from sgcore.audit.published.external_size import ExternalPatients
from sgcore.audit.published.feature_counts import FeatureCounts
from sgcore.audit.published.image_correlation import ImageCorrelation
from sgcore.audit.published.paper import Paper
from sgcore.audit.published.point_and_auc import PointAndAuc
from sgcore.audit.published.reported_picks import ReportedPicks
from sgcore.audit.published.slice_residue import SliceResidue
from sgcore.audit.published.unchecked import Unchecked
from sgcore.audit.published.univariate_count import UnivariateCount
from sgcore.audit.published.whole_cases import WholeCases

PAPER_CHECKS: tuple[PaperCheck, ...] = (
    FeatureCounts(),
    SliceResidue(),
    UnivariateCount(),
    AucIntervals(),
    ImageCorrelation(),
    AucGrid(),
    WholeCases(),
    PointAndAuc(),
    ReportedPicks(),
    ChanceLevel(),
    DelongPower(),
    DevelopmentPatients(),
    ExternalPatients(),
    Unchecked(),
)


def audit_paper(paper: Paper, checks: tuple[PaperCheck, ...] = PAPER_CHECKS) -> list[PaperFinding]:
    """Every check's answer, in order."""
    findings = []
    for check in checks:
        answer = check.run(paper)
        findings.append(
            PaperFinding(
                check.code,
                answer.severity or check.severity,
                answer.status,
                check.title,
                answer.arithmetic,
                answer.assumption,
                answer.remedy,
                answer.values,
            )
        )
    return findings
