"""Commands on a study's files: validate, import, extract."""

from __future__ import annotations

from typing import Annotated

import typer

from sgcore.cli.console import (
    AsJson,
    AuditOnly,
    JobsCount,
    Scheduler,
    StorePath,
    StudyPath,
    output,
    print_json,
    print_table,
    progress,
    reported,
)
from sgcore.config import AnalysisConfig
from sgcore.domain import Problem
from sgcore.errors import SgauditError
from sgcore.jobs import Jobs


def register(app: typer.Typer) -> None:
    app.command()(validate)
    app.command("import")(import_)
    app.command()(extract)


def validate(study: StudyPath, audit_only: AuditOnly = False, as_json: AsJson = False) -> None:
    """List every problem of a study: file, row, column, value, rule and fix. Exit 1 if any is an error."""
    from sgcore.cohort import AUDIT_ONLY, validate_study

    with reported(as_json), progress() as on_progress:
        report = validate_study(study, audit_only=audit_only, on_progress=on_progress)
    counts = report.as_dict()
    if as_json:
        print_json(counts)
    else:
        if report.problems:
            columns = ("", "file", "row", "column", "value", "what is wrong", "what to do")
            print_table(columns, map(_cells, report.problems))
        shown = f" (the first {len(report.problems)} are shown)" * (report.total > len(report.problems))
        output.print(
            f"{counts['errors']} error(s), {counts['warnings']} warning(s){shown}; "
            f"{counts['patients']} patients, {counts['images']} images."
        )
        if report.auditable:
            output.print(AUDIT_ONLY)
    raise typer.Exit(1 if counts["errors"] else 0)


def import_(
    study: StudyPath,
    store: StorePath = None,
    audit_only: AuditOnly = False,
    as_json: AsJson = False,
) -> None:
    """Check a study and store it."""
    from sgcore import workflow

    with reported(as_json), workflow.open_store(store) as opened, progress() as on_progress:
        loaded = workflow.import_study(study, opened, audit_only=audit_only, on_progress=on_progress)
        counts = {"patients": len(loaded.patients), "images": len(loaded.images)}
        if as_json:
            print_json(
                {
                    "study": loaded.name,
                    "study_id": loaded.fingerprint,
                    "n": counts,
                    "notes": list(loaded.notes),
                    "warnings": [problem.as_dict() for problem in loaded.warnings],
                }
            )
        else:
            for note in (*loaded.notes, *map(str, loaded.warnings)):
                output.print(f"note: {note}")
            output.print(
                f"{loaded.name}: {counts['patients']} patients, {counts['images']} images, study {loaded.fingerprint}."
            )


def extract(
    study: StudyPath,
    store: StorePath = None,
    preset: Annotated[
        str, typer.Option(help="paper-1288, planar-2d or a PyRadiomics parameter file.")
    ] = "paper-1288",
    jobs: JobsCount = 2,
    scheduler: Scheduler = None,
    as_json: AsJson = False,
) -> None:
    """Compute radiomics features into the store; an interrupted extraction goes on where it was."""
    from sgcore import workflow

    with reported(as_json), workflow.open_store(store) as opened, progress() as on_progress:
        loaded = workflow.import_study(study, opened, on_progress=on_progress)
        config = workflow.effective_config(loaded, AnalysisConfig(preset=preset))
        with Jobs(jobs, scheduler) as pool:
            found = workflow.extract(loaded, config, opened, jobs=pool, on_progress=on_progress)
        failures = found.failures.to_dict("records")
        if found.values.empty:
            reason = failures[0]["reason"] if failures else "no images"
            raise SgauditError(f"No case of {loaded.name!r} has features; the first reason is: {reason}")
    images, features = found.values.shape
    if as_json:
        print_json(
            {
                "study": loaded.name,
                "feature_set": found.fingerprint,
                "images": images,
                "features": features,
                "failures": failures,
            }
        )
        return
    if failures:
        rows = [(failure["image_id"], failure["reason"]) for failure in failures]
        print_table(("failed image", "reason"), rows)
    output.print(f"{features} features of {images} images; {len(failures)} failed.")


def _cells(problem: Problem) -> tuple[str, ...]:
    return (
        problem.severity,
        problem.file,
        "" if problem.row is None else str(problem.row),
        problem.column or "",
        problem.value or "",
        problem.rule,
        problem.fix,
    )
