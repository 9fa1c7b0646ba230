"""What the overview shows: the flow of cases, images that failed, and the findings by what they came to."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sgcore.domain import Study
from sgcore.plots import Group, words
from sgcore.ui import looks, tables
from sgcore.ui.charts import download
from sgcore.ui.navigation import link
from sgcore.ui.text import plain
from sgcore.ui.view import View

#: What each severity is called, the gravest first.
_SEVERITY = {"error": "serious objection", "warning": "warning", "note": "note"}
_STATUS = {"finding": 0, "muted": 1, "not_applicable": 2, "passed": 3}
_AUDIT = "overview: audit"


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


def verdict(view: View) -> str:
    """The audit as counts; a check that does not apply is no pass. Closed for a what-if."""
    if looks.closed(view, _AUDIT):
        return "The audit of this what-if is closed: it names held-out results."
    rows = view.frame("findings")
    if rows.empty:
        return "The audit has not run for this analysis."
    found = rows[rows["status"] == "finding"]["severity"].value_counts()
    parts = [words.count(int(found.get(name, 0)), noun) for name, noun in _SEVERITY.items()]
    other = rows["status"].value_counts()
    return (
        f"Audit: {words.join(parts)}; {words.count(int(other.get('passed', 0)), 'check')} passed, "
        f"{int(other.get('not_applicable', 0))} not applicable, {int(other.get('muted', 0))} muted "
        f"(of {len(rows)} checks so far)."
    )


def findings(view: View) -> None:
    """Each finding with what to do and a link to its evidence; the rest folded.

    Messages name external AUCs, so that those of a what-if are opened, and counted, on demand.
    """
    if not looks.opened(view, _AUDIT, "Show the audit of this what-if"):
        return
    rows = view.frame("findings")
    if rows.empty:
        return
    rows = rows.assign(
        _status=rows["status"].map(_STATUS), _severity=rows["severity"].map(list(_SEVERITY).index)
    ).sort_values(["_status", "_severity", "code"])
    for row in rows[rows["status"] == "finding"].to_dict("records"):
        _card(row)
    rest = rows[rows["status"] != "finding"]
    if len(rest):
        with st.expander(f"{words.count(len(rest), 'check')} without a finding"):
            for row in rest.to_dict("records"):
                status = row["status"].replace("_", " ")
                st.markdown(
                    f"- {plain(row['title'])} ({plain(row['code'])}), {status}: {plain(row['message'])}"
                )


def _card(row: dict[str, str]) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(row['title'])}** · {_SEVERITY[row['severity']]} · {plain(row['code'])}")
        st.markdown(plain(row["message"]))
        if row["remedy"]:
            st.markdown(f"What to do: {plain(row['remedy'])}")
        if row["page"] and row["page"] != "study-overview":
            link(row["page"], "See the evidence")


def notes(view: View) -> None:
    """What was computed, converted or assumed."""
    if view.analysis.notes:
        with st.expander("What was computed, converted or assumed"):
            for note in view.analysis.notes:
                st.markdown(f"- {plain(note)}")
