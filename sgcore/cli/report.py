"""The command that writes the report of a stored analysis as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sgcore.cli.analyses import Preset, configs
from sgcore.cli.console import AsJson, StorePath, StudyPath, errors, output, print_json, progress, reported
from sgcore.errors import UsageError

if TYPE_CHECKING:
    from sgcore.domain import Study
    from sgcore.workflow import Analysis, Store


def register(app: typer.Typer) -> None:
    app.command()(report)


def report(
    study: StudyPath,
    file: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.html", help="The file to write.")],
    store: StorePath = None,
    analysis: Annotated[
        str | None,
        typer.Option("--analysis", metavar="ID", help="An analysis by its id, or the start of it."),
    ] = None,
    recipe_name: Annotated[
        Literal["paper", "strict"] | None,
        typer.Option("--recipe", help="The recipe whose analysis is reported (default: paper)."),
    ] = None,
    preset: Preset = None,
    sections: Annotated[
        list[str] | None,
        typer.Option("--section", help="Only these sections (may be repeated); default: all."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write one HTML file to hand over: verdict, findings, figures, methods, reporting checklists."""
    from sgcore import workflow

    with reported(as_json), workflow.open_store(store) as opened, progress() as on_progress:
        if analysis is not None and (recipe_name is not None or preset is not None):
            raise UsageError("--analysis names one analysis; leave --recipe and --preset out.")
        loaded = workflow.import_study(study, opened, on_progress=on_progress)
        if analysis is None:
            (config,) = configs(recipe_name or "paper", preset)
            found = workflow.stored_analysis(loaded, config, opened)
        else:
            found = _named(loaded, analysis, opened)
        written = workflow.write_report(found, opened, file, sections=sections)
    if as_json:
        print_json(
            {
                "study": loaded.name,
                "analysis": found.id,
                "report": str(written.path),
                "bytes": written.size,
                "verdict": written.verdict,
                "look": written.look,
                "checklists": written.checklists,
            }
        )
        return
    output.print(written.verdict)
    output.print(f"{written.path} ({written.size / 1e6:.1f} MB)")
    if written.look is not None:
        errors.print(
            f"note: this analysis is a what-if; its report was counted as look {written.look} at held-out results "
            "of this study."
        )


def _named(study: Study, start: str, store: Store) -> Analysis:
    """The one analysis of a study whose id begins so.

    Raises ``UsageError`` where none or several do.
    """
    from sgcore import workflow

    ids = list(workflow.list_analyses(store, study.fingerprint)["analysis_id"])
    found = [each for each in ids if each.startswith(start)]
    if len(found) != 1:
        known = ", ".join(ids) or "none; run `sgaudit run` first"
        problem = "is the start of several analyses" if found else "is no analysis"
        raise UsageError(f"{start!r} {problem} of {study.name!r}. It has: {known}.")
    return workflow.load_analysis(store, found[0])
