"""The reporting checklists: how many items are answered and by whom, each item folded, and the METRICS score."""

from __future__ import annotations

from collections.abc import Iterator

from sgcore.plots import words
from sgcore.report.blocks import Block, Fold, Paragraph, Table
from sgcore.report.checklists import CHECKLISTS, STATES, answered, counts
from sgcore.report.metrics_score import metrics_score
from sgcore.report.sections.asked import Asked


def checklists(asked: Asked) -> Iterator[Block]:
    yield Paragraph(
        "Items are in our words; read them beside the checklists themselves. An answer from data is not yet a good "
        "answer: it says what was found, also where that is a lack.",
        "small",
    )
    for checklist in CHECKLISTS:
        rows = answered(checklist, asked.material)
        parts = [f"{number} {STATES[state]}" for state, number in counts(rows).items() if number]
        yield Paragraph(f"{checklist.name}: {', '.join(parts)} (of {len(rows)} items).", "strong")
        if checklist.scored:
            yield Paragraph(metrics_score(rows).sentence)
        cells = tuple(
            (row.item.id, row.item.section, row.item.text, STATES[row.answer.state], row.answer.text)
            for row in rows
        )
        caption = f"{checklist.name}. {checklist.citation}"
        items = Table(("Item", "Section", "What it asks for", "State", "Answer"), cells, caption)
        yield Fold(f"{checklist.name}: {words.count(len(rows), 'item')}", (items,))
