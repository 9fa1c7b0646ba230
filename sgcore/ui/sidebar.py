"""The sidebar, the same on every page: study, analysis, unit, and the pickers of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from sgcore.domain import SUBSETS, Subset, Unit
from sgcore.plots import words
from sgcore.ui import answers, store
from sgcore.ui.state import choose
from sgcore.ui.view import View, keep

ALL_CENTERS = "all"


def sidebar() -> None:
    """Draw what every page shares and keep it as the current view."""
    studies = store.studies()
    if studies.empty:
        keep(View(None, None, None, "patient"))
        return
    names = _distinct(studies["study_id"].tolist(), studies["name"].tolist())
    study_id = choose(
        "study", list(names), next(iter(names)), st.sidebar.selectbox, "Study", format_func=names.__getitem__
    )
    analyses = store.analyses(study_id)
    analysis_id, reference_id = None, store.reference_id(study_id)
    if len(analyses):
        titles = _distinct(analyses["analysis_id"].tolist(), analyses["name"].tolist())
        analysis_id = choose(
            "analysis",
            list(titles),
            reference_id if reference_id in titles else next(iter(titles)),
            st.sidebar.selectbox,
            "Analysis",
            format_func=titles.__getitem__,
            help="The study's first recipe is the reference; the Selection page makes others.",
        )
    unit = choose(
        "unit",
        ["patient", "image"],
        "patient",
        st.sidebar.radio,
        "Counted by",
        format_func=str.capitalize,
        horizontal=True,
        help="By patient: the mean score of a patient's images. By image: every image counts, and intervals "
        "are clustered by patient. The two are different quantities, so that the AUC moves.",
    )
    picture = choose(
        "picture",
        ["png", "svg"],
        "png",
        st.sidebar.radio,
        "Save figures as",
        format_func=str.upper,
        horizontal=True,
    )
    keep(View(study_id, analysis_id, reference_id, cast(Unit, unit), picture))


def pick_cases(view: View) -> tuple[Subset, str | None]:
    """The set of cases, and a center of it or None for all together."""
    subset = _pick_subset(view)
    return subset, _pick_center(view, subset)


def _pick_subset(view: View) -> Subset:
    """A what-if opens on its training folds, whatever was chosen for the analysis before it."""
    evaluations = view.frame("evaluations")
    options = [name for name in SUBSETS if name in set(evaluations["subset"])]
    default = "train" if view.what_if else answers.headline_subset(evaluations)
    return cast(
        Subset,
        choose(
            "what_if_subset" if view.what_if else "subset",
            options[::-1],
            default,
            st.sidebar.selectbox,
            "Cases",
            format_func=lambda name: words.SUBSETS[name] + (" (out of fold)" if name == "train" else ""),
        ),
    )


def _pick_center(view: View, subset: Subset) -> str | None:
    evaluations = view.frame("evaluations")
    centers = sorted(evaluations.loc[evaluations["subset"] == subset, "center"].dropna().unique())
    chosen = choose(
        "center",
        [ALL_CENTERS, *centers],
        ALL_CENTERS,
        st.sidebar.selectbox,
        "Center",
        format_func=lambda name: "All centers" if name == ALL_CENTERS else name,
    )
    return None if chosen == ALL_CENTERS else chosen


def pick_family(view: View) -> str:
    """A family that has results."""
    families = list(dict.fromkeys(view.frame("evaluations")["family"]))
    default = "Radiomics" if "Radiomics" in families else families[0]
    return choose("family", families, default, st.sidebar.selectbox, "Family")


def pick_part(page: str, parts: Sequence[str]) -> str:
    """The part of a page that is shown; only that part is computed."""
    return choose(
        f"{page}_part",
        parts,
        parts[0],
        st.segmented_control,
        "Part of the page",
        label_visibility="collapsed",
    )


def _distinct(ids: list[str], names: list[str]) -> dict[str, str]:
    """Names by id; those that occur twice carry the beginning of their id."""
    return {
        key: f"{name} ({key[:6]})" if names.count(name) > 1 else name
        for key, name in zip(ids, names, strict=True)
    }
