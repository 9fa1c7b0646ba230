"""The answer to one item of a checklist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sgcore.plots import words
from sgcore.report.material import Material

State = Literal["data", "confirm", "human", "not_applicable"]


@dataclass(frozen=True)
class Answer:
    """``data``: the results say it; ``confirm``: they say a part, or suggest it; ``human``: they do not say it.

    ``holds`` is whether what the item asks for is there, None where that is not known.
    """

    state: State
    text: str
    holds: bool | None = None


def human(material: Material) -> Answer:
    """Nothing in the study's files says it."""
    return Answer("human", "Not in the study's files: the authors' to say.")


def yes(text: str) -> Answer:
    return Answer("data", text, True)


def no(text: str) -> Answer:
    return Answer("data", text, False)


def confirm(text: str, holds: bool | None = None) -> Answer:
    return Answer("confirm", text, holds)


def apart(text: str) -> Answer:
    return Answer("not_applicable", text)


def cited(material: Material, *codes: str) -> str:
    """How checks of the audit ended, those that there are and that could be applied; empty without any."""
    found = [material.finding(code) for code in codes]
    said = [
        f"{row['code']} ({row['title']}): {row['status']}"
        for row in found
        if row and row["status"] != "not_applicable"
    ]
    return f"The audit has {'; '.join(said)}." if said else ""


def begun(text: str) -> str:
    """A sentence with a large first letter; names in it stay as they are."""
    return text[:1].upper() + text[1:]


def more(names: list[str], most: int = 12) -> str:
    """Names in a row, the first ones and how many more."""
    rest = len(names) - most
    return (
        ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "") if rest > 0 else words.join(names)
    )
