"""Parts of a report: text, lists, tables, figures, cards of findings, folded parts, and sections of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import DARK, LIGHT, Theme, words


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; ``strong`` for the answer of a section, ``small`` for what is said beside a table."""

    text: str
    look: str = ""
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True)
class Table:
    """Cells as text under their headings; ``note`` says what was cut, ``above`` what holds for all rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    note: str = ""
    above: str = ""
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Figure:
    """A figure in both themes as plotly's JSON, what it shows in one sentence, and the table behind it."""

    name: str
    light: str
    dark: str
    height: int
    says: str
    table: Table | None = None
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class Card:
    """A finding with its numbers, its evidence and what to do."""

    severity: str
    code: str
    title: str
    message: str
    remedy: str
    table: Table | None
    kind: ClassVar[str] = "card"


@dataclass(frozen=True)
class Fold:
    """Blocks that open on a click, and are open in print."""

    summary: str
    blocks: tuple[Block, ...]
    kind: ClassVar[str] = "fold"


Block = Paragraph | Bullets | Table | Figure | Card | Fold


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    blocks: tuple[Block, ...]


def figure(name: str, draw: Callable[[Theme], go.Figure], says: str, table: Table | None = None) -> Figure:
    """A figure drawn in both themes."""
    light = draw(LIGHT)
    return Figure(name, light.to_json(), draw(DARK).to_json(), int(light.layout.height), says, table)


def table(
    frame: pd.DataFrame, caption: str, *, most: int | None = None, where: str = "", above: str = ""
) -> Table:
    """A frame as cells, without an empty column of notes.

    Of more than ``most`` rows the first are shown, with a note how many there are and ``where``.
    """
    if "Note" in frame and (frame["Note"] == "").all():
        frame = frame.drop(columns="Note")
    rows = frame if most is None else frame.head(most)
    cut = len(frame) - len(rows)
    note = f"The first {len(rows)} of {len(frame):,} rows{where}." if cut else ""
    cells = [tuple(cell(value) for value in row) for row in rows.itertuples(index=False, name=None)]
    return Table(tuple(map(str, frame.columns)), tuple(cells), caption, note, above)


def cell(value: object) -> str:
    """What a table shows of a value: three decimals, yes and no, a dash where there is none."""
    if isinstance(value, list | dict):
        return str(value)
    if value is None or pd.isna(value):
        return "–"
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) >= 1 else words.number(value)
    # A sign and its number stay on one line.
    return f"{value:,}" if isinstance(value, int) else str(value).replace("< ", "<\u00a0")
