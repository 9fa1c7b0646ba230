"""Models at the thresholds that they carry, as a part of the families and of the classifiers page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sgcore import plots
from sgcore.plots import words
from sgcore.stats.paired_proportions import EXACT, EXACT_BELOW
from sgcore.ui import at_cases, operating_answers, results, tables
from sgcore.ui.answers import because
from sgcore.ui.charts import chart
from sgcore.ui.page import answer
from sgcore.ui.prevalence import pick as pick_prevalence
from sgcore.ui.results import Shown
from sgcore.ui.text import plain
from sgcore.ui.view import View, theme

#: What the part of a page is called.
PART = "Sensitivity and specificity"


def part(view: View, shown: Shown, *, name: str) -> None:
    """Sensitivity and specificity, predictive values at the reader's prevalence, paired differences."""
    if shown.rows.empty:
        st.write("No model has scores for these cases.")
        return
    models = shown.models
    cases = operating_answers.Counted(shown.at, view.study.negative, view.study.positive)
    at_mix = at_cases.operating_points(view.analysis.id, models, shown.at, prevalence=None)
    pairs = at_cases.operating_comparisons(view.analysis.id, models, shown.at)
    answer(operating_answers.called(at_mix, pairs, cases))
    _dots(
        view,
        shown,
        at_mix,
        ("sensitivity", "specificity"),
        f"{name}-sensitivity-specificity",
        _threshold_caption(view, shown),
    )
    st.header("What an answer of the model means", anchor=False)
    prevalence = pick_prevalence(view, shown.at.subgroup)
    points = at_cases.operating_points(view.analysis.id, models, shown.at, prevalence=prevalence)
    said = operating_answers.predictive(points, cases, prevalence)
    if said:
        st.markdown(plain(said))
    if points.loc[points["measure"].isin(["ppv", "npv"]), "estimate"].notna().any():
        _dots(
            view,
            shown,
            points,
            ("ppv", "npv"),
            f"{name}-predictive-values",
            _prevalence_caption(prevalence, shown),
        )
    _differences(view, shown, pairs, name)


def _dots(
    view: View, shown: Shown, points: pd.DataFrame, measures: tuple[str, str], name: str, says: str
) -> None:
    chart(
        plots.operating_dots(points, theme(), measures, colors=shown.colors),
        view,
        name=name,
        says=says,
        table=tables.operating(points, measures, origin=_origin(view, shown)),
        raw=points[points["measure"].isin(measures)],
    )


def _origin(view: View, shown: Shown) -> str:
    """Where the thresholds are from; training cases are those on which they were chosen."""
    origin = results.threshold_origin(view)
    return f"{origin}: chosen on these cases" if shown.at.subset == "train" else origin


def _threshold_caption(view: View, shown: Shown) -> str:
    text = (
        f"Each model at its threshold from {results.threshold_origin(view)}: of the positive cases "
        "the share called positive, of the negative ones the share called negative."
    )
    if view.unit == "image":
        text += " Intervals are clustered by patient."
    return f"{text} The threshold was chosen on these cases." if shown.at.subset == "train" else text


def _prevalence_caption(prevalence: float | None, shown: Shown) -> str:
    if prevalence is None:
        whose = "study" if shown.at.subgroup is None else "subgroup"
        return (
            f"How often a positive and a negative answer are right in the {whose}'s mix of cases, which is not that of "
            "your clinic. Give your own share of positive cases above."
        )
    return (
        f"How often a positive and a negative answer are right where {words.percent(prevalence)} of cases are "
        "positive, if sensitivity and specificity are the same there. The share is taken as known exactly."
    )


def _careful(rows: pd.DataFrame) -> str:
    """Which is which of interval and p, where they need not agree: they do beside McNemar's chi-square alone."""
    if rows["method"].eq(EXACT).any():
        test = f"McNemar's exact test where fewer than {EXACT_BELOW} cases differ, which is more careful"
    elif rows["method"].str.contains("clustered").any():
        test = "of a test clustered by patient"
    else:
        return ""
    return (
        f" Intervals are Tango's, p is {test}: an interval may leave out 0 at a p above 0.05. A difference is told "
        "only where both say so."
    )


def _differences(view: View, shown: Shown, pairs: pd.DataFrame, name: str) -> None:
    """Paired differences of every two models, where there are two; a matrix a measure."""
    for measure, cases in (("sensitivity", "positive"), ("specificity", "negative")):
        rows = pairs[pairs["measure"] == measure]
        if rows.empty:
            continue
        st.header(f"Differences in {measure}", anchor=False)
        if rows["delta"].isna().all():
            st.write(f"No difference can be given for these cases{plain(because(rows))}.")
            continue
        chart(
            plots.difference_matrix(rows, theme(), list(shown.models)),
            view,
            name=f"{name}-{measure}-differences",
            says=f"Below the diagonal: row minus column on the same {cases} cases, with its interval. Above: raw p and "
            f"p adjusted by Holm within this matrix; intervals are not adjusted.{_careful(rows)}",
            table=tables.operating_differences(rows),
            raw=rows,
        )
