"""Which analysis is looked at beside which other, and what it is called."""

from __future__ import annotations

import streamlit as st

from sgcore.errors import SgauditError
from sgcore.ui import sidebar, store
from sgcore.ui.navigation import link
from sgcore.ui.state import choose
from sgcore.ui.text import plain, small
from sgcore.ui.view import View

NOTHING = "none"
_CHOSEN, _FIRST = "against_chosen", "against_first"
_FEATURES = "Features gained and lost, and the difference in AUC in the folds of the training patients."


def pick_against(view: View, *, first: bool = True, says: str = _FEATURES) -> tuple[str, str] | None:
    """Id and name of the analysis that this one is compared with; None for nothing.

    Until another is chosen that is the reference, or nothing on a page that does not compare at ``first``. ``says``
    is the help of the picker: what the page compares.
    """
    analyses = store.analyses(view.study_id or "")
    names = dict(zip(analyses["analysis_id"], analyses["name"], strict=True))
    others = {key: name for key, name in sidebar.distinct(names).items() if key != view.analysis_id}
    if not others:
        return None
    # Only the reference itself may stand alone: what it was left with would hold for the analysis opened next.
    compares = first and view.reference_id in others
    options = [*others] if compares else [NOTHING, *others]
    default = str(view.reference_id) if compares else NOTHING
    _only_what_was_chosen(first)
    chosen = choose(
        "against",
        options,
        default,
        sidebar.selectbox,
        "Compared with",
        format_func=lambda key: "Nothing" if key == NOTHING else others[key],
        help=says,
        on_change=_remember,
    )
    if chosen != default:
        st.session_state[_CHOSEN] = chosen
    if chosen == NOTHING:
        return None
    return chosen, f"the reference ({others[chosen]})" if chosen == view.reference_id else others[chosen]


def _only_what_was_chosen(first: bool) -> None:
    """A page keeps what a person chose on another; what that page showed by itself was no choice."""
    if st.session_state.get(_FIRST) != first:
        st.session_state.pop("pick_against", None)
    st.session_state[_FIRST] = first
    st.session_state["kept_against"] = st.session_state.get(_CHOSEN)


def _remember() -> None:
    st.session_state[_CHOSEN] = st.session_state["pick_against"]


def recipes(view: View) -> None:
    """One click to the strict recipe beside the paper's, where both are computed."""
    both = {name: store.shipped_id(view.study_id or "", name) for name in ("strict", "paper")}
    if all(both.values()) and both["strict"] != view.analysis_id:
        link(
            "features-selection",
            "The strict recipe beside the paper's",
            analysis=str(both["strict"]),
            against=str(both["paper"]),
        )


def keep(view: View) -> None:
    """Give the analysis a name, and say where its link is."""
    with st.popover("Name and share this analysis"), st.form("name_analysis", border=False):
        named = st.text_input("Name", view.analysis.name, max_chars=80)
        if st.form_submit_button("Save the name"):
            try:
                store.rename(view.analysis.id, named)
            except SgauditError as error:
                st.error(plain(error))
            else:
                st.rerun()
        small("Every analysis is stored. The address of this page opens it for whoever uses this dashboard:")
        st.code(st.context.url or "", language=None)
