"""On which line of a TOML document a key stands; the parser does not tell."""

from __future__ import annotations

import re


def lines_of_keys(text: str) -> dict[str, int]:
    """Line of each ``section`` head and ``section.key`` of the document, the first where it stands twice."""
    section = ""
    places: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*\[([^\[\]]+)\]", line)
        if head:
            section = head[1].strip()
            places.setdefault(section, number)
            continue
        key = re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line)
        if key:
            places.setdefault(f"{section}.{key[1]}" if section else key[1], number)
    return places


def line_of(lines: dict[str, int], keys: list[str]) -> int | None:
    """Line of a key, else of the key that holds it (an inline table); a section's head holds no line for it."""
    wanted = ".".join(keys)
    if wanted in lines or len(keys) < 2:
        return lines.get(wanted)
    return next(
        (lines[part] for n in range(len(keys) - 1, 1, -1) if (part := ".".join(keys[:n])) in lines), None
    )
