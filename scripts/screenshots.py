"""Pictures of the demo study's pages for README and docs: ``python scripts/screenshots.py docs/images [PAGE ...]``."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from sgcore.ui.navigation import ENTRIES

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
#: Height of the window in pixels; of pages whose answer stands lower, more.
HEIGHT = 900
HIGHER = {"gallery": 1000, "case": 1250}
#: Pages that have a picture in the dark theme, too.
DARK = ("overview", "families")
#: The largest picture in bytes.
LARGEST = 200_000
_DRAWN = """[...document.querySelectorAll('[data-testid=stPlotlyChart]')]
      .every(chart => chart.querySelector('.main-svg'))
    && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton]')"""


def main(folder: Path, only: list[str]) -> None:
    """Serve the demo study from a store of its own and photograph its pages, all or ``only`` some."""
    pages = {entry.path.partition("-")[2]: entry.path for entry in ENTRIES}
    unknown = sorted(set(only) - set(pages))
    if unknown:
        sys.exit(f"no page {', '.join(unknown)}; there are {', '.join(pages)}")
    folder.mkdir(parents=True, exist_ok=True)
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
            for name in only or pages:
                address = f"http://127.0.0.1:{port}/{pages[name]}"
                height = HIGHER.get(name, HEIGHT)
                _photograph(browser, address, folder / f"{name}.png", height, "light")
                if name in DARK:
                    _photograph(browser, address, folder / f"{name}-dark.png", height, "dark")
        finally:
            server.terminate()
            server.wait(30)
            browser.close()


def _photograph(browser: Browser, address: str, path: Path, height: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": height}, color_scheme=scheme)
    page.goto(address)
    failed = page.get_by_test_id("stException")
    page.get_by_text("Research use only").or_(failed).first.wait_for(timeout=180_000)
    if failed.count():
        sys.exit(f"{address} shows an error; run `sgaudit app` and open it to read which")
    page.get_by_text("Audit: running").wait_for(state="hidden", timeout=180_000)
    page.wait_for_function(_DRAWN, timeout=180_000)
    # Lines of a figure fade in.
    page.wait_for_timeout(1500)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    page.close()
    # A palette of the colors, rare ones too, is a third of the size.
    picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    size = path.stat().st_size
    print(f"{path} {size // 1000} kB")
    if size > LARGEST:
        sys.exit(f"{path} has {size} bytes, more than {LARGEST}: give the page a lower window in HIGHER")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
