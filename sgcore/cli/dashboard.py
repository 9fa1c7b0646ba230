"""``sgaudit app``: start the dashboard as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from sgcore.cli.analyses import run
from sgcore.cli.console import StorePath, output, reported
from sgcore.errors import UsageError


def register(app: typer.Typer) -> None:
    app.command("app")(start)


def start(
    study: Annotated[
        Path | None, typer.Option(help="A study file to import and run (without networks) first.")
    ] = None,
    store: StorePath = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")] = 8501,
) -> None:
    """Open the dashboard in the browser; it listens on 127.0.0.1 alone."""
    if study is not None:
        run(study, store=store, no_deep=True)
    script = Path(__file__).resolve().parents[2] / "app.py"
    with reported():
        if not script.is_file():
            raise UsageError(
                f"{script} is missing: sgaudit runs from its checkout. Clone it and use `make app` there."
            )
        environment = dict(os.environ)
        if store is not None:
            environment["SGAUDIT_STORE"] = str(store.expanduser().absolute())
        output.print(f"The dashboard is at http://127.0.0.1:{port} (Ctrl+C ends it).")
        command = [sys.executable, "-m", "sgcore.ui", "--server.port", str(port)]
        try:
            code = subprocess.run(command, cwd=script.parent, env=environment, check=False).returncode
        except KeyboardInterrupt:
            code = 0
        if code:
            raise UsageError(
                f"The dashboard ended with code {code}. If port {port} is in use, choose another with --port."
            )
