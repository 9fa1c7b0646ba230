"""Everything that determines the numbers: settings, parameter file, versions, notes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from sgcore.config import as_dict
from sgcore.report import described_extraction
from sgcore.report.blocks import Block, Bullets, Fold, Paragraph, Table, table
from sgcore.report.material import Material
from sgcore.report.sections.asked import Asked


def appendix(asked: Asked) -> Iterator[Block]:
    material = asked.material
    yield Fold("Table: settings of the analysis", (_pairs(_settings(material), "settings", "Setting"),))
    parameters = described_extraction.parameters(material)
    if parameters is not None:
        yield Fold(
            "Table: parameters of PyRadiomics",
            (
                _pairs(
                    _flat(parameters),
                    f"parameter file {described_extraction.preset_name(material)}",
                    "Parameter",
                ),
            ),
        )
    yield Fold(
        "Table: versions", (_pairs(dict(material.versions), "versions that decide the numbers", "Name"),)
    )
    if material.notes:
        yield Fold("Notes of the analysis", (Bullets(material.notes),))
    else:
        yield Paragraph("The analysis has no notes.", "small")


def _settings(material: Material) -> dict[str, str]:
    """All settings; of a file of one's own the name without its folder."""
    values = as_dict(material.config)
    values["preset"] = described_extraction.preset_name(material)
    return _flat(values)


def _flat(values: dict[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in values.items():
        called = f"{before}{name}"
        if isinstance(value, dict) and value:
            found |= _flat(value, f"{called}.")
        else:
            found[called] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return found


def _pairs(values: dict[str, str], caption: str, name: str) -> Table:
    return table(pd.DataFrame({name: list(values), "Value": list(values.values())}), caption)
