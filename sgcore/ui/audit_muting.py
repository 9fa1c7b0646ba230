"""Muting a check on the audit page: with a reason and a name, and lifting it again."""

from __future__ import annotations

import streamlit as st

from sgcore import workflow
from sgcore.errors import SgauditError
from sgcore.ui import note_desk, store
from sgcore.ui.text import plain, small
from sgcore.ui.view import View

_REFUSED = "muting_refused"


def mute(view: View, code: str) -> None:
    """A popover with the reason and the name of who gives it."""
    with st.popover("Mute", width="stretch"):
        small(
            "The finding is no longer counted, in all analyses of this study, later ones too. It stays in the list "
            "with the reason, your name and the date, here and in the report."
        )
        note_desk.field(st.text_area, "Reason", _reason(view, code), height=100)
        note_desk.field(st.text_input, "Your name", f"mute_name_{code}", first=_name())
        st.button("Mute this check", on_click=_mute, args=(view, code), key=f"mute_{code}")
        _told(code)


def lift(view: View, code: str) -> None:
    """The way back, for what was muted here; what the study file mutes is changed in the file."""
    if code not in workflow.mutings_of(store.store(), view.study_id or ""):
        small("The study file mutes it; it is changed there.")
        return
    with st.popover("Lift the muting"):
        note_desk.field(st.text_input, "Your name", f"lift_name_{code}", first=_name())
        st.button("Count it again", on_click=_lift, args=(view, code), key=f"lift_{code}")
        _told(code)


def _reason(view: View, code: str) -> str:
    """The field of the reason: what is typed of one study is not offered for another."""
    return f"mute_reason_{view.study_id}_{code}"


def _name() -> str:
    return str(st.session_state.get(f"kept_{note_desk.NAME}", ""))


def _mute(view: View, code: str) -> None:
    """Store what now stands in the fields, and empty the reason; what is refused stays."""
    draft = _reason(view, code)
    author, reason = st.session_state[f"mute_name_{code}"], st.session_state[draft]
    try:
        workflow.mute_check(store.store(), view.study, code, author=author, reason=reason)
    except SgauditError as error:
        st.session_state[_REFUSED] = (code, str(error))
        return
    st.session_state[draft] = st.session_state[f"kept_{draft}"] = ""


def _lift(view: View, code: str) -> None:
    author = st.session_state[f"lift_name_{code}"]
    try:
        workflow.unmute_check(store.store(), view.study, code, author=author)
    except SgauditError as error:
        st.session_state[_REFUSED] = (code, str(error))


def _told(code: str) -> None:
    refused, text = st.session_state.get(_REFUSED, ("", ""))
    if refused == code:
        st.error(plain(text))
        del st.session_state[_REFUSED]
