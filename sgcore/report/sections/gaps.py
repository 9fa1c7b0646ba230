"""What was not done or could not be estimated, each with its reason: nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sgcore.plots import words
from sgcore.report.blocks import Block, Bullets, Paragraph
from sgcore.report.material import Material
from sgcore.report.sections.asked import Asked
from sgcore.report.sections.decision import UNDECIDED

#: What no report of this kind holds, and where it is.
_ELSEWHERE = (
    "Single cases, Grad-CAM maps and SHAP values are not in this file: the pages Case, Gallery and Explanations have "
    "them. Subgroups and other thresholds are on the pages Families and Classifiers."
)


def gaps(asked: Asked) -> Iterator[Block]:
    material = asked.material
    parts = (
        _sections(asked.left_out),
        _families(material),
        _images(material),
        _jobs(material),
        _checks(material),
        _without_folds(material),
        _estimates(material),
        () if material.decision else (UNDECIDED,),
        tuple(
            f"Contradiction that an audit-only import let pass: {text}" for text in material.study.conflicts
        ),
        (_looks(material), _ELSEWHERE),
    )
    items = tuple(text for part in parts for text in part if text)
    yield Bullets(items)
    yield Paragraph(
        "Numbers that could not be estimated are dashes in the tables, with the reason beside them.", "small"
    )


def _sections(titles: tuple[str, ...]) -> tuple[str, ...]:
    return (f"Left out of this report by choice: {'; '.join(titles)}.",) if titles else ()


def _families(material: Material) -> Iterator[str]:
    for row in material.frame("unavailable").itertuples():
        yield f"{row.family}: {row.reason}."


def _images(material: Material) -> Iterator[str]:
    """Images without features, by their reason."""
    rows = material.frame("failures")
    if len(rows):
        for reason, part in rows.groupby("reason", sort=False):
            first = part["image_id"].iloc[0]
            yield f"{words.count(len(part), 'image')} without radiomics features (the first is {first}): {reason}."


def _jobs(material: Material) -> Iterator[str]:
    """Costly jobs that are not done, unless the checks that wait for them say so themselves."""
    rows = material.findings
    waiting = set(rows.loc[rows["status"] == "not_applicable", "code"])
    for job in material.jobs:
        if waiting.intersection(job.codes):
            continue
        if job.reason is not None:
            yield f"{job.title}: not possible here, {job.reason}."
        elif not job.done:
            yield f"{job.title}: not computed for this analysis."


def _checks(material: Material) -> Iterator[str]:
    rows = material.findings
    for row in rows[rows["status"].isin(["not_applicable", "muted"])].itertuples():
        status = "could not be applied" if row.status == "not_applicable" else "muted"
        yield f"{row.title} ({row.code}), {status}: {row.message}"


def _without_folds(material: Material) -> Iterator[str]:
    """Models that have no score of training patients out of fold, so that they have no row there."""
    rows = material.picked()
    inside = set() if rows.empty else set(rows.loc[rows["subset"] == "train", "family"])
    for family, classifier in material.models.values():
        if family not in inside:
            yield f"{family} ({classifier}) has no scores of training patients out of fold, and so no AUC in training."


def _estimates(material: Material) -> Iterator[str]:
    """AUCs, differences and calibrations without a number, counted by reason."""
    for called, kind, value in (
        ("AUC of a picked model", "evaluations", "auc"),
        ("paired difference", "comparisons", "delta"),
        ("measure of calibration", "calibration", "estimate"),
    ):
        rows = material.picked() if kind == "evaluations" else material.frame(kind)
        if rows.empty:
            continue
        rows = rows[(rows["unit"] == material.unit) & rows[value].isna()]
        for reason, part in rows.fillna({"reason": "no reason given"}).groupby("reason", sort=False):
            yield f"{len(part)} × {called} not estimable ({_places(part)}): {reason}."


def _places(rows: pd.DataFrame) -> str:
    """Sets and centers of rows, the first three and how many more."""
    where = [
        words.SUBSETS[row.subset]
        if words.missing(row.center)
        else f"{words.SUBSETS[row.subset]}, {row.center}"
        for row in rows.itertuples()
    ]
    names = list(dict.fromkeys(where))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return "; ".join(names[:3]) + more


def _looks(material: Material) -> str:
    if not material.looks:
        return ""
    return (
        f"Held-out results of what-ifs of this study were opened {material.looks} time(s): their models count as "
        "candidates of the pick."
    )
