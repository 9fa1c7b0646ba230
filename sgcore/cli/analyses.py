"""Commands on analyses: run, analyze, audit, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from sgcore.cli.console import (
    AsJson,
    JobsCount,
    Scheduler,
    StorePath,
    StudyPath,
    errors,
    output,
    print_json,
    progress,
    reported,
    table,
)
from sgcore.cli.decisions import print_decision
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
from sgcore.config import AnalysisConfig, Recipe, recipe, with_changes
from sgcore.jobs import Jobs

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
                for config in wanted
            ]
            summaries = [workflow.summary(result) for result in results]
    _show(summaries, as_json)


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
            results = [workflow.analyze(loaded, config, opened, on_progress=on_progress) for config in wanted]
            for result in results:
                workflow.explain(result, opened, on_progress=on_progress)
            summaries = [workflow.summary(result) for result in results]
    _show(summaries, as_json)


def audit(
    study: StudyPath,
    store: StorePath = None,
    recipe_name: RecipeName = "paper",
    preset: Preset = None,
    fail_on: Annotated[
        Literal["error", "warning", "note"] | None,
        typer.Option(help="Exit 3 when a finding has at least this severity."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what would not survive a strict reviewer, from stored results."""
    from sgcore import workflow

    with reported(as_json), workflow.open_store(store) as opened, progress() as on_progress:
        loaded = workflow.import_study(study, opened, on_progress=on_progress)
        found = [
            finding
            for config in configs(recipe_name, preset)
            for finding in workflow.findings(workflow.stored_analysis(loaded, config, opened))
        ]
    if as_json:
        print_json({"study": loaded.name, "findings": found})
    else:
        _print_findings(found)
    ranks = {"note": 0, "warning": 1, "error": 2}
    if fail_on is not None and any(
        f["status"] == "finding" and ranks[f["severity"]] >= ranks[fail_on] for f in found
    ):
        raise typer.Exit(3)


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


def _show(summaries: list[dict[str, Any]], as_json: bool) -> None:
    first, *others = summaries
    if as_json:
        # One object on standard output: the first recipe's, with the other's beside it.
        print_json({**first, "other_recipes": others} if others else first)
        return
    for summary in summaries:
        _print_summary(summary)


def _print_summary(summary: dict[str, Any]) -> None:
    output.print(f"\n{summary['study']}: {summary['recipe']} recipe, analysis {summary['analysis']}")
    for row in summary["selection"]:
        pruned = "" if row["correlation"] is None else f"{row['correlation']} after correlation, "
        output.print(
            f"{row['family']}: {row['features']} features, {row['univariate']} after the univariate tests, "
            f"{pruned}{len(row['selected'])} selected"
        )
    columns = ("family", "picked", "subset", "patients", "images", f"AUC (95% CI), by {summary['unit']}")
    # A model is judged by its training folds, never by the scores of those it was fitted on.
    held_out = [row for row in summary["models"] if row["subset"] != "train"]
    folds = [{**row, "subset": "training folds"} for row in summary["training_folds"]]
    output.print(table(columns, map(_cells, filter(_is_headline, [*folds, *held_out]))))
    print_decision(summary["decision"], summary["unit"])
    for row in summary["unavailable"]:
        output.print(f"{row['family']}: {row['reason']}")
    for note in summary["notes"]:
        errors.print(f"note: {note}")
    _print_findings(summary["findings"])


def _is_headline(row: dict[str, Any]) -> bool:
    return row["picked"] and row["center"] is None


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    value = row["reason"]
    if row["auc"] is not None:
        value = f"{row['auc']:.3f} ({row['ci_low']:.3f} to {row['ci_high']:.3f})"
    counts = (str(row["n_patients"]), str(row["n_images"]))
    return (row["family"], row["classifier"], row["subset"], *counts, value)


def _print_findings(findings: list[dict[str, Any]]) -> None:
    for finding in findings:
        output.print(f"{finding['code']} {finding['status']} ({finding['severity']}): {finding['message']}")
