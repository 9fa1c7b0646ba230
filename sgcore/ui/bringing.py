"""The import page's part for models made elsewhere: a file, what its columns are, its problems, what is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from sgcore import workflow
from sgcore.cohort import PredictionColumns, PredictionsError, Roles, look_at_predictions
from sgcore.domain import Problem, Study
from sgcore.plots import words
from sgcore.ui import brought, brought_answers, checking, state, store, tables, watching
from sgcore.ui.bringing_roles import pick_roles
from sgcore.ui.navigation import link
from sgcore.ui.text import plain, small
from sgcore.ui.uploaded_table import discard, keep
from sgcore.ui.view import View

if TYPE_CHECKING:
    from sgcore.workflow import BroughtModels

_STATE = "brought_file"


@dataclass(frozen=True)
class Brought:
    """Where a file of this tab stands: its columns once read, its problems, and what was stored of it.

    ``uploaded``: ``path`` is a copy, which goes once the store holds its content or nobody looks at it.
    """

    path: Path
    columns: PredictionColumns | None = None
    problems: tuple[Problem, ...] = ()
    total: int = 0
    stored: BroughtModels | None = None
    uploaded: bool = False

    def drop(self) -> None:
        if self.uploaded:
            discard(self.path)


def sentence() -> str:
    """Where the import of a table of predictions stands, in words."""
    if watching.busy():
        return "Work is running; what is finished stays stored."
    now = _current()
    if now is None:
        return "Name a table of scores: one row a case, one column a model, and the label of each case."
    if now.stored is not None:
        again = "is stored" if now.stored.new else "was stored before, in the same roles"
        models = words.count(len(now.stored.models), "model")
        return f"{now.path.name} {again}: {models}, {brought_answers.matched(now.stored)}."
    if now.problems:
        errors = words.count(now.total, "problem")
        return f"{now.path.name} cannot be stored yet: {errors} to mend, listed below."
    assert now.columns is not None
    return (
        f"{now.path.name} has {words.count(len(now.columns.names), 'column')} and "
        f"{words.count(now.columns.n_rows, 'row')}. Say what each column is; then it is checked."
    )


def source(view: View) -> None:
    """A path or an upload; its columns are read in the background."""
    left, right = st.columns(2, gap="large")
    with left, st.form("brought_path", border=False):
        path = st.text_input(
            "Path of the table", placeholder="/data/scores.csv", help="A CSV file on this machine."
        ).strip()
        if st.form_submit_button("Read its columns", type="primary"):
            if path:
                _read(Path(path).name, view, lambda: Path(path).expanduser())
            else:
                st.warning("Name the table first.")
    with right:
        upload = st.file_uploader("Or the table itself", type=["csv", "tsv", "txt"])
        if upload is not None and st.button("Take it and read its columns"):
            folder = store.store().path.parent / "uploads"
            _read(upload.name, view, lambda: keep(upload, upload.name, folder), uploaded=True)


def _read(name: str, view: View, find: Callable[[], Path], *, uploaded: bool = False) -> None:
    study = view.study if view.study_id else None

    def work(on_progress: Any, cancel: Any) -> Brought:
        file = Brought(find(), uploaded=uploaded)
        try:
            return replace(file, columns=look_at_predictions(file.path, study))
        except PredictionsError as error:
            file.drop()  # nothing can be done with it here
            return replace(file, problems=tuple(error.problems), total=error.total)
        except BaseException:
            file.drop()
            raise

    watching.begin(f"Reading {name}", work, "columns")


def outcome() -> None:
    """Take what became of reading or storing, or say why nothing did."""
    for job in (watching.news("columns"), watching.news("predictions")):
        if job is None or not watching.own(job):
            continue
        if job.state == "done":
            before = _current()
            if before is not None and before.path != job.result.path:
                before.drop()
            st.session_state[_STATE] = job.result
            watching.told(job)
            if job.result.stored is not None and job.result.stored.study_id is None:
                state.put("brought", job.result.stored.file_id)
        else:
            watching.failure(job)


def roles(view: View) -> None:
    """What each column is, proposed from the file, and the check that stores it."""
    now = _current()
    if now is None or now.columns is None or watching.busy():
        return
    found = now.columns
    st.header(f"Columns of {plain(found.file)}", anchor=False)
    study = _pick_study(view, found)
    picked = pick_roles(found, study)
    missing = [name for name, there in (("the label", picked.label), ("its positive value", picked.positive),
               ("at least one column of scores", picked.scores)) if not there]  # fmt: skip
    if missing:
        small(f"Still to choose: {words.join(missing)}.")
    if st.button("Check and store", type="primary", disabled=bool(missing)):
        _store(now, study, picked)


def _pick_study(view: View, found: PredictionColumns) -> Study | None:
    if not view.study_id:
        return None
    name = view.study.name
    mine = st.radio(
        "Compare with",
        [True, False],
        format_func=lambda yes: f"Families of {plain(name)}" if yes else "Nothing: by itself",
        horizontal=True,
        key=f"brought_study_{found.digest[:12]}",
        help="With a study, its labels, patients and centers are checked against the file.",
    )
    return view.study if mine else None


def _store(now: Brought, study: Study | None, picked: Roles) -> None:
    target = store.store()

    def work(on_progress: Any, cancel: Any) -> Brought:
        try:
            made = workflow.import_predictions(
                now.path, target, study, picked, on_progress=on_progress, cancel=cancel
            )
        except PredictionsError as error:
            return replace(now, problems=tuple(error.problems), total=error.total)
        now.drop()
        return replace(now, columns=None, problems=(), stored=made)

    watching.begin(f"The import of {now.path.name}", work, "predictions")


def problems() -> None:
    """What stops the import, and what was noticed in a file that is stored."""
    now = _current()
    if now is None:
        return
    if now.problems:
        st.header("To mend", anchor=False)
        checking.problem_list(now.problems, now.total)
    elif now.stored is not None:
        if now.stored.warnings:
            st.header("Notes", anchor=False)
            brought.notes(now.stored)
        if now.stored.study_id is not None:
            beside = {"families_part": brought.PART, "brought": now.stored.file_id}
            link("evidence-families", "Beside the study's families", **beside)


def stored() -> None:
    """Tables that are in the store, whichever study they belong to."""
    files = workflow.every_brought_file(store.store())
    if files.empty:
        return
    known = store.studies()
    names = dict(zip(known["study_id"], known["name"], strict=True))
    st.header("Stored tables of models made elsewhere", anchor=False)
    shown = files.assign(study=[names.get(key, "none: compared by itself") for key in files["study_id"]])
    shown = shown[["name", "study", "models", "cases", "imported_at"]]
    heads = {"name": "File", "imported_at": "Imported"}
    tables.table(
        shown.rename(columns=heads).rename(columns=lambda name: name[:1].upper() + name[1:]),
        key="stored_brought",
    )


def _current() -> Brought | None:
    return st.session_state.get(_STATE)
