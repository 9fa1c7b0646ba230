"""The audit: a card a finding, the gravest first; then the checks without one, each with its answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd

from sgcore.plots import words
from sgcore.plots.evidence_names import heading
from sgcore.report.blocks import Block, Bullets, Card, Fold, Paragraph, Table, cell, table
from sgcore.report.sections.asked import Asked

#: Rows of evidence that a card shows, and columns from which on a table is small in print.
ROWS, WIDE = 12, 12
_OTHERS = {
    "muted": "muted, with the reason",
    "not_applicable": "could not be applied, which is no pass",
    "passed": "passed, which shows no more than it says",
}


def findings(asked: Asked) -> Iterator[Block]:
    rows = asked.material.findings
    order = {name: place for place, name in enumerate(words.SEVERITIES)}
    found = rows[rows["status"] == "finding"]
    found = found.sort_values("severity", key=lambda names: names.map(order), kind="stable")
    if found.empty:
        yield Paragraph("No check has a finding.", "strong")
    for row in found.to_dict("records"):
        yield Card(row["severity"], row["code"], row["title"], row["message"], row["remedy"], _evidence(row))
    for status, said in _OTHERS.items():
        part = rows[rows["status"] == status]
        if len(part):
            lines = tuple(f"{row.title} ({row.code}): {row.message}" for row in part.itertuples())
            yield Fold(f"{words.count(len(part), 'check')} {said}", (Bullets(lines),))


def _evidence(row: dict[str, str]) -> Table | None:
    """The first rows behind a finding, with the number of all; None where it has none."""
    text = row["evidence"]
    if words.missing(text):
        return None
    frame = pd.DataFrame(json.loads(text))
    if frame.empty:
        return None
    frame = frame.replace("", None).dropna(axis=1, how="all").rename(columns=heading)
    shown, above = _without_shared(frame)
    return table(
        shown,
        f"Evidence of {row['code']}, {words.count(len(frame), 'row')}",
        most=ROWS,
        where="; the audit page has all of them",
        above=above,
    )


def _without_shared(frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """A wide table without the columns that hold one value in all rows, and what these hold in a sentence."""
    if len(frame) < 2 or len(frame.columns) < WIDE:
        return frame, ""
    shared = [name for name in frame if frame[name].notna().all() and frame[name].map(str).nunique() == 1]
    said = "; ".join(f"{name} = {cell(frame[name].iloc[0])}" for name in shared)
    return frame.drop(columns=shared), f"In all rows: {said}." if shared else ""
