"""Reporting checklists as data, and their answers from an analysis."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from sgcore.report.answers import ANSWERS, Answer, State
from sgcore.report.material import Material

#: What each state is called.
STATES: dict[State, str] = {
    "data": "answered from data",
    "confirm": "answered, to be confirmed",
    "human": "for a human",
    "not_applicable": "not applicable",
}


@dataclass(frozen=True)
class Item:
    """``id`` is the number in the paper, ``answer`` the name of the function that answers it, ``weight`` of a score."""

    id: str
    section: str
    text: str
    answer: str
    weight: float = 0.0


@dataclass(frozen=True)
class Checklist:
    key: str
    name: str
    citation: str
    items: tuple[Item, ...]

    @property
    def scored(self) -> bool:
        return any(item.weight for item in self.items)


@dataclass(frozen=True)
class Answered:
    item: Item
    answer: Answer


def _read(key: str) -> Checklist:
    """A checklist from its TOML file: ``name``, ``citation`` and sections of items ``[id, text, answer, weight]``."""
    data: dict[str, Any] = tomllib.loads(
        resources.files(__package__).joinpath(f"{key}.toml").read_text("utf-8")
    )
    items = [
        Item(number, section["name"], text, answer, *weight)
        for section in data["section"]
        for number, text, answer, *weight in section["items"]
    ]
    return Checklist(key, data["name"], data["citation"], tuple(items))


CHECKLISTS = tuple(map(_read, ("tripod_ai", "clear", "metrics")))


def answered(checklist: Checklist, material: Material) -> list[Answered]:
    """Every item with its answer, in the order of the checklist."""
    return [Answered(item, ANSWERS[item.answer](material)) for item in checklist.items]


def counts(rows: Sequence[Answered]) -> dict[State, int]:
    """How many items are in each state; all states, in their order."""
    found = Counter(row.answer.state for row in rows)
    return {state: found[state] for state in STATES}


def as_json(checklist: Checklist, rows: Sequence[Answered]) -> dict[str, Any]:
    """A checklist with its answers as plain values."""
    return {
        "key": checklist.key,
        "name": checklist.name,
        "citation": checklist.citation,
        "counts": dict(counts(rows)),
        "items": [
            {
                "id": row.item.id,
                "section": row.item.section,
                "text": row.item.text,
                "state": row.answer.state,
                "answer": row.answer.text,
                "holds": row.answer.holds,
                **({"weight": row.item.weight} if checklist.scored else {}),
            }
            for row in rows
        ],
    }
