"""What the overview shows: the flow of cases, images that failed, and the findings by what they came to."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sgcore.domain import Study
from sgcore.plots import Group, words
from sgcore.plots.frames import records
from sgcore.ui import audited, tables
from sgcore.ui.charts import download
from sgcore.ui.navigation import link
from sgcore.ui.text import plain
from sgcore.ui.view import View


def flow_groups(study: Study, failed: pd.Series) -> tuple[Group, list[Group], list[Group]]:
    """Development patients, their two parts, and the external patients of each center.

    A patient belongs to the subset that it has, also where the study's own split makes patients of a
    development center external. ``failed`` are ids of images without features.
    """
    external = study.patients["subset"] == "external"
    development = study.patients[~external]
    parts = [
        _group(study, words.SUBSETS[name], development[development["subset"] == name], failed)
        for name in ("train", "validation")
        if (development["subset"] == name).any()
    ]
    outside = [
        _group(
            study,
            f"External: {center}",
            study.patients[external & (study.patients["center"] == center)],
            failed,
        )
        for center in (*study.external, *study.development)
        if (external & (study.patients["center"] == center)).any()
    ]
    centers = ", ".join(dict.fromkeys(development["center"]))
    return _group(study, f"Development: {centers}", development, failed), parts, outside


def _group(study: Study, title: str, patients: pd.DataFrame, failed: pd.Series) -> Group:
    images = study.images.loc[study.images["patient_id"].isin(patients["patient_id"]), "image_id"]
    positive = int((patients["y"] == 1).sum())
    return Group(
        title, len(patients), len(images), len(patients) - positive, positive, int(images.isin(failed).sum())
    )


def flow_table(groups: list[Group], study: Study) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Part": group.title,
                "Patients": group.patients,
                "Images": group.images,
                "Images without features": group.failed,
                study.negative: group.negative,
                study.positive: group.positive,
            }
            for group in groups
        ]
    )


def failures(view: View) -> None:
    """Images that have no radiomics features in this analysis, with the reason of each."""
    rows = view.frame("failures")
    if rows.empty:
        return
    st.header("Images without radiomics features", anchor=False)
    st.write(
        f"{words.count(len(rows), 'image')} of {len(view.study.images):,} could not be computed and "
        f"{'is' if len(rows) == 1 else 'are'} missing from the Radiomics models."
    )
    tables.table(tables.failures(rows), key="failures")
    download(rows, view, "failures")


def objections(view: View) -> None:
    """Titles of the findings, the gravest first, each a line; the audit page has the evidence."""
    rows = audited.opened(view)
    if rows is None:
        return
    found = audited.ordered(rows[rows["status"] == "finding"])
    if len(found):
        lines = [
            f"- {plain(row.title)} · {audited.SEVERITY[row.severity]} · {plain(row.code)}"
            for row in records(found)
        ]
        st.markdown("\n".join(lines))
    link("evidence-audit", "See the evidence, and what to do")


def notes(view: View) -> None:
    """What was computed, converted or assumed."""
    if view.analysis.notes:
        with st.expander("What was computed, converted or assumed"):
            for note in view.analysis.notes:
                st.markdown(f"- {plain(note)}")
