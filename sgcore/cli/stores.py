"""``sgaudit store``: what is in it, a Parquet export of everything, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgcore.cli.console import AsJson, StorePath, output, print_json, reported

app = typer.Typer(help="Look into the store, export it as Parquet, restore it.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="The folder of the export.")]


@app.command()
def info(store: StorePath = None, as_json: AsJson = False) -> None:
    """List the studies and analyses in the store."""
    from sgcore import workflow

    with reported(as_json), workflow.open_store(store) as opened:
        studies = workflow.list_studies(opened).astype({"imported_at": str}).to_dict("records")
        rows = workflow.list_analyses(opened).drop(columns=["config", "versions"])
        analyses = rows.astype({"created_at": str}).to_dict("records")
        path = str(opened.path)
    if as_json:
        print_json({"store": path, "studies": studies, "analyses": analyses})
        return
    output.print(path)
    for study in studies:
        output.print(
            f"{study['study_id']}  {study['name']}: {study['patients']} patients, {study['images']} images"
        )
        for analysis in analyses:
            if analysis["study_id"] == study["study_id"]:
                output.print(f"  {analysis['analysis_id']}  {analysis['name']}, {analysis['created_at']}")


@app.command()
def export(folder: Folder, store: StorePath = None) -> None:
    """Write every table of the store as a Parquet file."""
    from sgcore import workflow

    with reported(), workflow.open_store(store) as opened:
        for path in opened.export(folder):
            output.print(str(path))


@app.command()
def restore(folder: Folder, store: StorePath = None) -> None:
    """Fill a new, empty store from an export."""
    from sgcore import workflow

    with reported(), workflow.open_store(store) as opened:
        rows = opened.restore(folder)
        output.print(f"{rows} rows restored into {opened.path}.")
