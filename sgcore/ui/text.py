"""Text on a page: a study's own is shown as it is written, never read as markup."""

from __future__ import annotations

import re

import streamlit as st

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&])")

#: What the page makes a link of even where it is escaped: an address, and an at sign in a word.
_ADDRESS = re.compile(r"(?i)(www(?=\.)|:(?=//)|@)")
_WORD_JOINER = "\u2060"


def plain(text: object) -> str:
    """Escaped for Markdown, in which a name could otherwise become a link, an image or a color."""
    separate = _ADDRESS.sub(rf"\1{_WORD_JOINER}", " ".join(str(text).split()))
    return _MARKUP.sub(r"\\\1", separate)


def small(text: object) -> None:
    """Small print in the color of the text: that of ``st.caption`` is too pale to read on white."""
    st.markdown(f":small[{plain(text)}]")
