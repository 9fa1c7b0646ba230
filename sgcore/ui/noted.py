"""Readers' notes on the case page: those of the image, a form for another one, and the download of all of them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.plots import words
from sgcore.plots.frames import records
from sgcore.ui import note_answers, note_desk, store
from sgcore.ui.charts import download
from sgcore.ui.chosen_case import Case, key_of
from sgcore.ui.note_desk import Desk
from sgcore.ui.text import plain, small
from sgcore.ui.view import View

#: Notes that stand open; earlier ones are folded, as many at a time.
_OPEN = 20
#: About how many letters of a note stand in a line; from how many lines on it scrolls, and its height in pixels then.
_ACROSS, _LINES, _HEIGHT = 55, 12, 280


def notes(view: View, case: Case, *, hidden: bool, scored: bool) -> None:
    """The notes of the image beside a form; ``scored`` where its scores are on the page.

    While label and scores are ``hidden``, notes that may give them away are hidden, too, until asked for.
    """
    st.header("Notes of readers", anchor=False)
    every = workflow.notes_of(store.store(), view.study_id or "")
    own = every[every["image_id"] == case.image_id]
    standing = own[own["status"] == "stands"].iloc[::-1]
    left, right = st.columns([1, 1.5], gap="medium")
    with left:
        name = note_desk.field(st.text_input, "Your name", note_desk.NAME, help=note_answers.NAME_HELP)
    author, key = " ".join(name.split()), key_of(view.study_id or "", case.image_id)
    safe = note_answers.safe(standing, author)
    with right:
        shown = standing if not hidden or _asked(int((~safe).sum()), key) else standing[safe]
    read = not bool(safe[shown.index].all())
    desk = Desk(
        view, case.image_id, key, note_desk.ever_seen(key, label=not hidden, scores=scored, notes=read)
    )
    with left:
        _form(desk)
    with right:
        _list(desk, shown, author)
        if standing.empty:
            small("No notes on this image yet.")
        if text := note_answers.on_record(own):
            small(text)
    if len(every) and not hidden:
        images = every.loc[every["status"] == "stands", "image_id"].nunique()
        with right:
            small(
                f"All notes of the study, of {words.count(images, 'image')}, changed and withdrawn ones included:"
            )
            download(every, view, "case-notes")


def _asked(number: int, key: str) -> bool:
    """Whether somebody asks for ``number`` notes that are hidden with label and scores."""
    if not number:
        return False
    small(note_answers.withheld(number))
    return st.toggle("Show all notes of this image", key=f"notes_all_{key}")


def _form(desk: Desk) -> None:
    note_desk.field(st.text_area, "Note on this image", desk.draft, height=120, help=note_answers.TEXT_HELP)
    small(f"It will say: {note_answers.seen(desk.seen)}.")
    st.button("Save note", type="primary", on_click=note_desk.save, args=(desk,), key="note_save")
    note_desk.said(desk)


def _list(desk: Desk, shown: pd.DataFrame, author: str) -> None:
    """Notes, newest first; all but the latest are folded."""
    for row in records(shown.iloc[:_OPEN]):
        _note(desk, row, author)
    rest = shown.iloc[_OPEN:]
    if rest.empty:
        return
    with st.expander(words.count(len(rest), "earlier note")):
        starts = range(0, len(rest), _OPEN)
        start = 0
        if len(starts) > 1:
            ends = {at: f"{_OPEN + at + 1} to {min(_OPEN + at + _OPEN, len(shown))}" for at in starts}
            start = st.selectbox("Notes", starts, format_func=ends.__getitem__, key=f"notes_at_{desk.key}")
        for row in records(rest.iloc[start : start + _OPEN]):
            _note(desk, row, author)


def _text(text: str) -> None:
    """A note as it was written; a long one scrolls, so that it does not push the others away."""
    lines = sum(1 + len(line) // _ACROSS for line in text.splitlines())
    with st.container(height=_HEIGHT if lines > _LINES else "content", border=False):
        st.text(text)


def _note(desk: Desk, row: Any, author: str) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{plain(row.author)}** :small[{plain(note_answers.heading(row))}]")
        _text(row.text)
        if row.author != author:
            return
        change, withdraw = st.columns(2)
        with change.popover("Change", width="stretch"):
            draft = f"note_change_{row.note_id}"
            note_desk.field(st.text_area, "Note", draft, row.text, height=160)
            small("The note as it was stays on record.")
            st.button(
                "Save the change",
                on_click=note_desk.change,
                args=(desk, row.note_id, draft),
                key=f"save_{draft}",
            )
        with withdraw.popover("Withdraw", width="stretch"):
            small("The note is no longer shown. It stays on record, marked as withdrawn.")
            st.button(
                "Yes, withdraw it",
                on_click=note_desk.withdraw,
                args=(desk, row.note_id),
                key=f"withdraw_{row.note_id}",
            )
