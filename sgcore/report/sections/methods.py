"""The methods paragraph, ready to be edited into a manuscript."""

from __future__ import annotations

from collections.abc import Iterator

from sgcore.report import described, described_extraction
from sgcore.report.blocks import Block, Paragraph
from sgcore.report.sections.asked import Asked

_PARTS = (
    described.split,
    described_extraction.extraction,
    described.selection,
    described.networks,
    described.classifiers,
    described.threshold,
    described.statistics,
    described.missing,
    described.software,
)


def methods(asked: Asked) -> Iterator[Block]:
    yield Paragraph(
        "Composed from the settings of this analysis: what was done, not why. Recruitment, scanners, reference "
        "standard and outlines are the authors' to describe.",
        "small",
    )
    for part in _PARTS:
        yield Paragraph(part(asked.material))
