"""Who was studied: the flow of patients and images, table 1, descriptors, centers."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sgcore import plots
from sgcore.domain import Study
from sgcore.plots import words
from sgcore.report.blocks import Block, Fold, Paragraph, figure, table
from sgcore.report.sections.asked import Asked

#: Letters of a cell of table 1: a variable with fifty levels would fill pages.
LONGEST = 240


def cohort(asked: Asked) -> Iterator[Block]:
    material = asked.material
    study = material.study
    development, parts, external = plots.flow_groups(study, material.frame("failures"))
    everybody = [development, *parts, *external]
    yield Paragraph(_sentence(study), "strong")
    yield figure(
        "flow",
        lambda theme: plots.flow(development, parts, external, theme, (study.negative, study.positive)),
        f"Patients ({study.negative} / {study.positive}) and images of each part.",
        table(plots.flow_table(everybody, study), "patients and images"),
    )
    baseline = material.cohort["baseline"]
    if baseline.empty:
        yield Paragraph(
            "Table 1 has no rows: the study's patients table has no variable that describes them."
        )
    else:
        yield table(_compared(baseline, "variable"), "Table 1: patients by part of the study")
    descriptors = material.cohort["descriptors"]
    if len(descriptors):
        shown = table(_compared(descriptors, "descriptor"), f"descriptors by label, by {material.unit}")
        yield Fold(
            f"Table: {words.count(descriptors['descriptor'].nunique(), 'descriptor')} by label", (shown,)
        )
    if _is_cut(baseline) or _is_cut(descriptors):
        yield Paragraph(
            f"Cells of more than {LONGEST} letters are cut; the cohort page has them whole.", "small"
        )
    yield table(_centers(material.cohort["centers"]), "Centers")


def _centers(rows: pd.DataFrame) -> pd.DataFrame:
    """Names of labels stay as the study writes them."""
    return rows.rename(columns={name: name.capitalize() for name in ("center", "role", "patients", "images")})


def _sentence(study: Study) -> str:
    patients = study.patients
    positive = int((patients["y"] == 1).sum())
    external = int((patients["subset"] == "external").sum())
    outside = f"{words.count(external, 'patient')} external" if external else "none of them external"
    return (
        f"{words.count(len(patients), 'patient')} with {words.count(len(study.images), 'image')} in "
        f"{words.count(patients['center'].nunique(), 'center')}, {positive} {study.positive} and "
        f"{len(patients) - positive} {study.negative}; {outside}."
    )


_TESTED = {"n_patients", "n_images", "test", "p", "smd", "smd_low", "smd_high", "reason", "smd_between"}


def _compared(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table of groups with test and standardized difference, one column a group."""
    own = [column for column in rows.columns if column not in {*_TESTED, name, "subset"}]
    where = {"Set": rows["subset"].map(words.SUBSETS)} if "subset" in rows else {}
    sizes = [
        "–" if words.missing(row.smd) else f"{row.smd:.2f} ({words.interval(row.smd_low, row.smd_high, 2)})"
        for row in rows.itertuples()
    ]
    return pd.DataFrame(
        {
            name.capitalize(): rows[name].map(words.feature),
            **where,
            **{str(column): rows[column].map(_short) for column in own},
            "Patients": rows["n_patients"],
            "Test": rows["test"],
            "p": rows["p"].map(words.p_value),
            "Standardized difference (95% interval)": sizes,
            "Note": rows["reason"].fillna(""),
        }
    )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _is_cut(rows: pd.DataFrame) -> bool:
    return bool(rows.map(lambda value: len(str(value)) > LONGEST).to_numpy().any()) if len(rows) else False
