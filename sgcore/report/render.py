"""A report as one HTML file that needs nothing else: plotly's program, styles and figures stand in it."""

from __future__ import annotations

import json
import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from sgcore.plots import DARK, LIGHT, words
from sgcore.report.blocks import Figure, Fold, Section
from sgcore.report.document import Document

#: A cell that begins like a number and fits a line.
_NUMBER = re.compile(r"[-+<–\d][^;]{0,26}$")
#: Letters of a word that may be wider than its column, and of a cell that has room for several lines.
_WORD = 22
#: Severity of a card in words.
_CALLED = {name: noun.capitalize() for name, noun in words.SEVERITIES.items()}


def html(report: Document) -> str:
    """The file's text. All text of the study is escaped; figures are JSON without a ``<``."""
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            called=_CALLED,
            light=LIGHT,
            dark=DARK,
            figures=_figures(report),
            plotly=_plotly(),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sgcore.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["look"] = _look
    return environment


def _look(text: str) -> str:
    """The class of a table's cell: short numbers stay on one line, texts have room, long words break anywhere."""
    if _NUMBER.match(text):
        return "number"
    if any(len(word) > _WORD for word in text.split()):
        return "long"
    return "text" if len(text) > _WORD else "short"


@cache
def _plotly() -> str:
    """The program that draws, which must not end the element that it stands in."""
    return get_plotlyjs().replace("</script", "<\\/script")


def _figures(report: Document) -> str:
    """``{name: {light: ..., dark: ...}}`` of all figures, with every ``<`` written as JSON's own escape."""
    found = {
        each.name: {"light": json.loads(each.light), "dark": json.loads(each.dark)}
        for section in report.sections
        for each in _of(section)
    }
    return json.dumps(found, ensure_ascii=True, allow_nan=False).replace("<", "\\u003c")


def _of(part: Section | Fold) -> list[Figure]:
    found: list[Figure] = []
    for block in part.blocks:
        if isinstance(block, Figure):
            found.append(block)
        elif isinstance(block, Fold):
            found += _of(block)
    return found
