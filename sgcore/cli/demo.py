"""``sgaudit demo``: the synthetic study into the store, its parts made anew, copies of it with planted faults."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sgcore.cli.console import JobsCount, Scheduler, StorePath, output, print_table, progress, reported
from sgcore.cli.networks import DeviceName
from sgcore.config.demo import DEMO_PARTS, DemoPart
from sgcore.errors import UsageError
from sgcore.jobs import Jobs


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    store: StorePath = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the demo's files in the checkout anew.")
    ] = False,
    parts: Annotated[
        list[str] | None,
        typer.Option(
            "--part",
            metavar="|".join(DEMO_PARTS),
            help="With --rebuild: this part and the analyses (default: all).",
        ),
    ] = None,
    faults: Annotated[
        Path | None,
        typer.Option(
            "--with-faults",
            metavar="FOLDER",
            help="Store nothing; make copies with a planted fault each in a new folder.",
        ),
    ] = None,
    device: DeviceName = "auto",
    jobs: JobsCount = 2,
    scheduler: Scheduler = None,
) -> None:
    """Store the demo study: synthetic ultrasound images of four centers with everything that was computed of them."""
    from sgcore import workflow

    with reported():
        if faults is not None:
            if rebuild or parts:
                raise UsageError(
                    "--with-faults makes copies in a folder of their own, without --rebuild or --part."
                )
            _plant(faults)
            return
        if rebuild:
            _rebuild(store, _known(parts or DEMO_PARTS), device, jobs, scheduler)
            return
        if parts:
            raise UsageError("--part says what --rebuild makes anew. Give both, or neither.")
        with workflow.open_store(store) as opened, progress() as on_progress:
            study = workflow.load_demo(opened, on_progress=on_progress)
            output.print(f"{study.name} is in {opened.path}. Look at it with `sgaudit app`.")


def _known(names: Sequence[str]) -> list[DemoPart]:
    for name in names:
        if name not in DEMO_PARTS:
            raise UsageError(f"The demo study has no part {name!r}; there are {', '.join(DEMO_PARTS)}.")
    return [part for part in DEMO_PARTS if part in names]


def _rebuild(
    store: Path | None, parts: list[DemoPart], device: DeviceName, jobs: int, scheduler: str | None
) -> None:
    """Work in a store of its own, which is removed once the files are there: an interrupted rebuild goes on."""
    from sgcore import workflow

    folder = workflow.demo_folder()
    work = store or folder.parents[1] / "build" / "demo.duckdb"
    with workflow.open_store(work) as opened, progress() as on_progress, Jobs(jobs, scheduler) as pool:
        workflow.rebuild_demo(folder, opened, parts, jobs=pool, device=device, on_progress=on_progress)
    if store is None:
        work.unlink()
        shutil.rmtree(work.with_name(f"{work.stem}.networks"), ignore_errors=True)
    output.print(f"{', '.join(parts)}: made anew in {folder}.")


def _plant(folder: Path) -> None:
    from sgcore import workflow

    with progress() as on_progress:
        planted = workflow.plant_faults(folder, on_progress=on_progress)
    rows = [
        (study.fault.code or "", study.fault.name, study.fault.text, str(study.path.parent))
        for study in planted
    ]
    print_table(["code", "fault", "what was planted", "folder"], rows)
