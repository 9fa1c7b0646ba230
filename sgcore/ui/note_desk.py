"""Writing a reader's note: fields that keep what was typed, and what happens when a button is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from sgcore.errors import SgauditError
from sgcore.ui import store
from sgcore.ui.text import plain
from sgcore.ui.view import View
from sgcore.workflow import Seen, withdraw_note, write_note

#: The field of the reader's name.
NAME = "note_name"
_SAID = "note_said"


@dataclass(frozen=True)
class Desk:
    """Where a note is written: on which image (``key`` is its name in links), and what the page shows of it."""

    view: View
    image_id: str
    key: str
    seen: Seen

    @property
    def draft(self) -> str:
        """The field of a new note."""
        return f"note_text_{self.key}"


def ever_seen(key: str, *, label: bool, scores: bool, notes: bool) -> Seen:
    """What this tab has shown of an image until now: who hides it again has seen it all the same."""
    before: Seen | None = st.session_state.get(f"note_seen_{key}")
    now = Seen(
        label=label or (before is not None and before.label),
        scores=scores or (before is not None and before.scores),
        notes=notes or (before is not None and before.notes),
    )
    st.session_state[f"note_seen_{key}"] = now
    return now


def field(draw: Callable[..., Any], label: str, key: str, first: str = "", **settings: Any) -> str:
    """A field whose text outlives its page: nobody loses a note by turning to another image."""
    kept = f"kept_{key}"
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(kept, first)
    return str(draw(label, key=key, on_change=_keep, args=(key, kept), **settings))


def _keep(key: str, kept: str) -> None:
    st.session_state[kept] = st.session_state[key]


def save(desk: Desk) -> None:
    """Store the draft of the form as a new note."""
    _done(desk, desk.draft, "Saved.", lambda: _write(desk, st.session_state[desk.draft]))


def change(desk: Desk, note_id: str, draft: str) -> None:
    """Store the text of the field ``draft`` in place of a note."""
    _done(desk, draft, "Changed.", lambda: _write(desk, st.session_state[draft], note_id))


def withdraw(desk: Desk, note_id: str) -> None:
    """Withdraw a note."""

    def act() -> None:
        withdraw_note(
            store.store(),
            desk.view.study,
            desk.image_id,
            note_id,
            author=st.session_state[NAME],
            seen=desk.seen,
            analysis_id=desk.view.analysis_id,
        )

    _done(desk, None, "Withdrawn.", act)


def _write(desk: Desk, text: str, replaces: str | None = None) -> None:
    write_note(
        store.store(),
        desk.view.study,
        desk.image_id,
        author=st.session_state[NAME],
        text=text,
        seen=desk.seen,
        analysis_id=desk.view.analysis_id,
        replaces=replaces,
    )


def _done(desk: Desk, draft: str | None, outcome: str, act: Callable[[], object]) -> None:
    """Store something, empty its ``draft``, and leave what came of it for the form to say; what is refused stays."""
    try:
        act()
    except SgauditError as error:
        st.session_state[_SAID] = (desk.key, True, f"{error}{_kept(desk, draft)}")
        return
    if draft is not None:
        st.session_state[draft] = st.session_state[f"kept_{draft}"] = ""
    st.session_state[_SAID] = (desk.key, False, outcome)


def _kept(desk: Desk, draft: str | None) -> str:
    """The text of a change that was refused goes where a new note is written: its own field may be gone by now."""
    if draft in (None, desk.draft) or not st.session_state[draft].strip():
        return ""
    before = st.session_state.get(desk.draft, "")
    whole = "\n".join(filter(None, (before, st.session_state[draft])))
    st.session_state[desk.draft] = st.session_state[f"kept_{desk.draft}"] = whole
    return " Your text is in the field for a new note."


def said(desk: Desk) -> None:
    """What came of the last button on this image."""
    key, problem, text = st.session_state.pop(_SAID, ("", False, ""))
    if key == desk.key:
        (st.error if problem else st.success)(plain(text))
