"""The sidebar, the same on every page: study, analysis, unit, and the pickers of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import streamlit as st

from sgcore.domain import SUBSETS, EvaluationSet, Subset, Unit
from sgcore.plots import words
from sgcore.ui import answers, store
from sgcore.ui.state import choose
from sgcore.ui.text import small
from sgcore.ui.view import View, keep

ALL_CENTERS = "all"
_PICKERS = "sidebar_pickers"
#: Characters of a study's name that its picker has room for.
_SHOWN = 28
#: No color is light enough for text on a dark page and dark enough under a button's white text: the chosen
#: part of a page and the value of a slider, which Streamlit writes in the color of its buttons, get the color of text.
#: Links and tables have no ring of their own that shows where the keyboard is.
_STYLE = (
    "<style>[data-testid='stButtonGroup'] button[aria-checked='true'] { color: inherit !important; }"
    "[data-testid='stSliderThumbValue'] { color: inherit !important; }"
    ":is(a, main, canvas, [data-testid='stElementToolbar'] button):focus-visible"
    " { outline: 2px solid; outline-offset: -2px; }</style>"
)


def sidebar() -> None:
    """Draw what every page shares and keep it as the current view."""
    st.html(_STYLE)
    studies = store.studies()
    if studies.empty:
        keep(View(None, None, None, "patient"))
        return
    names = distinct(dict(zip(studies["study_id"], studies["name"], strict=True)))
    study_id = choose(
        "study", list(names), next(iter(names)), st.sidebar.selectbox, "Study", format_func=names.__getitem__
    )
    if len(names[study_id]) > _SHOWN:
        with st.sidebar:
            small(names[study_id])
    analyses = store.analyses(study_id)
    analysis_id, reference_id = None, store.reference_id(study_id)
    if len(analyses):
        titles = distinct(dict(zip(analyses["analysis_id"], analyses["name"], strict=True)))
        analysis_id = choose(
            "analysis",
            list(titles),
            reference_id if reference_id in titles else next(iter(titles)),
            st.sidebar.selectbox,
            "Analysis",
            format_func=titles.__getitem__,
            help="The reference is the paper recipe, else the strict one; of several, the one computed last. The "
            "Selection page makes others.",
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
    # Pickers that a page adds stand here, beside what they choose from, above how figures are saved.
    st.session_state[_PICKERS] = st.sidebar.container()
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


def selectbox(*args: Any, **settings: Any) -> Any:
    """A picker of a page in the sidebar, above what every page ends with."""
    return st.session_state[_PICKERS].selectbox(*args, **settings)


def pick_cases(view: View, *, one_center: bool = True) -> EvaluationSet:
    """A set of cases, or one center of it; without ``one_center`` always all together."""
    subset = _pick_subset(view)
    return view.at(subset, _pick_center(view, subset) if one_center else None)


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
            selectbox,
            "Cases",
            format_func=lambda name: words.SUBSETS[name] + (" (out of fold)" if name == "train" else ""),
        ),
    )


def _pick_center(view: View, subset: Subset) -> str | None:
    chosen = choose(
        "center",
        [ALL_CENTERS, *answers.centers_of(view.frame("evaluations"), subset)],
        ALL_CENTERS,
        selectbox,
        "Center",
        format_func=lambda name: "All centers" if name == ALL_CENTERS else name,
    )
    return None if chosen == ALL_CENTERS else chosen


def pick_family(view: View) -> str:
    """A family that has results."""
    families = list(dict.fromkeys(view.frame("evaluations")["family"]))
    default = "Radiomics" if "Radiomics" in families else families[0]
    return choose("family", families, default, selectbox, "Family")


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


def distinct(names: dict[str, str]) -> dict[str, str]:
    """Names by id; those that occur twice carry the beginning of their id."""
    known = list(names.values())
    return {key: f"{name} ({key[:6]})" if known.count(name) > 1 else name for key, name in names.items()}
