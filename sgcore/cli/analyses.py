"""Commands on analyses: run, analyze, audit, export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from sgcore.cli.console import (
    AsJson,
    AuditOnly,
    JobsCount,
    Scheduler,
    StorePath,
    StudyPath,
    errors,
    output,
    print_json,
    progress,
    reported,
)
from sgcore.cli.networks import (
    BackboneName,
    ClassWeights,
    DeepFolds,
    DeviceName,
    EarlyStopping,
    Epochs,
    InputSize,
    NetworkOptions,
    NoDeep,
    Weights,
)
from sgcore.cli.summaries import print_findings, show
from sgcore.config import AnalysisConfig, Recipe, recipe, with_changes
from sgcore.domain import Study
from sgcore.errors import IncompleteError, UsageError
from sgcore.jobs import Jobs

if TYPE_CHECKING:
    from sgcore.workflow import Analysis

RecipeName = Annotated[
    Literal["paper", "strict", "both"],
    typer.Option("--recipe", help="The reference method, the strict one, or both."),
]
Preset = Annotated[
    str | None,
    typer.Option(help="paper-1288, planar-2d or a PyRadiomics parameter file (default: the recipe's)."),
]


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(analyze)
    app.command()(audit)
    app.command()(export)


def run(
    study: StudyPath,
    store: StorePath = None,
    recipe_name: RecipeName = "paper",
    no_deep: NoDeep = False,
    preset: Preset = None,
    backbone: BackboneName = None,
    weights: Weights = None,
    epochs: Epochs = None,
    deep_folds: DeepFolds = None,
    input_size: InputSize = None,
    early_stopping: EarlyStopping = None,
    class_weights: ClassWeights = False,
    device: DeviceName = "auto",
    jobs: JobsCount = 2,
    scheduler: Scheduler = None,
    as_json: AsJson = False,
) -> None:
    """Import, extract, train, analyze, explain and audit a study; resumes where it stopped."""
    from sgcore import workflow

    options = NetworkOptions(
        no_deep, backbone, weights, epochs, deep_folds, input_size, early_stopping, class_weights
    )
    with reported(as_json):
        wanted = configs(recipe_name, preset, options)
        for config in wanted:
            workflow.preflight(study, config, device)
        with workflow.open_store(store) as opened, progress() as on_progress, Jobs(jobs, scheduler) as pool:
            loaded = workflow.import_study(study, opened, on_progress=on_progress)
            results = [
                workflow.run(loaded, config, opened, jobs=pool, device=device, on_progress=on_progress)
                for config in _as_computed(loaded, wanted, preset, options)
            ]
            summaries = [_summary(loaded, result) for result in results]
    show(summaries, as_json)


def analyze(
    study: StudyPath,
    store: StorePath = None,
    recipe_name: RecipeName = "paper",
    no_deep: NoDeep = False,
    preset: Preset = None,
    backbone: BackboneName = None,
    weights: Weights = None,
    epochs: Epochs = None,
    deep_folds: DeepFolds = None,
    input_size: InputSize = None,
    early_stopping: EarlyStopping = None,
    class_weights: ClassWeights = False,
    as_json: AsJson = False,
) -> None:
    """Select, fit, evaluate and explain on features and networks that are already in the store."""
    from sgcore import workflow

    options = NetworkOptions(
        no_deep, backbone, weights, epochs, deep_folds, input_size, early_stopping, class_weights
    )
    with reported(as_json):
        wanted = configs(recipe_name, preset, options)
        for config in wanted:
            workflow.preflight(study, config)
        with workflow.open_store(store) as opened, progress() as on_progress:
            loaded = workflow.import_study(study, opened, on_progress=on_progress)
            results = [
                workflow.analyze(loaded, config, opened, on_progress=on_progress)
                for config in _as_computed(loaded, wanted, preset, options)
            ]
            for result in results:
                workflow.explain(result, opened, on_progress=on_progress)
            summaries = [_summary(loaded, result) for result in results]
    show(summaries, as_json)


def audit(
    study: StudyPath,
    store: StorePath = None,
    recipe_name: RecipeName = "paper",
    preset: Preset = None,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="First compute what costly checks still need; stored, and resumed."),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="With --complete: this job alone (may be given again); an unknown name lists them."
        ),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "note"] | None,
        typer.Option(help="Exit 3 when a finding has at least this severity."),
    ] = None,
    audit_only: AuditOnly = False,
    jobs: JobsCount = 2,
    scheduler: Scheduler = None,
    as_json: AsJson = False,
) -> None:
    """Say what would not survive a strict reviewer, from stored results; with --audit-only from tables and images."""
    from sgcore import workflow

    with reported(as_json), workflow.open_store(store) as opened, progress() as on_progress:
        if only and not complete:
            raise UsageError("--only names a job of --complete; give both.")
        loaded = workflow.import_study(study, opened, audit_only=audit_only, on_progress=on_progress)
        wanted = [] if audit_only else configs(recipe_name, preset)
        analyses = [workflow.stored_analysis(loaded, config, opened) for config in wanted]
        failed: list[str] = []
        if complete and audit_only:
            with _noting(failed):
                workflow.complete_study_audit(loaded, opened, kinds=only, on_progress=on_progress)
        elif complete:
            with Jobs(jobs, scheduler) as pool:
                for each in analyses:
                    with _noting(failed):
                        workflow.complete_audit(each, opened, kinds=only, jobs=pool, on_progress=on_progress)
        found = [finding for each in analyses for finding in workflow.findings(each)]
        if audit_only:
            found = workflow.study_findings(loaded, opened)
    if as_json:
        print_json({"study": loaded.name, "findings": found, "failed": failed})
    else:
        print_findings(found)
        for text in failed:
            errors.print(f"error: {text}", style="bold red")
    if failed:
        raise typer.Exit(IncompleteError.exit_code)
    ranks = {"note": 0, "warning": 1, "error": 2}
    if fail_on is not None and any(
        f["status"] == "finding" and ranks[f["severity"]] >= ranks[fail_on] for f in found
    ):
        raise typer.Exit(3)


@contextmanager
def _noting(failed: list[str]) -> Iterator[None]:
    """What could not be computed ends nothing else: the findings say what is there."""
    try:
        yield
    except IncompleteError as error:
        failed.append(str(error))


def export(
    study: StudyPath,
    folder: Annotated[Path, typer.Option("--output", "-o", help="Folder for the tables; made if missing.")],
    store: StorePath = None,
    recipe_name: RecipeName = "paper",
    preset: Preset = None,
) -> None:
    """Write every result table of an analysis as CSV, stamped with study, analysis and time."""
    from sgcore import workflow

    with reported(), workflow.open_store(store) as opened, progress() as on_progress:
        loaded = workflow.import_study(study, opened, on_progress=on_progress)
        for config in configs(recipe_name, preset):
            for path in workflow.export_tables(workflow.stored_analysis(loaded, config, opened), folder):
                output.print(str(path))


def configs(name: str, preset: str | None, networks: NetworkOptions | None = None) -> list[AnalysisConfig]:
    """Settings of one recipe or ``both`` under these options; without networks where none are asked for."""
    names: list[Recipe] = ["paper", "strict"] if name == "both" else [cast("Recipe", name)]
    changes = {} if preset is None else {"preset": preset}
    return [
        with_changes(recipe(each), deep=None if networks is None else networks.settings(each), **changes)
        for each in names
    ]


def _as_computed(
    study: Study, wanted: list[AnalysisConfig], preset: str | None, networks: NetworkOptions
) -> list[AnalysisConfig]:
    """Where no option names preset or networks, the settings of what came with the study."""
    from sgcore import workflow

    if study.results is None or preset is not None or networks != NetworkOptions():
        return wanted
    return [workflow.as_computed(study, each) for each in wanted]


def _summary(study: Study, analysis: Analysis) -> dict[str, Any]:
    """The summary, with how its predictions compare with those that came with the study."""
    from sgcore import workflow

    return {**workflow.summary(analysis), "reproduced": workflow.reproduced(study, analysis)}
