"""What the numbers of a paper say: the answer in words, the AUCs with the intervals of their counts, the findings."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from sgcore import plots
from sgcore.audit.published import PaperFinding
from sgcore.plots import words
from sgcore.ui import tables
from sgcore.ui.charts import chart
from sgcore.ui.published import Typed
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme

#: Lines of the figure; the table has the rest.
_DRAWN = 12


def sentence(found: Typed) -> str:
    """Whether the paper's own numbers hold."""
    if found.empty:
        return "No paper is typed in yet. Type what it prints, upload a paper file, or look at the example."
    if found.problems:
        return (
            f"These numbers cannot be checked yet: {words.count(len(found.problems), 'problem')} in the form."
        )
    said = "the example" if found.example else "this paper"
    hits = [finding for finding in found.findings if finding.status == "finding"]
    if not hits:
        passed = sum(finding.status == "passed" for finding in found.findings)
        rest = len(found.findings) - passed
        return f"No check objects to the numbers of {said}: {passed} passed, {rest} do not apply, which is no pass."
    grave = [
        words.count(n, noun) for severity, noun in words.SEVERITIES.items() if (n := _of(hits, severity))
    ]
    return f"The numbers of {said} raise {words.join(grave)}{_interval(found.findings)}."


def _of(findings: list[PaperFinding], severity: str) -> int:
    return sum(finding.severity == severity for finding in findings)


def _interval(findings: list[PaperFinding]) -> str:
    """What the first AUC that a held-out set has may be, by its own counts."""
    rows = auc_rows(findings)
    if rows.empty:
        return ""
    row = rows.iloc[0]
    limits = words.interval(row["ci_low"], row["ci_high"])
    return f"; {row['family']}'s AUC of {row['auc']:.3f} ({row['classifier']}) has a 95% interval of {limits}"


def auc_rows(findings: list[PaperFinding]) -> pd.DataFrame:
    """AUCs as rows of ``evaluations``, by patient where their number is known: external sets and the highest first."""
    rows: list[dict[str, Any]] = next(
        (finding.values.get("rows", []) for finding in findings if finding.code == "SGP010"), []
    )
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    by_patient = set(zip(frame["set"], frame["model"], frame["unit"] == "patient", strict=True))
    keep = [
        row["unit"] == "patient" or (row["set"], row["model"], True) not in by_patient
        for _, row in frame.iterrows()
    ]
    frame = frame[keep]
    order = {name: i for i, name in enumerate(("external", "validation", "training", "development", "all"))}
    n = frame["n_pos"] + frame["n_neg"]
    made = pd.DataFrame(
        {
            "family": frame["model"],
            "set": frame["set"],
            "classifier": [
                f"{name}, {words.count(int(k), unit)}"
                for name, k, unit in zip(frame["set"], n, frame["unit"], strict=True)
            ],
            "n_patients": n.where(frame["unit"] == "patient"),
            "n_images": n.where(frame["unit"] == "image"),
            **{name: frame[name] for name in ("auc", "ci_low", "ci_high", "n_pos", "n_neg", "split")},
            "reason": "",
            "_role": frame["role"].map(order),
        }
    )
    return made.sort_values(["_role", "auc"], ascending=[True, False], kind="stable", ignore_index=True)


def show(found: Typed, view: View) -> None:
    """The AUCs with intervals, then the findings, the gravest first, then what passed or does not apply."""
    if found.paper is None:
        small("The findings stand here as soon as the numbers make a paper.")
        return
    rows = auc_rows(found.findings)
    if len(rows):
        shown = rows[rows["_role"] <= 1] if (rows["_role"] <= 1).any() else rows
        _figure(shown, rows, view)
    order = list(words.SEVERITIES)
    hits = [finding for finding in found.findings if finding.status == "finding"]
    for finding in sorted(hits, key=lambda each: order.index(each.severity)):
        _card(finding)
    rest = [finding for finding in found.findings if finding.status != "finding"]
    with st.expander(f"{words.count(len(rest), 'check')} without a finding"):
        for finding in rest:
            status = finding.status.replace("_", " ")
            st.markdown(f"- {plain(finding.title)} ({finding.code}), {status}: {plain(finding.message)}")


def _figure(shown: pd.DataFrame, rows: pd.DataFrame, view: View) -> None:
    named = shown.assign(
        **{to: shown[name].map(_label) for to, name in (("family", "family"), ("classifier", "set"))}
    )
    figure = go.Figure(plots.family_dots(named[:_DRAWN], theme()))
    # Half of the page has no room for the words that the axis has elsewhere.
    figure.update_xaxes(
        tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0", "0.25", "0.5", "0.75", "1"], tickangle=0
    )
    chart(
        figure,
        View(None, None, None, "patient", view.picture),
        name="published-aucs",
        says="Reported AUCs with the 95% interval that the number of cases allows (Hanley and McNeil), by patient "
        "where the paper gives their number, else by image as if images were independent. Dotted: chance.",
        table=pd.DataFrame(
            {
                "Model": rows["family"],
                "Cases": rows["classifier"],
                "AUC (95% interval)": tables.with_interval(rows, "auc"),
                "Positive": rows["n_pos"],
                "Negative": rows["n_neg"],
                "Class counts": rows["split"].map(
                    {"printed": "printed", "assumed": "assumed", "unknown": "not given, likeliest"}
                ),
            }
        ),
        beside=False,
    )


def _label(name: str) -> str:
    """A name from the paper as a figure can show it."""
    return words.inert(words.short(name))


def _card(finding: PaperFinding) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(finding.title)}** · {words.SEVERITIES[finding.severity]} · {finding.code}")
        st.markdown(f"**Arithmetic.** {plain(finding.arithmetic)}")
        st.markdown(f"**What to do.** {plain(finding.remedy)}")
        with st.expander("What is assumed, and the numbers"):
            if finding.assumption:
                st.markdown(f"**Assumption.** {plain(finding.assumption)}")
            frame = table_of(finding.values)
            if len(frame):
                tables.table(frame, key=f"published_{finding.code}")


def table_of(values: dict[str, Any]) -> pd.DataFrame:
    """The rows of a finding for reading: names without underscores, lists and pairs as text."""
    frame = pd.DataFrame(values.get("rows", []))
    for name in frame.columns:
        if frame[name].map(lambda value: isinstance(value, list | dict)).any():
            frame[name] = frame[name].map(_text)
    if "ci_low" in frame:
        frame.insert(
            0, "95% interval", [words.interval(*row) for row in frame[["ci_low", "ci_high"]].to_numpy()]
        )
        frame = frame.drop(columns=["ci_low", "ci_high"])
    return frame.rename(columns=lambda name: str(name).replace("_", " ").capitalize().replace("Auc", "AUC"))


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {'none' if each is None else f'{each:.3f}'}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
