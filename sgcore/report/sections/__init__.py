"""The sections of a report in their order: each reads the material and gives its blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sgcore.report.blocks import Block
from sgcore.report.sections.appendix import appendix
from sgcore.report.sections.asked import Asked
from sgcore.report.sections.calibration import calibration
from sgcore.report.sections.centers import centers
from sgcore.report.sections.checklists import checklists
from sgcore.report.sections.cohort import cohort
from sgcore.report.sections.decision import decision
from sgcore.report.sections.findings import findings
from sgcore.report.sections.gaps import gaps
from sgcore.report.sections.methods import methods
from sgcore.report.sections.performance import performance
from sgcore.report.sections.selection import selection

__all__ = ["ALWAYS", "SECTIONS", "Asked"]

#: Title and blocks by the key that stands in links and options.
SECTIONS: dict[str, tuple[str, Callable[[Asked], Iterable[Block]]]] = {
    "findings": ("What a strict reviewer would object to", findings),
    "cohort": ("Who was studied?", cohort),
    "methods": ("Methods", methods),
    "performance": ("Which family is better?", performance),
    "centers": ("Does it travel?", centers),
    "calibration": ("Do the probabilities mean what they say?", calibration),
    "decision": ("Is acting by the model worth something?", decision),
    "selection": ("Which features were selected?", selection),
    "checklists": ("Reporting checklists", checklists),
    "gaps": ("What was not done or could not be estimated", gaps),
    "appendix": ("Settings, versions and notes", appendix),
}
#: A report without them would hide what a reader has to know.
ALWAYS = ("findings", "gaps", "appendix")
