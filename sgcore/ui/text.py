"""A study's own text on a page: shown as it is written, never read as markup."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: object) -> str:
    """Escaped for Markdown, in which a name could otherwise become a link, an image or a color."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))


def cell(value: object) -> object:
    """Escaped for a spreadsheet, which would run text that begins like a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
