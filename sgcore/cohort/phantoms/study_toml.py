"""The study file of a phantom cohort."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd

from sgcore.cohort.phantoms.truth import NEGATIVE, POSITIVE


def study_toml(name: str, people: pd.DataFrame, tables: Sequence[str]) -> str:
    """TOML of a study whose ``tables`` are files of these names and whose patients bring their ``subset``."""
    outside = people["subset"] == "external"
    # A JSON string or list of strings is one of TOML.
    development, external = (
        json.dumps(sorted(people.loc[part, "center"].unique())) for part in (~outside, outside)
    )
    lines = [
        "# Synthetic phantoms of a simulation. No patient is in it.",
        f"name = {json.dumps(name)}",
        "",
        "[label]",
        f"negative = {json.dumps(NEGATIVE)}",
        f"positive = {json.dumps(POSITIVE)}",
        "",
        "[centers]",
        f"development = {development}",
        f"external = {external}",
        "",
        "[split]",
        'column = "subset"',
        "",
        "[tables]",
        *(f'{table} = "{table}.csv"' for table in tables),
        "",
        "[decision]",
        'treat = "look for a primary tumor elsewhere"',
        "thresholds = [0.2, 0.6]",
    ]
    return "\n".join(lines) + "\n"
