"""A paper file from typed values: the standard library reads TOML and does not write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def toml_text(raw: Mapping[str, Any]) -> str:
    """TOML of sections (tables), lists of tables and plain values, in the order given.

    Raises
    ------
    TypeError : a value that a paper file cannot hold.
    """
    blocks = []
    for name, value in raw.items():
        if isinstance(value, Mapping):
            blocks += _section(name, value)
        else:
            blocks += [_block(f"[[{name}]]", row) for row in value]
    return "\n\n".join(blocks) + "\n"


def _section(name: str, value: Mapping[str, Any]) -> list[str]:
    """A table, and the tables within it after its own keys, as TOML asks."""
    plain = {key: each for key, each in value.items() if not isinstance(each, Mapping)}
    inner = {key: each for key, each in value.items() if isinstance(each, Mapping)}
    blocks = [_block(f"[{name}]", plain)]
    for key, each in inner.items():
        blocks += _section(f"{name}.{key}", each)
    return blocks


def _block(head: str, row: Mapping[str, Any]) -> str:
    return "\n".join([head, *(f"{_key(key)} = {_value(value)}" for key, value in row.items())])


def _key(name: str) -> str:
    bare = name and all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in name)
    return name if bare else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for the one control character that JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    raise TypeError(f"a paper file cannot hold {value!r}; write it as text.")
