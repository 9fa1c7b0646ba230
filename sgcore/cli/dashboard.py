"""``sgaudit app``: serve the dashboard from a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Annotated

import typer

from sgcore.cli.analyses import run
from sgcore.cli.console import StorePath, output, reported
from sgcore.errors import SgauditError, UsageError

_SCRIPT = Path(__file__).resolve().parents[2] / "app.py"
#: Run as a file: to import its package would run Streamlit's caches before there is a server for them.
_SERVER = Path(__file__).resolve().parents[1] / "ui" / "__main__.py"
_HOST = "127.0.0.1"
#: How long the server may take to answer, and to end once it is asked to, in seconds.
_START_SECONDS = 120
_END_SECONDS = 10


def register(app: typer.Typer) -> None:
    app.command("app")(start)


def start(
    study: Annotated[
        Path | None, typer.Option(help="A study file to import and run (without networks) first.")
    ] = None,
    store: StorePath = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")] = 8501,
) -> None:
    """Serve the dashboard on 127.0.0.1 alone and say where to look; Ctrl+C ends it.

    A store without a study gets the demo study.
    """
    from sgcore.store import default_path

    with reported():
        if not _SCRIPT.is_file():
            raise UsageError(
                f"{_SCRIPT} is missing: sgaudit runs from its checkout. Clone it and use `make app` there."
            )
        _check_free(port)
    # The server works in the checkout, where a relative path would name another file.
    path = (store or default_path()).expanduser().absolute()
    if study is not None:
        run(study, store=path, no_deep=True)
    with reported():
        _serve(port, path)


def _serve(port: int, store: Path) -> None:
    # Without the folder of the file on the path: its modules have names that others have, too.
    command = [sys.executable, "-P", str(_SERVER), "--server.port", str(port)]
    environment = {**os.environ, "SGAUDIT_STORE": str(store)}
    # Being asked to end is as good as Ctrl+C: the server must not outlive this command.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = subprocess.Popen(command, cwd=_SCRIPT.parent, env=environment)
    try:
        _await(server, f"http://{_HOST}:{port}/_stcore/health")
        output.print(f"The dashboard is at http://{_HOST}:{port} (Ctrl+C ends it). Its store is {store}.")
        if server.wait():
            raise SgauditError(_ended(server))
    except KeyboardInterrupt:
        output.print("The dashboard has ended.")
    finally:
        _end(server)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        # As the server does: a port that a server has just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise UsageError(
                f"Port {port} of {_HOST} cannot be used ({error.strerror}). Another dashboard may be running; "
                "close it, or choose another port with --port."
            ) from error


def _await(server: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SgauditError(_ended(server))
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise SgauditError(f"The dashboard did not answer at {address} within {_START_SECONDS} s.")


def _ended(server: subprocess.Popen[bytes]) -> str:
    return f"The dashboard's server ended with code {server.returncode}; its own words are above."


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
