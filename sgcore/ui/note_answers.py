"""What the case page says of readers' notes: by whom, when, and what the reader could see."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore.plots import words
from sgcore.workflow import Seen

NAME_HELP = (
    "It stands on your notes. Nobody checks it: whoever gives the same name may change or withdraw them. It is kept "
    "until this tab is closed or loaded again."
)
TEXT_HELP = (
    "Plain text of at most 4,000 letters. It is stored with the study on this computer, with the time and with what "
    "of the case was on the page."
)


def heading(row: Any) -> str:
    """``2026-11-29 10:20 UTC · label and scores hidden when written``; ``row`` of the frame ``case_notes``."""
    shown = seen(Seen(label=row.saw_label, scores=row.saw_scores, notes=row.saw_notes))
    changed = "" if words.missing(row.replaces) else "changed "
    return f"{changed}{row.written_at:%Y-%m-%d %H:%M} UTC · {shown}"


def seen(shown: Seen) -> str:
    """What was on the page, in words; other notes matter only where they could give away what was hidden."""
    if shown.label and shown.scores:
        return "label and scores visible when written"
    if shown.label or shown.scores:
        known, unknown = ("label", "scores") if shown.label else ("scores", "label")
        text = f"{known} visible, {unknown} hidden"
    else:
        text = "label and scores hidden"
    return f"{text}{', other notes visible' if shown.notes else ''} when written"


def safe(rows: pd.DataFrame, author: str) -> pd.Series:
    """Which notes tell ``author`` nothing new: own ones, written while label, scores and other notes were hidden."""
    blind = ~rows[["saw_label", "saw_scores", "saw_notes"]].any(axis=1)
    return blind & (rows["author"] == author)


def withheld(number: int) -> str:
    """How many notes are hidden with label and scores, and how to come to them."""
    return (
        f"{words.count(number, 'note')} may give label or scores away. Such notes are shown when asked for, the "
        "download of all notes with label and scores alone."
    )


def on_record(rows: pd.DataFrame) -> str:
    """How many earlier notes are no longer shown; empty where there are none."""
    counts = rows["status"].value_counts()
    parts = [f"{counts[name]} {name}" for name in ("replaced", "withdrawn") if counts.get(name, 0)]
    if not parts:
        return ""
    return f"No longer shown, but on record and in the download: {words.join(parts)}."
