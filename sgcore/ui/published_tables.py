"""A paper file as the tables and fields of a form, and back: sections of the file on one side, cells on the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sgcore.plots.words import missing

#: Columns of each table of the form: the keys of its section; counts are whole numbers, the rest is text.
COLUMNS: dict[str, tuple[str, ...]] = {
    "sets": ("name", "role", "patients", "images", "patients_positive", "images_positive", "split_assumed"),
    "aucs": ("set", "model", "value", "unit", "low", "high"),
    "proportions": (
        "set", "model", "unit", "sensitivity", "specificity", "accuracy", "ppv", "npv", "precision", "recall", "f1",
    ),
    "picks": ("what", "candidates", "set", "picked"),
    "comparisons": ("set", "a", "b", "p"),
    "classes": ("class", "features"),
}  # fmt: skip
COUNTS = {"patients", "images", "patients_positive", "images_positive", "candidates", "features"}
FLAGS = {"split_assumed"}
#: Keys of a section that the form takes as names between commas.
LISTS = ("image_types", "selected")


def frame_of(raw: Mapping[str, Any], table: str) -> pd.DataFrame:
    """The cells of one table; typed, so that an empty one can be filled as well."""
    rows = _rows(raw, table)
    made = pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype="object") for name in COLUMNS[table]}
    )
    for name in made.columns:
        if name in FLAGS:
            made[name] = made[name].map(bool).astype(bool)
        elif name in COUNTS:
            made[name] = pd.array(made[name], dtype="Int64")
        else:
            made[name] = made[name].map(lambda value: None if value is None else str(value)).astype("string")
    return made


def _rows(raw: Mapping[str, Any], table: str) -> list[dict[str, Any]]:
    if table == "classes":
        classes = raw.get("features", {}).get("classes", {})
        return [{"class": name, "features": count} for name, count in classes.items()]
    rows = [dict(row) for row in raw.get(table, [])]
    for row in rows:
        if "interval" in row:
            row["low"], row["high"] = row.pop("interval")
    return rows


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as a paper file has them; empty cells are left out, and rows without any."""
    found = []
    for record in frame.to_dict("records"):
        row = {
            str(name): value
            for name, cell in record.items()
            if (value := _value(str(name), cell)) is not None
        }
        if not set(row) - FLAGS:
            continue
        limits = [row.pop(name) for name in ("low", "high") if name in row]
        if limits:
            row["interval"] = limits
        found.append(row)
    return found


def _value(name: str, cell: Any) -> Any:
    """A cell as a value of the file; None where nothing was typed."""
    if missing(cell):
        return None
    if name in FLAGS:
        return True if cell else None
    if name in COUNTS:
        return int(cell)
    text = str(cell).strip()
    return text or None


def raw_of(frames: Mapping[str, pd.DataFrame], fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The paper file of a form: ``frames`` by table, ``fields`` by section (``paper``, ``features``, ``development``).

    Sections in which nothing was typed are left out.
    """
    typed = {
        section: {
            key: value for key, each in values.items() if (value := _field(key, each)) not in (None, [])
        }
        for section, values in fields.items()
    }
    classes = {row.get("class", ""): row.get("features", 0) for row in rows_of(frames["classes"])}
    if classes:
        typed["features"]["classes"] = classes
    tables = {name: rows_of(frame) for name, frame in frames.items() if name != "classes"}
    raw: dict[str, Any] = {"paper": typed["paper"]}
    raw |= {name: rows for name in ("sets", "aucs", "proportions", "picks") if (rows := tables[name])}
    if typed["features"]:
        raw["features"] = typed["features"]
    if tables["comparisons"]:
        raw["comparisons"] = tables["comparisons"]
    if typed["development"]:
        raw["development"] = typed["development"]
    return raw


def _field(key: str, value: Any) -> Any:
    """A field as a value of the file: text without spaces around it, names between commas, whole numbers, or none."""
    if isinstance(value, bool):
        return value or None
    if isinstance(value, str):
        text = value.strip()
        if key in LISTS:
            return [name.strip() for name in text.replace("\n", ",").split(",") if name.strip()]
        return text or None
    return None if value is None else int(value)
