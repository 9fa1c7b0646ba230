"""The dashboard's server, run as a file by ``sgaudit app``; arguments are those of ``streamlit run``."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

from sgcore.workflow import begin_to_open

APP = Path(__file__).resolve().parents[2] / "app.py"


def main() -> None:
    # The first page needs the store and these, and waits for them less when they come in while the server starts.
    begin_to_open(partial(print, flush=True), partial(print, file=sys.stderr))
    for name in ("sgcore.workflow.analysis", "sgcore.plots"):
        Thread(target=import_module, args=(name,), daemon=True).start()
    # A folder named pages/ beside the entry makes the first visit of a fresh server start in Streamlit's old
    # page mode, which calls a deep link "Page not found" before app.py has named its pages.
    PagesManager.uses_pages_directory = False
    cli.main(["run", str(APP), *sys.argv[1:]])


if __name__ == "__main__":
    main()
