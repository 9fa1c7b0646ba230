"""Resampling on a page: what is stored, its figure and table, and the button that computes more."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sgcore import plots, workflow
from sgcore.domain import Resampling, Subset
from sgcore.jobs import Jobs
from sgcore.plots import words
from sgcore.ui import draws, looks, resampling_answers, results, store, watching
from sgcore.ui import resampling_tables as tables
from sgcore.ui.charts import chart
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme

if TYPE_CHECKING:
    from sgcore.workflow import Resampled

#: What the parts of a page are called.
OVERFITTING, CHANCE = "Overfitting", "Chance"
_LATER = "It runs in the background; what is finished stays stored, also when it is stopped."


def cross_validation(view: View, family: str) -> None:
    """How much of the fitted AUC is overfitting."""
    found = _found(view, "cross-validation")
    if _not_drawn(found, family):
        return
    rows = _of(found.rows, family, view.unit)
    picked = results.picked(view, family, "train")
    if len(rows):
        folds = view.analysis.config.models.folds
        st.markdown(f"**{plain(resampling_answers.cross_validation(found, rows, picked, folds))}**")
        chart(
            plots.optimism(rows, theme(), family=family, picked=picked),
            view,
            name="repeated-cross-validation",
            says="Filled: patients outside the fit. Open: the patients it was fitted on. The interval speaks of new "
            "patients with these models; training on other patients would widen it.",
            table=tables.repeats(rows),
            raw=rows,
        )
    _offer(
        view,
        found,
        "Repeat the cross-validation",
        "The training folds are drawn {draws} times; selection, models and thresholds are made anew in each.",
    )


def permutation(view: View, family: str, subset: Subset) -> None:
    """How often chance alone would reach the reported AUC, with the whole pipeline repeated."""
    found = _found(view, "permutation")
    if _not_drawn(found, family):
        return
    if subset == "train":
        st.write(
            "Chance is judged on patients who were held out: choose validation or external cases in the sidebar."
        )
    elif len(found.rows) and looks.opened(
        view, f"permutation: {subset}", "Show the reported AUC beside chance"
    ):
        _null(view, found, family, subset)
    _offer(
        view,
        found,
        "Permute the labels",
        "Labels change places between whole patients of the same center and set, {draws} times; selection, "
        "models and pick are made anew each time.",
    )


def _null(view: View, found: Resampled, family: str, subset: Subset) -> None:
    # Other sets may be closed: rows of this one alone are shown and downloaded.
    rows = _of(found.rows, family, view.unit)
    rows = rows[rows["subset"] == subset]
    row = rows.iloc[0] if len(rows) else None
    st.markdown(f"**{plain(resampling_answers.permutation(found, row, family, subset))}**")
    if row is None or not words.missing(row["reason"]):
        return
    null = _of(found.detail, family, view.unit)
    null = null[(null["subset"] == subset) & (null["draw"] > 0)]["auc"]
    chart(
        plots.null_histogram(null.to_numpy(float), row, theme(), family=family),
        view,
        name="permuted-labels",
        says=f"The pick is made anew in each permutation; where nothing is selected the AUC is 0.5. Different "
        f"permutations of these labels: {row['distinct']}.",
        table=tables.permutations(rows),
        raw=rows,
    )


def stability(view: View, family: str) -> None:
    """Whether other patients would give the same features."""
    found = _found(view, "stability")
    if _not_drawn(found, family):
        return
    if len(found.rows):
        rows = found.rows[found.rows["family"] == family]
        detail = found.detail[found.detail["family"] == family]
        row = rows.iloc[0] if len(rows) else None
        st.markdown(f"**{plain(resampling_answers.stability(found, row, detail, family))}**")
        if (detail["frequency"] > 0).any():
            residue = _residue(view, detail["feature"])
            chart(
                plots.frequencies(detail, theme(), family=family, residue=residue),
                view,
                name="selection-stability",
                says="How often each feature was selected; the twenty most frequent. The share speaks of these "
                "patients, not of others.",
                table=tables.frequencies(detail, residue),
                raw=detail,
            )
    # The page shows the progress of a what-if beside its thresholds, and of this with it.
    _offer(
        view,
        found,
        "Repeat the selection",
        "{draws} draws of 63% of the training patients, each selecting anew.",
        progress=False,
    )


def centers(view: View, family: str) -> None:
    """What each center gets from models that the other centers trained."""
    found = _found(view, "centers")
    st.header("Leave one center out", anchor=False)
    # Of this work and of what else the page offers; also where the family is not drawn anew.
    watching.progress()
    if _not_drawn(found, family):
        return
    if len(found.rows) and looks.opened(view, "centers: left out", "Show the left-out centers"):
        rows, together = _of(found.rows, family, view.unit), _of(found.detail, family, view.unit)
        st.markdown(f"**{plain(resampling_answers.centers(found, rows, together, family))}**")
        if len(rows):
            # Where there is no mean it has no row: the sentence says why.
            averaged = together.loc[together["measure"] == "mean", "auc"].notna().any()
            chart(
                plots.forest(
                    rows.assign(role="external", subset="external"),
                    together if averaged else together.head(0),
                    theme(),
                    family=family,
                    mean="the centers",
                ),
                view,
                name="left-out-centers",
                says="Each center was held out in turn; its classifier was picked by training folds of the others.",
                table=tables.left_out_centers(rows),
                raw=rows,
            )
    _offer(
        view,
        found,
        "Leave each center out",
        "For each of {draws} centers the whole pipeline is trained on all other patients and tested there.",
        progress=False,
    )


def _residue(view: View, features: pd.Series) -> set[str]:
    trace = view.frame("selection")
    # A feature stands in the trace of every family that had it.
    kinds = trace.drop_duplicates("feature").set_index("feature")["image_type"]
    types = store.residue_types(view.analysis.id)
    return {name for name in features if kinds.get(name) in types}


def _of(rows: pd.DataFrame, family: str, unit: str) -> pd.DataFrame:
    if rows.empty:
        return rows
    return rows[(rows["family"] == family) & (rows["unit"] == unit)].reset_index(drop=True)


def _found(view: View, kind: Resampling) -> Resampled:
    return draws.resampled(view.analysis.id, kind)


def _not_drawn(found: Resampled, family: str) -> bool:
    """Whether no draw makes the family anew; then the page says why."""
    rows = found.not_drawn[found.not_drawn["family"] == family]
    if rows.empty:
        return False
    st.write(f"{family} is not drawn anew: {plain(rows['reason'].iloc[0])}. Choose another family.")
    return True


def _offer(view: View, found: Resampled, label: str, does: str, *, progress: bool = True) -> None:
    """What became of the last work of this kind, and the button for draws that are missing; what it ``does``."""
    job = watching.news("resample")
    if job is not None and watching.own(job):
        if job.state != "done":
            watching.failure(job)
        else:
            watching.told(job)
    if progress:
        watching.progress()
    if found.reason is not None:
        st.write(f"{found.title} is not applicable: {plain(found.reason)}.")
        return
    if found.complete:
        return
    small(f"{does.format(draws=f'{found.usual:,}')} {_LATER}")
    if found.draws:
        label = f"{label}: the remaining {found.usual - found.draws:,}"
    if st.button(label, disabled=watching.busy(), key=f"resample_{found.kind}"):
        watching.begin(f"{found.title} of {view.analysis.name}", _work(view, found.kind), "resample")


def _work(view: View, kind: Resampling) -> Callable[[Any, Any], int]:
    analysis, target = view.analysis, store.store()

    def work(on_progress: Any, cancel: Any) -> int:
        with Jobs(workers=min(4, os.cpu_count() or 1)) as pool:
            return workflow.resample(
                analysis, kind, target, jobs=pool, on_progress=on_progress, cancel=cancel
            )

    return work
