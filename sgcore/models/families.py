"""The five families of models and what each needs from a study."""

from __future__ import annotations

#: Family -> what it is made of, in words.
NEEDS = {
    "US": "descriptors read from the images",
    "Radiomics": "radiomics features",
    "DL": "scores of a network",
    "RadiomicsDL": "radiomics features and deep features",
    "Combined": "radiomics features, deep features and descriptors",
}


def missing_family(family: str, *, deep: bool) -> str | None:
    """Why a family cannot be made without deep features, or ``None``."""
    if family in ("DL", "RadiomicsDL", "Combined") and not deep:
        return f"needs {NEEDS[family]}; networks were left out of this run"
    return None
