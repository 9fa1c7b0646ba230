"""The audit: a card a finding, the gravest first; then the checks without one, each with its answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd

from sgcore.plots import words
from sgcore.report.blocks import Block, Bullets, Card, Fold, Paragraph, Table, table
from sgcore.report.sections.asked import Asked
from sgcore.report.verdict import SEVERITIES

#: Rows of evidence that a card shows.
ROWS = 12
_OTHERS = {
    "muted": "muted, with the reason",
    "not_applicable": "could not be applied, which is no pass",
    "passed": "passed, which shows no more than it says",
}


def findings(asked: Asked) -> Iterator[Block]:
    rows = asked.material.findings
    order = {name: place for place, name in enumerate(SEVERITIES)}
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
    return table(
        frame,
        f"Evidence of {row['code']}, {words.count(len(frame), 'row')}",
        most=ROWS,
        where="; the audit page has all of them",
    )


def heading(name: str) -> str:
    """``n_patients`` as ``n patients``: names of columns are the field's own."""
    return name.replace("_", " ")
