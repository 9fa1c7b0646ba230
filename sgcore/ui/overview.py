"""What the overview shows: the flow of cases, and the findings by what they came to."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sgcore.domain import Study, Subset
from sgcore.plots import Group, words
from sgcore.ui.navigation import link
from sgcore.ui.text import plain
from sgcore.ui.view import View

_ORDER = {"error": 0, "warning": 1, "note": 2}
_STATUS = {"finding": 0, "muted": 1, "not_applicable": 2, "passed": 3}


def flow_groups(study: Study) -> tuple[Group, list[Group], list[Group]]:
    """Development patients, their two parts, and each external center."""
    development = study.patients[study.patients["subset"] != "external"]
    parts = [
        _group(study, words.SUBSETS[name], development[development["subset"] == name])
        for name in ("train", "validation")
        if (development["subset"] == name).any()
    ]
    external = [
        _group(study, f"External: {center}", study.patients[study.patients["center"] == center])
        for center in study.external
    ]
    return _group(study, f"Development: {', '.join(study.development)}", development), parts, external


def _group(study: Study, title: str, patients: pd.DataFrame) -> Group:
    images = int(study.images["patient_id"].isin(patients["patient_id"]).sum())
    positive = int((patients["y"] == 1).sum())
    return Group(title, len(patients), images, len(patients) - positive, positive)


def flow_table(groups: list[Group], study: Study) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Part": group.title,
                "Patients": group.patients,
                "Images": group.images,
                study.negative: group.negative,
                study.positive: group.positive,
            }
            for group in groups
        ]
    )


def verdict(findings: pd.DataFrame) -> str:
    """The audit as counts; a check that does not apply is no pass."""
    if findings.empty:
        return "The audit has not run for this analysis."
    found = findings[findings["status"] == "finding"]["severity"].value_counts()
    parts = [
        words.count(int(found.get(name, 0)), noun)
        for name, noun in (("error", "serious objection"), ("warning", "warning"), ("note", "note"))
    ]
    other = findings["status"].value_counts()
    return (
        f"Audit: {words.join(parts)}; {words.count(int(other.get('passed', 0)), 'check')} passed, "
        f"{int(other.get('not_applicable', 0))} not applicable, {int(other.get('muted', 0))} muted "
        f"(of {len(findings)} checks so far)."
    )


def findings(view: View) -> None:
    """Each finding with what to do and a link to its evidence; the rest folded."""
    rows = view.frame("findings")
    if rows.empty:
        return
    rows = rows.assign(
        _status=rows["status"].map(_STATUS).fillna(9), _severity=rows["severity"].map(_ORDER).fillna(9)
    ).sort_values(["_status", "_severity", "code"])
    found = rows[rows["status"] == "finding"]
    for row in found.to_dict("records"):
        with st.container(border=True):
            st.markdown(f"**{plain(row['title'])}** · {plain(row['severity'])} · {plain(row['code'])}")
            st.markdown(plain(row["message"]))
            if row["remedy"]:
                st.markdown(f"What to do: {plain(row['remedy'])}")
            if row["page"] and row["page"] != "study-overview":
                link(row["page"], "See the evidence")
    rest = rows[rows["status"] != "finding"]
    if len(rest):
        with st.expander(f"{words.count(len(rest), 'check')} without a finding"):
            for row in rest.to_dict("records"):
                status = row["status"].replace("_", " ")
                st.markdown(
                    f"- {plain(row['title'])} ({plain(row['code'])}), {status}: {plain(row['message'])}"
                )


def notes(view: View) -> None:
    """What was computed, converted or assumed."""
    if view.analysis.notes:
        with st.expander("What was computed, converted or assumed"):
            for note in view.analysis.notes:
                st.markdown(f"- {plain(note)}")


def dots_caption(subset: Subset, unit: str) -> str:
    """What the dots of the families are."""
    return (
        f"AUC of each family's picked classifier on the {words.IN_SENTENCE[subset]}, by {unit}, with "
        "95% intervals. "
        "Where intervals overlap widely, the order of the dots says little."
    )
