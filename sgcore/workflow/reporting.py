"""The report of an analysis: its material from the store, its checklists, and the HTML file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sgcore.domain import EvaluationSet
from sgcore.errors import SgauditError
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis, count_look
from sgcore.workflow.analysis_list import is_what_if
from sgcore.workflow.audited import evidence_of, findings_frame
from sgcore.workflow.calibrated import calibration_of
from sgcore.workflow.cases import counted, model_cases
from sgcore.workflow.cohort_summary import cohort_tables
from sgcore.workflow.completion import costly_jobs
from sgcore.workflow.decided import net_benefit
from sgcore.workflow.evaluate import roc_points

if TYPE_CHECKING:
    from sgcore.report import Material
    from sgcore.report.material import Model
    from sgcore.stats import Calibration, DecisionCurve

#: What the look of a report is counted as: it holds the audit, which names all held-out results.
REPORT_LOOK = "report: audit"


@dataclass(frozen=True)
class ReportPreview:
    """The first lines of a report, its findings by severity, and its checklists as plain values."""

    verdict: str
    headline: str
    findings: dict[str, int]
    checklists: list[dict[str, Any]]


@dataclass(frozen=True)
class Written:
    """A report as a file of ``size`` bytes, with its checklists as plain values.

    ``look`` is the number of the look that it cost, None unless it is of a what-if.
    """

    path: Path
    size: int
    verdict: str
    look: int | None
    checklists: list[dict[str, Any]]


def report_material(analysis: Analysis, store: Store) -> Material:
    """Everything that a report of an analysis reads; frames are made once, when they are first asked for."""
    from sgcore.report import Job, Material

    evidence = evidence_of(analysis, store)
    return Material(
        evidence=evidence,
        analysis_id=analysis.id,
        name=analysis.name,
        recipe=analysis.recipe,
        created_at=analysis.created_at,
        versions=analysis.versions,
        notes=analysis.notes,
        what_if=is_what_if(store, analysis),
        looks=evidence.looks,
        findings=findings_frame(evidence),
        cohort=cohort_tables(evidence.study, analysis.config.unit),
        jobs=tuple(Job(each.title, each.codes, each.done, each.reason) for each in costly_jobs(analysis)),
        decision=analysis.decision,
        roc=partial(_roc, analysis),
        calibration=partial(_calibration, analysis),
        net_benefit=partial(_net_benefit, analysis),
    )


def report_sections() -> dict[str, str]:
    """Titles of the sections that may be left out, by their keys."""
    from sgcore.report.sections import ALWAYS, SECTIONS

    return {key: title for key, (title, _) in SECTIONS.items() if key not in ALWAYS}


def report_html(material: Material, sections: Collection[str] | None = None) -> str:
    """The file's text with all sections or some. Raises ``UsageError`` for an unknown section."""
    from sgcore.report import document, html

    return html(document(material, datetime.now(UTC), sections))


def report_preview(material: Material) -> ReportPreview:
    """What the page shows of a report."""
    from sgcore.report import headline, verdict

    rows = material.findings
    found = rows.loc[rows["status"] == "finding", "severity"].value_counts()
    return ReportPreview(verdict(material), headline(material), found.to_dict(), report_checklists(material))


def report_checklists(material: Material) -> list[dict[str, Any]]:
    """Every checklist with its items and their answers as plain values; of METRICS also the score."""
    from sgcore.report import CHECKLISTS, answered, as_json, metrics_score

    found = []
    for checklist in CHECKLISTS:
        rows = answered(checklist, material)
        entry = as_json(checklist, rows)
        if checklist.scored:
            score = metrics_score(rows)
            entry["score"] = {
                "lowest": score.lowest,
                "highest": score.highest,
                "open_items": score.n_open,
                "not_applicable": score.n_apart,
                "said": score.sentence,
            }
        found.append(entry)
    return found


def write_report(
    analysis: Analysis, store: Store, path: Path, *, sections: Collection[str] | None = None
) -> Written:
    """Write the report of an analysis; that of a what-if is counted as a look at held-out results first.

    Raises
    ------
    UsageError : an unknown section. SgauditError : the file cannot be written.
    """
    from sgcore.report import known, verdict

    # What is wrong with the question comes before the look and the work.
    known(sections)
    if path.is_dir():
        raise SgauditError(f"The report cannot be written to {path}: it is a folder. Name a file in it.")
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    look = count_look(store, analysis, REPORT_LOOK) if is_what_if(store, analysis) else None
    material = report_material(analysis, store)
    content = report_html(material, sections).encode()
    with _writing(path):
        path.write_bytes(content)
    return Written(path, len(content), verdict(material), look, report_checklists(material))


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """A system's error on writing, in words."""
    try:
        yield
    except OSError as error:
        raise SgauditError(
            f"The report cannot be written to {path}: {error.strerror or error}. Name a file in a folder that you "
            "may write to."
        ) from error


def _roc(analysis: Analysis, model: Model, at: EvaluationSet) -> pd.DataFrame:
    return roc_points(model_cases(analysis.frame("predictions"), model, at), at.unit)


def _calibration(analysis: Analysis, model: Model, at: EvaluationSet) -> tuple[Calibration, pd.DataFrame]:
    """The calibration of a model, and ``y`` and ``p`` of each case."""
    cases = model_cases(analysis.frame("predictions"), model, at)
    own = counted(cases, at.unit)
    return calibration_of(cases, at.unit), pd.DataFrame({"y": own.y, "p": own.score})


def _net_benefit(analysis: Analysis, model: Model, at: EvaluationSet) -> DecisionCurve:
    """At the risks and the prevalence of the study file."""
    wanted = analysis.decision
    if wanted is None:
        raise SgauditError("The study file has no [decision]; without one there is no decision curve.")
    return net_benefit(
        analysis.frame("predictions"),
        model,
        at,
        low=wanted.low,
        high=wanted.high,
        prevalence=wanted.prevalence,
    )
