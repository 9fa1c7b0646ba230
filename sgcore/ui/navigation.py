"""The pages, their sections and addresses, and links between them that keep the view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

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
    Entry("Features", "pages/features/browser.py", "Features", "features-browser"),
    Entry("Models", "pages/models/classifiers.py", "Classifiers", "models-classifiers"),
    Entry("Models", "pages/models/deep_learning.py", "Deep learning", "models-deep-learning"),
    Entry("Models", "pages/models/explanations.py", "Explanations", "models-explanations"),
    Entry("Cases", "pages/cases/gallery.py", "Gallery", "cases-gallery"),
    Entry("Cases", "pages/cases/case.py", "Case", "cases-case"),
    Entry("Evidence", "pages/evidence/families.py", "Families", "evidence-families"),
    Entry("Evidence", "pages/evidence/centers.py", "Centers", "evidence-centers"),
    Entry("Evidence", "pages/evidence/published_study.py", "Published study", "evidence-published"),
    Entry("Evidence", "pages/evidence/audit.py", "Audit", "evidence-audit"),
    Entry("Evidence", "pages/evidence/report.py", "Report", "evidence-report"),
)
_ENTRY = {entry.path: entry for entry in ENTRIES}
_SECTION_STYLE = (
    "[data-testid='stSidebarNavItems'] li::before"
    " { display: block; padding: 0.5rem 0 0.2rem; font-size: 0.875rem; }"
)
#: What a link keeps of the view.
_KEPT = ("study", "analysis", "unit")


def _home() -> None:
    """The address without a page: the overview, or the import page where nothing is stored yet."""
    path = "study-overview" if st.session_state["view"].study_id else "study-import"
    st.switch_page(page(path), query_params=st.query_params.to_dict())


def page(path: str) -> Any:
    """The page at an address; KeyError where there is none."""
    entry = _ENTRY[path]
    return st.Page(entry.file, title=entry.title, url_path=path)


def navigation() -> Any:
    """The menu; returns the page that was asked for."""
    st.html(_sections())
    home = st.Page(_home, title="Home", default=True, visibility="hidden")
    return st.navigation([home, *map(page, _ENTRY)], expanded=True)


def _sections() -> str:
    """Names of the sections above their first pages.

    Streamlit's own sections stand between the list and its items, where a screen reader finds a list without items.
    """
    first = {entry.section: entry.path for entry in reversed(ENTRIES)}
    names = "".join(
        f"[data-testid='stSidebarNavItems'] li:has(a[href$='/{path}'])::before {{ content: '{section}'; }}"
        for section, path in first.items()
    )
    return f"<style>{names}{_SECTION_STYLE}</style>"


def link(path: str, label: str, **chosen: str) -> None:
    """A link to a page with the same study, analysis and unit; plain text for a page that is not there.

    ``chosen`` is what else stands in the link, such as the part of the page.
    """
    if path not in _ENTRY:
        small(label)
        return
    st.page_link(page(path), label=label, icon=":material/arrow_forward:", query_params={**_kept(), **chosen})


def go(path: str, **chosen: str) -> NoReturn:
    """Turn to a page at once, with what :func:`link` keeps and ``chosen``."""
    st.switch_page(page(path), query_params={**_kept(), **chosen})


def _kept() -> dict[str, str]:
    return {name: st.query_params[name] for name in _KEPT if name in st.query_params}
