"""On which line of a paper file a value stands, tables of a list (``[[aucs]]``) counted from 1."""

from __future__ import annotations

import re
from collections import Counter


def lines_of_values(text: str) -> dict[str, int]:
    """Line of each head and key: ``paper``, ``paper.title``, ``aucs.2``, ``aucs.2.value``."""
    section, seen = "", Counter[str]()
    places: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line)
        key = re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line)
        if head:
            section = head[2]
            if head[1] == "[[":
                seen[section] += 1
                section = f"{section}.{seen[section]}"
            places.setdefault(section, number)
        elif key:
            places.setdefault(f"{section}.{key[1]}" if section else key[1], number)
    return places


def place_of(location: tuple[str | int, ...]) -> str:
    """A pydantic location as people count: ``('aucs', 1, 'value')`` is ``aucs.2.value``."""
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in location if part != "[key]")
    # A key may be any text; on a terminal it must not act.
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in place)


def line_of_place(lines: dict[str, int], place: str) -> int | None:
    """Line of a value, else of what holds it."""
    while place:
        if place in lines:
            return lines[place]
        place = place.rpartition(".")[0]
    return None
