"""Synthetic B-mode images of salivary glands, and a cohort of them: nobody's glands, made from scenes and scanners."""

from sgcore.cohort.phantoms.cohort import DEMO_SEED, PhantomCohort, phantom_cohort
from sgcore.cohort.phantoms.counts import PAPER_COUNTS, Group
from sgcore.cohort.phantoms.devices import SCANNERS, Scanner
from sgcore.cohort.phantoms.feature_phantoms import write_feature_study
from sgcore.cohort.phantoms.render import Rendered, render
from sgcore.cohort.phantoms.scene import Scene
from sgcore.cohort.phantoms.truth import Truth
from sgcore.cohort.phantoms.write import write_cohort

__all__ = [
    "DEMO_SEED",
    "PAPER_COUNTS",
    "SCANNERS",
    "Group",
    "PhantomCohort",
    "Rendered",
    "Scanner",
    "Scene",
    "Truth",
    "phantom_cohort",
    "render",
    "write_cohort",
    "write_feature_study",
]
