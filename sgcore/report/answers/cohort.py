"""Answers on patients: where they are from, how many, what is missing, how the parts differ."""

from __future__ import annotations

import pandas as pd

from sgcore.plots import words
from sgcore.report import described
from sgcore.report.answers.answer import Answer, begun, confirm, human, more, no, yes
from sgcore.report.material import Material


def purpose(material: Material) -> Answer:
    """What acting on a score means is a part of the purpose."""
    if material.decision is None:
        return human(material)
    wanted = material.decision
    return confirm(
        f"The study file says what one would do above a risk: {wanted.treat}, at risks from "
        f"{words.percent(wanted.low)} to {words.percent(wanted.high)}. For whom and where in the pathway is the "
        "authors' to say."
    )


def aim(material: Material) -> Answer:
    external = f"evaluated in {words.count(len(material.study.external), 'external center')}"
    return confirm(
        f"A model that tells {material.study.positive} from {material.study.negative} is developed"
        f"{f' and {external}' if 'external' in material.subsets else '; there is no external evaluation'}."
    )


def data_source(material: Material) -> Answer:
    return confirm(
        f"{_sizes(material)} Registry, trial or routine care, and whom the patients represent, is the authors' to say."
    )


def centers(material: Material) -> Answer:
    return confirm(f"{_sizes(material)} Kind and place of the centers are the authors' to say.")


def _sizes(material: Material) -> str:
    rows = material.cohort["centers"]
    parts = [
        f"{row['center']} ({row['role']}, {words.count(int(row['patients']), 'patient')})"
        for row in rows.to_dict("records")
    ]
    return f"{words.count(len(rows), 'center')}: {more(parts)}."


def multicenter(material: Material) -> Answer:
    return (yes if len(material.cohort["centers"]) > 1 else no)(_sizes(material))


def preparation(material: Material) -> Answer:
    warned = len(material.study.warnings)
    return confirm(
        f"The import checked tables, images and outlines ({words.count(warned, 'warning')}). "
        f"{' '.join(material.study.notes)} {described.missing(material)} Cleaning before that is the authors' to say."
    )


def outcome(material: Material) -> Answer:
    study = material.study
    return confirm(
        f"Label {study.positive} (positive) against {study.negative} (negative), one a patient. When and how it was "
        "established, and by whom, is the authors' to say."
    )


def reference(material: Material) -> Answer:
    """Whether the reference standard is a good one only people know."""
    return Answer("human", outcome(material).text)


def candidates(material: Material) -> Answer:
    need = material.frame("development_sample")
    if need.empty:
        return human(material)
    parts = [f"{row.family}: {row.candidates:,}" for row in need.itertuples()]
    return confirm(f"Candidates: {'; '.join(parts)}. Why these is the authors' to say.")


def predictors(material: Material) -> Answer:
    study = material.study
    if study.descriptors is None:
        return confirm("Images alone; the study has no descriptors beside radiomics.")
    names = [words.feature(name) for name in study.descriptors.columns if name != "image_id"]
    computed = [words.feature(name) for name in study.computed_descriptors]
    own = f" {words.join(computed)} computed from the outline." if computed else ""
    return confirm(f"Descriptors: {more(names)}.{own} How and when they were read is the authors' to say.")


def sample_size(material: Material) -> Answer:
    """Counts, and what Riley's criteria ask for."""
    study = material.study
    positive = int((study.patients["y"] == 1).sum())
    images = words.count(len(study.images), "image")
    text = f"{words.count(len(study.patients), 'patient')} ({positive} positive), {images}."
    need = material.frame("development_sample")
    known = need[need["n_needed"].notna()] if len(need) else need
    wanted = [
        f"{row.family} {int(row.n_needed):,} for {row.candidates:,} candidates" for row in known.itertuples()
    ]
    if wanted:
        text += (
            f" Training patients that Riley's criteria ask for: {'; '.join(wanted)}; there are "
            f"{int(known['n_patients'].iloc[0])}."
        )
    outside = material.frame("external_sample")
    outside = outside[outside["measure"] == "auc"].dropna(subset=["n_needed"]) if len(outside) else outside
    own = outside[outside["family"] == material.best] if len(outside) else outside
    if len(own):
        row = own.iloc[0]
        text += (
            f" External patients for an interval of width {row['wanted_width']:g} of the AUC of {material.best}: "
            f"{int(row['n_needed']):,}; there are {int(row['n_patients'])}."
        )
    return Answer("data", f"{text} No size was planned in the study's files.")


def missing(material: Material) -> Answer:
    return yes(described.missing(material))


def split(material: Material) -> Answer:
    return yes(described.split(material))


def imbalance(material: Material) -> Answer:
    """Counts of both labels, and whether anything was done."""
    rows = material.study.patients
    parts = [
        f"{words.SUBSETS[name].lower()} {int((part['y'] == 1).sum())} / {int((part['y'] == 0).sum())}"
        for name, part in rows.groupby("subset", sort=False)
    ]
    deep = material.config.deep
    weighed = (
        " The loss of the networks was weighed by label." if deep is not None and deep.class_weights else ""
    )
    return yes(
        f"Positive / negative patients: {'; '.join(parts)}. No resampling of cases.{weighed} Folds are "
        "stratified by label."
    )


def shift(material: Material) -> Answer:
    """The variables of table 1 that differ most between the parts."""
    rows = material.cohort["baseline"]
    sized = rows[rows["smd"].notna()] if len(rows) else rows
    if sized.empty:
        return confirm(
            "Table 1 has no standardized difference: the patients table has no variable that describes them."
        )
    order = sized.assign(size=sized["smd"].abs()).sort_values("size", ascending=False)
    parts = [f"{words.feature(row.variable)} {row.size:.2f}" for row in order.itertuples()]
    return Answer(
        "data",
        f"Standardized differences between development and external patients (training and validation where none is "
        f"external): {more(parts, 6)} (above 0.1 worth a look). Setting and eligibility are the authors' to compare.",
    )


def flow(material: Material) -> Answer:
    return confirm(
        f"The figure has everybody in the study's tables. {group_sizes(material).text} Patients who were excluded "
        "before are the authors' to count."
    )


def group_sizes(material: Material) -> Answer:
    cases = material.study.cases()
    parts = []
    for name, part in cases.groupby("subset", sort=False):
        patients: pd.Series = part.groupby("patient_id")["y"].first()
        sizes = words.cases(len(patients), len(part))
        parts.append(f"{words.SUBSETS[name].lower()} {sizes} ({int(patients.sum())} positive patients)")
    return yes(begun(f"{'; '.join(parts)}."))


def characteristics(material: Material) -> Answer:
    rows = material.cohort["baseline"]
    if rows.empty:
        return no("The patients table has no variable that describes patients.")
    names = [words.feature(name) for name in rows["variable"]]
    return yes(f"Table 1 compares {more(names)} between the parts, missing values counted.")
