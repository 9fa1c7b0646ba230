"""From `make app` on a warm install and an empty store to the first chart of the demo's overview in Chromium.

Beside it the floor on the same machine: a Streamlit script of three lines that draws one Plotly chart.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
LIMIT = 10.0
#: A mark of a scatter plot, which both charts are.
MARK = ".js-plotly-plot .scatterlayer .point"
#: What `make app` runs once everything is installed, at a port of its own.
APP = "make setup && .venv/bin/sgaudit app --port {port}"
FLOOR = ".venv/bin/streamlit run {folder}/floor.py --server.headless true --server.port {port}"
FLOOR_SCRIPT = (
    "import pandas, plotly.express, streamlit\nframe = pandas.DataFrame({'x': [1, 2], 'y': [1, 2]})\n"
)
FLOOR_SCRIPT += "streamlit.plotly_chart(plotly.express.scatter(frame, 'x', 'y'))\n"


def main() -> int:
    """Print the seconds to each step; 1 where the whole takes longer than the limit or the log has an error."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        print("Chromium is not installed (`make browser` installs Debian's).")
        return 2
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "floor.py").write_text(FLOOR_SCRIPT)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        floor, _ = _timed(folder, browser, FLOOR)
        seconds, log = _timed(folder, browser, APP)
        browser.close()
    for step, value in seconds.items():
        print(
            f"{step}: {value:.1f} s ({value / floor[step]:.1f} times the {floor[step]:.1f} s of a bare chart)"
        )
    errors = [line for line in log.splitlines() if "error" in line.lower() or "warning" in line.lower()]
    print(f"lines of the log with an error or a warning: {len(errors)}")
    print(*errors, sep="\n")
    return int(bool(errors) or seconds["first chart"] > LIMIT)


def _timed(folder: Path, browser, command: str) -> tuple[dict[str, float], str]:
    port = _free_port()
    environment = {**os.environ, "SGAUDIT_STORE": str(folder / "store.duckdb")}
    path = folder / "log"
    # A context of its own: nothing is in the cache.
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    began = time.monotonic()
    with path.open("w") as log:
        command = command.format(port=port, folder=folder)
        process = subprocess.Popen(
            ["bash", "-c", command], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            seconds = {}
            while not _answers(port):
                if process.poll() is not None:
                    raise RuntimeError(path.read_text())
                time.sleep(0.05)
            seconds["server answers"] = time.monotonic() - began
            page.goto(f"http://127.0.0.1:{port}")
            page.wait_for_selector(MARK, timeout=120_000)
            seconds["first chart"] = time.monotonic() - began
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)
    return seconds, path.read_text()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
