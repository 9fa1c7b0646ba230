"""Pictures of the demo study's pages for the README and the docs: ``python scripts/screenshots.py docs/images``."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
#: Name of the picture, page, and the height of the window in pixels.
PICTURES = {
    "overview": ("study-overview", 900),
    "gallery": ("cases-gallery", 1000),
    "case": ("cases-case", 1250),
}


def main(folder: Path) -> None:
    """Serve the demo study from a store of its own and photograph it."""
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        command = [str(Path(sys.executable).with_name("sgaudit")), "app", "--port", port]
        environment = {**os.environ, "SGAUDIT_STORE": str(Path(work) / "store.duckdb")}
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            next(line for line in server.stdout if line.startswith("The dashboard is at"))
            for name, (path, height) in PICTURES.items():
                page = browser.new_page(viewport={"width": 1280, "height": height}, color_scheme="light")
                _photograph(page, f"http://127.0.0.1:{port}/{path}", folder / f"{name}.png")
        finally:
            server.terminate()
            server.wait(30)
            browser.close()


def _photograph(page: Page, address: str, path: Path) -> None:
    page.goto(address)
    page.wait_for_selector("[data-testid=stMain] h1", timeout=120_000)
    page.wait_for_selector("[data-testid=stStatusWidget]", state="detached", timeout=120_000)
    # Figures draw themselves after the page has settled.
    page.wait_for_timeout(3000)
    page.screenshot(path=path)
    page.close()
    print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
