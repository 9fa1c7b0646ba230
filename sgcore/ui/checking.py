"""The import page's first half: naming a study, checking it in the background, its problems and fixes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.cohort import ValidationReport
from sgcore.domain import Problem
from sgcore.plots import words
from sgcore.ui import store, watching
from sgcore.ui.charts import download
from sgcore.ui.tables import table
from sgcore.ui.text import plain, small
from sgcore.ui.upload import unpack
from sgcore.ui.view import View

#: What the part of a page is called.
PART = "A study"
_CHECKED = "checked_study"


def sentence() -> str:
    """Where the import stands, in words."""
    if watching.busy():
        return "Work is running; what is finished stays stored."
    found = checked()
    if found is not None:
        counts = found[1].counts
        if counts["errors"]:
            errors = words.count(counts["errors"], "error")
            return f"This study cannot be imported yet: {errors} to mend, listed below."
        return (
            f"This study can be imported: {words.count(counts['patients'], 'patient')}, "
            f"{words.count(counts['images'], 'image')}, {words.count(counts['warnings'], 'warning')}."
        )
    known = len(store.studies())
    return (
        f"{words.count(known, 'study', 'studies')} stored. Name another study file to check it."
        if known
        else "No study is stored yet. Name a study file, and every problem in it is listed with its fix."
    )


def source() -> None:
    """A path, or a zip of the study's folder; checking it reads every image once, in the background."""
    left, right = st.columns(2, gap="large")
    with left, st.form("import_path", border=False):
        path = st.text_input(
            "Path of the study file",
            placeholder="/data/my-study/study.toml",
            help="A study.toml on this machine.",
        ).strip()
        if st.form_submit_button("Check", type="primary"):
            if path:
                _check_path(Path(path).expanduser())
            else:
                st.warning("Name the study file first.")
    with right:
        upload = st.file_uploader("Or a zip of the study's folder", type="zip")
        if upload is not None and st.button("Unpack and check"):
            _check_upload(upload)


def _check_path(path: Path) -> None:
    def work(on_progress: Any, cancel: Any) -> tuple[Path, ValidationReport]:
        return path, workflow.validate_study(path, on_progress=on_progress, cancel=cancel)

    watching.begin(f"The check of {path.parent.name}/{path.name}", work, "check")


def _check_upload(upload: IO[bytes]) -> None:
    folder = store.store().path.parent / "uploads"

    def work(on_progress: Any, cancel: Any) -> tuple[Path, ValidationReport]:
        path = unpack(upload, folder, on_progress=on_progress, cancel=cancel)
        return path, workflow.validate_study(path, on_progress=on_progress, cancel=cancel)

    watching.begin("The check of the uploaded study", work, "check")


def outcome() -> None:
    """Take the report of a check that has ended, or say why there is none."""
    job = watching.news("check")
    # Work that another tab began is taken only by a tab that has nothing: no report changes under a reader.
    if job is None or not (watching.own(job) or checked() is None):
        return
    if job.state == "done":
        st.session_state[_CHECKED] = job.result
        watching.told(job)
    else:
        watching.failure(job)


def checked() -> tuple[Path, ValidationReport] | None:
    """The study file that this tab has checked, with the report; its study, once read, goes to the run."""
    return st.session_state.get(_CHECKED)


def forget() -> None:
    st.session_state.pop(_CHECKED, None)


def problems() -> None:
    """Problems by file, each with its place, value and fix."""
    found = checked()
    if found is None:
        return
    path, report = found
    st.header(f"Checked: {plain(path.parent.name)}/{plain(path.name)}", anchor=False)
    if not report.problems:
        st.write("No problems found.")
        return
    problem_list(report.problems, report.total)


def problem_list(found: Sequence[Problem], total: int) -> None:
    """Problems by file, each with its place, value and fix; ``total`` there are, of which some are listed."""
    frame = pd.DataFrame([problem.as_dict() for problem in found])
    for file, rows in frame.groupby("file", sort=False):
        st.markdown(f"**{plain(file)}** · {words.count(len(rows), 'problem')}")
        shown = rows[["severity", "row", "column", "value", "rule", "fix"]].rename(columns=str.capitalize)
        shown["Row"] = shown["Row"].astype("Int64")
        table(shown, key=f"problems_{file}")
    if total > len(found):
        small(f"The first {len(found)} of {total} problems are shown.")
    # Stamped with no study: the one that was checked is not the one that the sidebar shows.
    download(frame, View(None, None, None, "patient"), "problems")
