"""The import page's second half: settings of the run, what became of it, and what is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import streamlit as st

from sgcore import workflow
from sgcore.config import Recipe
from sgcore.domain import Study
from sgcore.errors import IncompleteError, SgauditError, UsageError
from sgcore.jobs import Jobs
from sgcore.plots import words
from sgcore.ui import checking, network_settings, state, store, tables, watching
from sgcore.ui.navigation import link, page
from sgcore.ui.network_settings import NetworkSettings
from sgcore.ui.text import plain

_RECIPES = {"paper": "Paper: as the reference study did", "strict": "Strict"}


def begin() -> None:
    """Settings of the run, and its start, for a study without errors."""
    found = checking.checked()
    if found is None or found[1].study is None:
        return
    study = found[1].study
    with st.form("import_run"):
        first, second = st.columns(2)
        name = first.selectbox(
            "Recipe",
            list(_RECIPES),
            format_func=_RECIPES.__getitem__,
            help="Paper: PyRadiomics preset paper-1288. Strict: preset planar-2d, fragile features left out.",
        )
        networks = network_settings.choose(study)
        jobs = int(second.number_input("Parallel processes", 0, 64, 2, help="0 computes in the app itself."))
        if st.form_submit_button("Import and compute", type="primary", disabled=watching.busy()):
            _start(study, cast(Recipe, name), networks, jobs)


def _start(study: Study, name: Recipe, networks: NetworkSettings, jobs: int) -> None:
    """Store the study that was checked and compute a recipe, in the background."""
    target = store.store()
    try:
        config = networks.of(name, study)
    except UsageError as error:
        st.error(plain(str(error)))
        return

    def work(on_progress: Any, cancel: Any) -> tuple[str, str, str]:
        workflow.add_study(target, study)
        with Jobs(workers=jobs) as pool:
            made = workflow.run(study, config, target, jobs=pool, on_progress=on_progress, cancel=cancel)
        return made.study_id, made.id, ""

    watching.begin(f"The import of {study.name}", work, "import")


def only_audit() -> None:
    """The way on for a study that is refused because its patients or images contradict each other."""
    found = checking.checked()
    if found is None or not found[1].auditable:
        return
    path = found[0]
    st.markdown(
        "Patients or images contradict each other, so that no model can be trusted. The study can be stored for the "
        "audit alone: it is shown and every check of its tables and images is made; nothing is fitted."
    )
    if st.button("Only audit it", type="primary", disabled=watching.busy()):
        _start_audit(path)


def _start_audit(path: Path) -> None:
    target = store.store()

    def work(on_progress: Any, cancel: Any) -> tuple[str, None, str]:
        study = workflow.import_study(path, target, audit_only=True, on_progress=on_progress, cancel=cancel)
        try:
            workflow.complete_study_audit(study, target, on_progress=on_progress, cancel=cancel)
        except IncompleteError as error:
            return study.fingerprint, None, str(error)
        return study.fingerprint, None, ""

    watching.begin(f"The audit of {path.parent.name}/{path.name}", work, "import")


def outcome() -> None:
    """What became of the last import, with the images that failed and the way on."""
    job = watching.latest("import")
    if job is None or job.state == "running":
        return
    if job.state != "done":
        watching.failure(job)
        return
    if watching.own(job) and watching.news("import") is job:
        watching.told(job)
        checking.forget()
        st.rerun()
    study_id, analysis_id, missed = job.result
    if analysis_id is None:
        st.success(f"{plain(job.title)} is finished. The study is stored, and not modelled.")
        if missed:
            st.error(plain(missed))
        if st.button("Open its audit", type="primary"):
            state.put("study", study_id)
            st.switch_page(page("evidence-audit"))
        return
    failed = store.frame(analysis_id, "failures")
    st.success(f"{plain(job.title)} is finished.")
    if len(failed):
        st.markdown(f"{words.count(len(failed), 'image')} could not be computed, each for its reason:")
        tables.table(tables.failures(failed), key="failures")
    if st.button("Open its overview", type="primary"):
        state.put("study", study_id)
        state.put("analysis", analysis_id)
        st.switch_page(page("study-overview"))


def _offer_demo() -> None:
    """A store without a study: the demo is a press away."""
    if not st.button("Load the demo study (synthetic)", disabled=watching.busy()):
        return
    try:
        with st.spinner("Loading the demo study"):
            study = workflow.load_demo(store.store())
    except SgauditError as error:
        st.error(plain(str(error)))
        return
    state.put("study", study.fingerprint)
    st.switch_page(page("study-overview"))


def stored() -> None:
    """Studies that are in the store."""
    frame = store.studies()
    if frame.empty:
        _offer_demo()
        return
    st.header("Stored studies", anchor=False)
    shown = frame[["name", "patients", "images", "imported_at"]].rename(
        columns={"name": "Study", "patients": "Patients", "images": "Images", "imported_at": "Imported"}
    )
    tables.table(shown, key="stored_studies")
    link("study-overview", "Overview of the chosen study")
