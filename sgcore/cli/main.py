"""The command's root: every module of commands registers here."""

from __future__ import annotations

from importlib import metadata
from typing import Annotated

import typer

from sgcore.cli import (
    analyses,
    dashboard,
    demo,
    networks,
    packing,
    predictions,
    published,
    report,
    resampling,
    stores,
    studies,
)

app = typer.Typer(
    name="sgaudit",
    help="Review radiomics and deep-learning diagnostic models, center by center. Research use only.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
studies.register(app)
networks.register(app)
analyses.register(app)
predictions.register(app)
published.register(app)
resampling.register(app)
report.register(app)
packing.register(app)
demo.register(app)
dashboard.register(app)
app.add_typer(stores.app, name="store")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(metadata.version("sgaudit"))
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Review radiomics and deep-learning diagnostic models, center by center. Research use only."""


def main() -> None:
    app()
