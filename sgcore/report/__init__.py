"""The report that is handed over: one HTML file of an analysis, with reporting checklists filled in."""

from sgcore.report.checklists import CHECKLISTS, Answered, Checklist, answered, as_json, counts
from sgcore.report.document import Document, document, known
from sgcore.report.material import Job, Material
from sgcore.report.metrics_score import MetricsScore, metrics_score
from sgcore.report.render import html
from sgcore.report.sections import SECTIONS
from sgcore.report.verdict import headline, verdict

__all__ = [
    "CHECKLISTS",
    "SECTIONS",
    "Answered",
    "Checklist",
    "Document",
    "Job",
    "Material",
    "MetricsScore",
    "answered",
    "as_json",
    "counts",
    "document",
    "headline",
    "html",
    "known",
    "metrics_score",
    "verdict",
]
