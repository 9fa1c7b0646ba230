"""Which features each family kept, how many were left after each step, and which are numerical residue."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sgcore import plots
from sgcore.features import residue_image_types
from sgcore.plots import words
from sgcore.report.blocks import Block, Paragraph, figure, table
from sgcore.report.sections.asked import Asked

_TESTS = {"student": "Student's t", "welch": "Welch's t", "mannwhitney": "Mann-Whitney U"}


def selection(asked: Asked) -> Iterator[Block]:
    material = asked.material
    trace, counts = material.frame("selection"), material.frame("counts")
    if counts.empty:
        yield Paragraph("No family selects features.", "strong")
        return
    kept = trace[trace["step"] == "selected"]
    sizes = kept["family"].value_counts()
    yield Paragraph(
        "Selected: " + "; ".join(
            f"{row.family} {int(sizes.get(row.family, 0))} of {words.count(int(row.features), 'feature')}"
            for row in counts.itertuples()
        ) + ".",
        "strong",
    )  # fmt: skip
    largest = counts.loc[counts["features"].astype(int).idxmax()]
    family = str(largest["family"])
    yield figure(
        "funnel",
        lambda theme: plots.funnel(largest, theme, color=theme.family(family)),
        f"{family}: features left after each step; bars grow with the square root.",
        table(counts.rename(columns={"family": "Family", **plots.STEPS}), "features left after each step"),
    )
    if kept.empty:
        yield Paragraph("No feature is left in any family.")
        return
    residue = _residue(material.frame("residue"))
    yield table(_table(kept, residue), "Selected features")


def _residue(ratios: pd.DataFrame) -> set[str]:
    """Image types that are numerical residue on these images."""
    return set(residue_image_types(ratios)) if len(ratios) else set()


def _table(rows: pd.DataFrame, residue: set[str]) -> pd.DataFrame:
    """A row a feature and test, with the families that kept it and its coefficient in each."""
    found = []
    for (feature, test), part in rows.groupby(["feature", "test"], sort=False, dropna=False):
        first = part.iloc[0]
        found.append(
            {
                "Feature": feature,
                "In words": words.named(str(feature), first["image_type"] in residue),
                "Kept by (coefficient)": "; ".join(
                    row.family
                    if words.missing(row.coefficient)
                    else f"{row.family} ({words.signed(row.coefficient)})"
                    for row in part.itertuples()
                ),
                "Test": _TESTS.get(str(test), test),
                "p": words.p_value(first["p"]),
                "p, patients counted": words.p_value(first["p_clustered"]),
            }
        )
    return pd.DataFrame(found)
