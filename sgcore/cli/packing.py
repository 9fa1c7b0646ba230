"""``sgaudit pack``: the computed results of a study as a folder that travels with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgcore.cli.analyses import Preset, RecipeName, configs
from sgcore.cli.console import StorePath, StudyPath, output, progress, reported


def register(app: typer.Typer) -> None:
    app.command()(pack)


def pack(
    study: StudyPath,
    folder: Annotated[Path, typer.Option("--output", "-o", help="A new folder, best below the study file.")],
    store: StorePath = None,
    recipe_name: RecipeName = "both",
    preset: Preset = None,
) -> None:
    """Write features, networks and predictions of a study's analyses into a folder that travels with the study."""
    from sgcore import workflow

    with reported(), workflow.open_store(store) as opened, progress() as on_progress:
        loaded = workflow.import_study(study, opened, on_progress=on_progress)
        analyses = [workflow.stored_analysis(loaded, each, opened) for each in configs(recipe_name, preset)]
        manifest = workflow.pack(loaded, analyses, opened, folder)
        output.print(f'{manifest}\nName it in the study file, relative to it: [results] manifest = "..."')
