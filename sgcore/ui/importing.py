"""The import page's parts: choosing a study, its problems with their fixes, and the running work."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.cohort import ValidationReport, validate_study
from sgcore.config import Recipe, recipe
from sgcore.errors import SgauditError
from sgcore.jobs import Jobs
from sgcore.plots import words
from sgcore.ui import state, store
from sgcore.ui.background import BackgroundJob, desk
from sgcore.ui.navigation import link, pages
from sgcore.ui.tables import table
from sgcore.ui.text import plain
from sgcore.ui.upload import unpack

_SOURCE = "import_source"


def sentence() -> str:
    """Where the import stands, in words."""
    job = desk().job
    if job is not None and job.state == "running":
        return f"{job.title} is running; what is finished stays stored."
    report = _report()
    if report is not None:
        errors, warnings = report.counts["errors"], report.counts["warnings"]
        if errors:
            return f"This study cannot be imported yet: {words.count(errors, 'error')} to mend, listed below."
        return (
            f"This study can be imported: {words.count(report.counts['patients'], 'patient')}, "
            f"{words.count(report.counts['images'], 'image')}, {words.count(warnings, 'warning')}."
        )
    known = len(store.studies())
    return (
        f"{words.count(known, 'study', 'studies')} stored. Name another study file to check it."
        if known
        else "No study is stored yet. Name a study file, and every problem in it is listed with its fix."
    )


def source() -> None:
    """A path, or a zip of the study's folder; checking it lists every problem."""
    left, right = st.columns(2, gap="large")
    with left, st.form("import_path", border=False):
        path = st.text_input(
            "Path of the study file",
            placeholder="/data/my-study/study.toml",
            help="A study.toml on this machine.",
        )
        if st.form_submit_button("Check", type="primary"):
            _check(Path(path.strip()).expanduser() if path.strip() else None)
    with right:
        upload = st.file_uploader("Or a zip of the study's folder", type="zip")
        if upload is not None and st.button("Unpack and check"):
            try:
                _check(unpack(upload, store.store().path.parent / "uploads"))
            except SgauditError as error:
                st.error(plain(error))


def _check(path: Path | None) -> None:
    if path is None:
        st.warning("Name the study file first.")
        return
    with st.spinner("Reading tables and images …"):
        st.session_state[_SOURCE] = (path, validate_study(path))
    st.rerun()


def _report() -> ValidationReport | None:
    found = st.session_state.get(_SOURCE)
    return None if found is None else found[1]


def problems() -> None:
    """Problems by file, each with its place, value and fix."""
    report = _report()
    if report is None:
        return
    path = st.session_state[_SOURCE][0]
    st.subheader(f"Checked: {plain(path.parent.name)}/{plain(path.name)}", anchor=False)
    if not report.problems:
        st.write("No problems found.")
    frame = pd.DataFrame([problem.as_dict() for problem in report.problems])
    for file, rows in frame.groupby("file", sort=False) if len(frame) else ():
        st.markdown(f"**{plain(file)}** · {words.count(len(rows), 'problem')}")
        shown = rows[["severity", "row", "column", "value", "rule", "fix"]].rename(columns=str.capitalize)
        shown["Row"] = shown["Row"].astype("Int64")
        table(shown, key=f"problems_{file}")
    if report.total > len(report.problems):
        st.caption(f"The first {len(report.problems)} of {report.total} problems are shown.")
    if report.study is not None:
        _begin(path)


def _begin(path: Path) -> None:
    """Settings of the run, and its start."""
    with st.form("import_run"):
        first, second = st.columns(2)
        name = first.selectbox(
            "Recipe",
            ["paper", "strict"],
            format_func=lambda name: {"paper": "Paper: as the reference study did", "strict": "Strict"}[name],
            help="Paper: PyRadiomics preset paper-1288. Strict: preset planar-2d, fragile features left out.",
        )
        jobs = int(second.number_input("Parallel processes", 0, 64, 2, help="0 computes in the app itself."))
        if st.form_submit_button("Import and compute", type="primary", disabled=desk().busy):
            start(path, cast(Recipe, name), jobs)
            st.session_state.pop(_SOURCE, None)
            st.rerun()


def start(path: Path, name: Recipe, jobs: int) -> BackgroundJob:
    """Import a study and compute a recipe in the background; returns at once."""
    target = store.store()

    def work(on_progress: Any, cancel: Any) -> tuple[str, str]:
        study = workflow.import_study(path, target)
        with Jobs(workers=jobs) as pool:
            made = workflow.run(
                study, recipe(name), target, jobs=pool, on_progress=on_progress, cancel=cancel
            )
        return made.study_id, made.id

    return desk().begin(f"The import of {path.parent.name}", work)


@st.fragment(run_every=1.0)
def watch() -> None:
    """Progress of each step with the time left, while a job runs."""
    job = desk().job
    if job is None:
        return
    if job.state != "running":
        st.rerun()
    with st.container(border=True):
        for stage, step in list(job.steps.items()):
            share = step.done / step.total if step.total else 1.0
            left = "done" if step.done >= step.total else words.duration(step.seconds_left)
            st.progress(min(1.0, share), text=f"{plain(stage)}: {step.done:,} of {step.total:,} · {left}")
        if not job.steps:
            st.progress(0.0, text="Reading tables and images …")
        if job.message:
            st.caption(plain(job.message))
        st.button("Cancel", on_click=job.cancel, key="cancel_job")


def outcome() -> None:
    """What became of the last job, with the way on."""
    job = desk().job
    if job is None:
        return
    if job.state == "running":
        watch()
    elif job.state == "done":
        study_id, analysis_id = job.result
        st.success(f"{plain(job.title)} is finished.")
        if st.button("Open its overview", type="primary"):
            state.put("study", study_id)
            state.put("analysis", analysis_id)
            st.switch_page(pages()["study-overview"])
    else:
        (st.info if job.state == "cancelled" else st.error)(plain(job.message))


def stored() -> None:
    """Studies that are in the store."""
    frame = store.studies()
    if frame.empty:
        return
    st.subheader("Stored studies", anchor=False)
    shown = frame[["name", "patients", "images", "imported_at"]].rename(
        columns={"name": "Study", "patients": "Patients", "images": "Images", "imported_at": "Imported"}
    )
    table(shown, key="stored_studies")
    link("study-overview", "Overview of the chosen study")
