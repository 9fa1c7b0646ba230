"""All checks in the order of their codes, and the run over them."""

from __future__ import annotations

from sgcore.audit.benefit import NoNetBenefit
from sgcore.audit.calibrated import Miscalibrated
from sgcore.audit.candidates import TooManyCandidates
from sgcore.audit.center_differences import CentersDiffer
from sgcore.audit.center_predictability import CenterToldFromFeatures
from sgcore.audit.chance_level import ReachedByChance
from sgcore.audit.check import Check, Evidence
from sgcore.audit.clustering import ImagesAsIndependent
from sgcore.audit.deep_features import DeepFeaturesInSample
from sgcore.audit.entanglement import LabelByPlace
from sgcore.audit.external_size import ExternalSetTooSmall
from sgcore.audit.feature_quality import FeaturesWithoutContent
from sgcore.audit.identity import PatientInSeveralPlaces
from sgcore.audit.lesion_share import LooksBesideLesion
from sgcore.audit.lucky_split import LuckySplit
from sgcore.audit.map_randomization import MapsWithoutLearning
from sgcore.audit.missingness import MissingValues
from sgcore.audit.near_duplicates import ImagesThereTwice
from sgcore.audit.p_values import PValuesByChance
from sgcore.audit.paired import LooseComparisons
from sgcore.audit.picks import PickedOnReportedSet
from sgcore.audit.pooling import BorrowedFromPrevalence
from sgcore.audit.pretraining import Pretraining
from sgcore.audit.residue import NumericalResidue
from sgcore.audit.roi_robustness import FragileFeatures
from sgcore.audit.selection_outside import SelectedBeforeFolds
from sgcore.audit.size_alone import NoMoreThanSize
from sgcore.audit.stable_selection import UnstableSelection
from sgcore.audit.thresholds import ThresholdSource
from sgcore.domain import Finding

CHECKS: tuple[Check, ...] = (
    PatientInSeveralPlaces(),
    ImagesThereTwice(),
    ImagesAsIndependent(),
    NumericalResidue(),
    FeaturesWithoutContent(),
    FragileFeatures(),
    NoMoreThanSize(),
    PValuesByChance(),
    UnstableSelection(),
    SelectedBeforeFolds(),
    DeepFeaturesInSample(),
    PickedOnReportedSet(),
    ThresholdSource(),
    ReachedByChance(),
    LuckySplit(),
    ExternalSetTooSmall(),
    CentersDiffer(),
    CenterToldFromFeatures(),
    LabelByPlace(),
    BorrowedFromPrevalence(),
    Miscalibrated(),
    NoNetBenefit(),
    LooseComparisons(),
    LooksBesideLesion(),
    MapsWithoutLearning(),
    Pretraining(),
    TooManyCandidates(),
    MissingValues(),
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
                evidence=outcome.table,
            )
        )
    return findings


def _why_muted(evidence: Evidence, code: str) -> str | None:
    """The sentence that mutes a check: of the study file first, else of a reader; None where neither does."""
    if code in evidence.study.muted:
        return f"Muted by the study file: {evidence.study.muted[code]}"
    return evidence.muted.get(code)
