"""The pages, their sections and addresses, and links between them that keep the view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from sgcore.ui.text import small


@dataclass(frozen=True)
class Entry:
    """A page: its file, title, and ``path`` in the address, which findings name too."""

    section: str
    file: str
    title: str
    path: str


ENTRIES = (
    Entry("Study", "pages/study/overview.py", "Overview", "study-overview"),
    Entry("Study", "pages/study/cohort.py", "Cohort", "study-cohort"),
    Entry("Study", "pages/study/import_study.py", "Import", "study-import"),
    Entry("Features", "pages/features/selection.py", "Selection", "features-selection"),
    Entry("Models", "pages/models/classifiers.py", "Classifiers", "models-classifiers"),
    Entry("Models", "pages/models/deep_learning.py", "Deep learning", "models-deep-learning"),
    Entry("Models", "pages/models/explanations.py", "Explanations", "models-explanations"),
    Entry("Cases", "pages/cases/gallery.py", "Gallery", "cases-gallery"),
    Entry("Cases", "pages/cases/case.py", "Case", "cases-case"),
    Entry("Evidence", "pages/evidence/families.py", "Families", "evidence-families"),
    Entry("Evidence", "pages/evidence/centers.py", "Centers", "evidence-centers"),
)
#: What a link keeps of the view.
_KEPT = ("study", "analysis", "unit")


def _home() -> None:
    """The address without a page: the overview, or the import page where nothing is stored yet."""
    path = "study-overview" if st.session_state["view"].study_id else "study-import"
    st.switch_page(pages()[path], query_params=st.query_params.to_dict())


def pages() -> dict[str, Any]:
    return {entry.path: st.Page(entry.file, title=entry.title, url_path=entry.path) for entry in ENTRIES}


def navigation() -> Any:
    """The menu; returns the page that was asked for."""
    known = pages()
    sections: dict[str, list[Any]] = {"": [st.Page(_home, title="Home", default=True, visibility="hidden")]}
    for entry in ENTRIES:
        sections.setdefault(entry.section, []).append(known[entry.path])
    return st.navigation(sections)


def link(path: str, label: str, **chosen: str) -> None:
    """A link to a page with the same study, analysis and unit; plain text for a page that is not there.

    ``chosen`` is what else stands in the link, such as the part of the page.
    """
    found = pages().get(path)
    if found is None:
        small(label)
        return
    kept = {name: st.query_params[name] for name in _KEPT if name in st.query_params}
    st.page_link(found, label=label, icon=":material/arrow_forward:", query_params={**kept, **chosen})
