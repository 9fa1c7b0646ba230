"""What it says that the center can, or cannot, be told from the features; plain functions over result frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sgcore.plots import words
from sgcore.ui import tables

if TYPE_CHECKING:
    from sgcore.workflow import CenterSignal

#: Features as a sentence names them, and as a table does.
_SETS = {
    "harmonized": ("radiomics features after ComBat", "Radiomics after ComBat"),
    "radiomics": ("radiomics features", "Radiomics as extracted"),
    "same_patients": (
        "the same patients' radiomics features before ComBat",
        "Radiomics before ComBat, same patients",
    ),
    "deep": ("components of deep features", "Deep features (components), held-out images"),
}
MEANING = (
    "This is a note, no error. Features differ by center where devices, settings or patients do. A model can lean on "
    "such differences, and another center does not have them: one reason why it may not travel. Patients are held "
    "against patients of other centers with the same label, so that a center with more positives is not told by these "
    "alone."
)
AFTER_COMBAT = (
    "After harmonization less should be left to tell. ComBat was fitted on training patients who are among these; what "
    "it takes out of their features can push the AUC below 0.5."
)
DEEP = (
    "Deep features are those of images that did not train the network: what it learned by heart of its own training "
    "images would tell their center."
)


def told(row: pd.Series) -> str:
    """The first sentence: the AUC, whether chance reaches it, and of how many patients and centers."""
    what = _what(row)
    if row["reason"]:
        return f"Whether the center can be told from the {_SETS[row['features']][0]} is not known: {row['reason']}."
    if is_told(row):
        return f"The center can be told from the {what}: {_numbers(row)}."
    return (
        f"It is not shown that the center can be told from the {what}: {_numbers(row)}. That does not show that the "
        "centers are alike."
    )


def other(row: Any) -> str:
    """Another set of features, in a line."""
    if row["reason"]:
        return f"{_SETS[row['features']][1]}: no AUC, {row['reason']}."
    return f"{_SETS[row['features']][1]}: {_numbers(row)}."


def is_told(row: pd.Series) -> bool:
    """Whether fewer than one permutation in twenty reaches the AUC."""
    return bool(row["p"] <= 0.05)


def _what(row: pd.Series) -> str:
    return f"{row['n_features']:,} {_SETS[row['features']][0]}"


def _numbers(row: Any) -> str:
    # The smallest p is a matter of how many permutations there are.
    least = row["p"] <= 1 / (row["permutations"] + 1)
    floor = f", the smallest that {row['permutations']:,.0f} permutations can give" if least else ""
    return (
        f"AUC {words.auc(row['auc'])} among patients with the same label, where 0.5 is chance (p = "
        f"{words.p_value(row['p'])}{floor}; {words.patients(row)}, {words.count(int(row['n_centers']), 'center')})"
    )


def groups(row: pd.Series, least: int = 10) -> str:
    """Which centers stand together or are left out, and why; nothing where each stands alone."""
    small = f"with fewer than {least} patients"
    parts = []
    if row["merged"]:
        parts.append(f"Centers {small} stand together as “other centers”: {row['merged']}.")
    if row["left_out"]:
        parts.append(f"Left out, {small} even together: {row['left_out']}.")
    if row["n_dropped"]:
        parts.append(f"{words.count(int(row['n_dropped']), 'feature')} not used: incomplete, or constant.")
    return " ".join(parts)


def by_center(found: CenterSignal, features: str) -> str:
    """How well each center is told from the others, in the order of the study."""
    rows = found.centers[(found.centers["features"] == features) & found.centers["auc"].notna()]
    parts = [f"{row['center']} {words.auc(row['auc'])}" for row in rows.to_dict("records")]
    return f"Each center against the others: {', '.join(parts)}."


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """The sets of features as people read them."""
    return pd.DataFrame(
        {
            "Features": [_SETS[name][1] for name in rows["features"]],
            "AUC within label": rows["auc"],
            "p": rows["p"].map(words.p_value),
            "p, 95% limits (Monte Carlo)": _interval(rows, "p_low", "p_high"),
            "Chance, median": rows["chance_median"],
            "Chance, 95th percentile": rows["chance_95"],
            "Patients": rows["n_patients"],
            "Centers": rows["n_centers"],
            "Features used": rows["n_features"],
            "Features dropped": rows["n_dropped"],
            "Taken together": rows["merged"],
            "Left out": rows["left_out"],
            **tables.why(rows),
        }
    )


def centers_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Each center of each set of features."""
    return pd.DataFrame(
        {
            "Features": [_SETS[name][1] for name in rows["features"]],
            "Center": rows["center"],
            "AUC within label": [tables.number(value, 3) for value in rows["auc"]],
            "Patients": rows["n_patients"],
            "Positive": rows["n_pos"],
            "Negative": rows["n_neg"],
            **tables.why(rows),
        }
    )


def meaning(sets: set[str]) -> str:
    """What to make of it, with what is particular to the sets of features that there are."""
    particular = [text for name, text in (("harmonized", AFTER_COMBAT), ("deep", DEEP)) if name in sets]
    return " ".join([MEANING, *particular])


def _interval(rows: pd.DataFrame, low: str, high: str) -> list[Any]:
    return [
        "–" if words.missing(a) else words.interval(a, b) for a, b in zip(rows[low], rows[high], strict=True)
    ]
