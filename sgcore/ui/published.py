"""The published study: which paper is looked at, its file up and down, and the draft that a tab keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from sgcore import workflow
from sgcore.audit.published import (
    Paper,
    PaperError,
    PaperFinding,
    audit_paper,
    decoded,
    paper_of,
    parse_paper,
    parse_toml,
    toml_text,
)
from sgcore.domain import Problem
from sgcore.plots import words
from sgcore.ui import published_form
from sgcore.ui.charts import download
from sgcore.ui.text import plain, small
from sgcore.ui.view import View

PARTS = EXAMPLE, OWN = "The example", "A paper of your own"
#: A form in which nothing stands.
_EMPTY: dict[str, Any] = {"paper": {}}


@dataclass(frozen=True)
class Typed:
    """What stands in the form: the paper and its findings, or the problems that keep it from being one."""

    raw: dict[str, Any]
    paper: Paper | None
    findings: list[PaperFinding]
    problems: list[Problem]
    example: bool

    @property
    def empty(self) -> bool:
        return self.raw == _EMPTY


def typed(part: str) -> Typed:
    """Draw the form of the example or of a paper of one's own, and audit what stands in it."""
    example = part == EXAMPLE
    name = "published_example" if example else "published_own"
    text = workflow.published_example().read_text(encoding="utf-8") if example else ""
    if not example:
        _upload(name)
    draft = _draft(name, text)
    raw, places = published_form.typed(draft["begun"], f"{name}_{draft['number']}")
    # The editors begin from `begun` while they are on the page; what was typed begins the next visit.
    draft["now"] = raw
    if raw != (parse_toml(text) or _EMPTY):
        st.button("Restore the example" if example else "Begin anew", on_click=_begin, args=(name, text))
    if raw == _EMPTY:
        return Typed(raw, None, [], [], example)
    try:
        paper = paper_of(raw)
    except PaperError as error:
        published_form.problems(error.problems, places)
        return Typed(raw, None, [], error.problems, example)
    return Typed(raw, paper, _audited(toml_text(raw), paper), [], example)


@st.cache_data(show_spinner="Checking the numbers …", max_entries=32)
def _audited(text: str, _paper: Paper) -> list[PaperFinding]:
    """Every check's answer; ``text`` is the paper file, by which answers are kept."""
    return audit_paper(_paper)


def _draft(name: str, text: str) -> dict[str, Any]:
    """What this tab keeps of a paper; begun anew on a return to the page, whose editors have forgotten their cells."""
    known: dict[str, Any] | None = st.session_state.get(name)
    if known is None:
        known = {"begun": parse_toml(text), "now": None, "number": 0}
    elif f"{name}_{known['number']}_sets" not in st.session_state and known["now"] is not None:
        known = {"begun": known["now"], "now": known["now"], "number": known["number"] + 1}
    st.session_state[name] = known
    return known


def _upload(name: str) -> None:
    """Take an uploaded paper file into the form once; one with problems is not taken, and they are listed."""
    upload = st.file_uploader(
        "A paper file",
        type="toml",
        max_upload_size=1,
        help="What is typed below can be downloaded as such a file.",
    )
    if upload is None or st.session_state.get(f"{name}_taken") == upload.file_id:
        return
    try:
        text = decoded(upload.getvalue(), upload.name)
        parse_paper(text, upload.name)
    except PaperError as error:
        st.error(
            plain(f"{upload.name} was not taken: {words.count(len(error.problems), 'problem')} to mend.")
        )
        for problem in error.problems:
            small(problem)
        return
    _begin(name, text)
    st.session_state[f"{name}_taken"] = upload.file_id


def _begin(name: str, text: str) -> None:
    """Fill the form with a paper file; editors with another number forget their cells."""
    number = st.session_state.get(name, {"number": 0})["number"]
    st.session_state[name] = {"begun": parse_toml(text), "now": None, "number": number + 1}


def downloads(found: Typed) -> None:
    """What is typed, as a paper file."""
    if found.paper is not None:
        _button("Download the paper file", lambda: toml_text(found.raw), "paper.toml", "application/toml")


def export(found: Typed) -> None:
    """The findings as JSON and CSV."""
    paper, findings = found.paper, found.findings
    if paper is None:
        return
    left, right = st.columns(2)
    with left:
        _button(
            "Download as JSON",
            lambda: json.dumps(workflow.published_summary(paper, findings), indent=2, ensure_ascii=False),
            "published-findings.json",
            "application/json",
        )
    with right:
        # Stamped with no study: the paper is none of those in the sidebar.
        download(workflow.published_frame(findings), View(None, None, None, "patient"), "published-findings")


def _button(label: str, content: Callable[[], str], name: str, mime: str) -> None:
    st.download_button(
        label, lambda: content().encode(), file_name=name, mime=mime, key=f"get_{name}", on_click="ignore"
    )
