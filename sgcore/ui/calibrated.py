"""Calibration of the families on the families page: do their probabilities mean what they say."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sgcore import plots
from sgcore.plots import words
from sgcore.ui import answers, at_cases, subgroup_results, tables
from sgcore.ui.charts import chart, download
from sgcore.ui.page import answer
from sgcore.ui.results import Shown
from sgcore.ui.text import small
from sgcore.ui.view import View, theme

#: What the part of a page is called.
PART = "Calibration"
#: Cases a class below which no sentence is made; intervals need as many patients.
FEWEST = 5
_NOTES = (
    "A probability of 0.8 is a risk of 80% only where positives are as frequent as in this study. ICI is the mean "
    "distance of the curve from the diagonal; it is not 0 even for a perfect model, so that the table holds beside it "
    "what such a model would show on as few cases."
)


def calibration(view: View, shown: Shown) -> None:
    """The part of the page: a sentence, the curves of all families, their measures."""
    if shown.at.subgroup is None:
        rows = measures(view.frame("calibration"), shown)
    else:
        rows = subgroup_results.calibration(view.analysis.id, tuple(shown.models.values()), shown.at)
    place = answers.place_of(shown.at)
    if shown.few:
        answer(f"No family's calibration can be judged {place}: {shown.few}.")
        return
    answer(sentence(rows, shown.best, place))
    found = {
        model[0]: at_cases.calibration_of(view.analysis.id, model, shown.at)
        for model in shown.models.values()
    }
    drawn = {name: result for name, (result, _) in found.items() if not result.reason}
    table = calibration_table(rows)
    if not drawn:
        if len(table):
            tables.wrapped(table)
        return
    band = shown.best if shown.best in drawn else next(iter(drawn))
    chart(
        plots.calibration(
            {name: result.curve for name, result in drawn.items()},
            {name: result.grouped for name, result in drawn.items()},
            theme(),
            colors=shown.colors,
            band=band,
            cases=found[band][1],
            names=(view.study.negative, view.study.positive),
        ),
        view,
        name="family-calibration",
        says=_caption(view, band, drawn[band]),
        table=table,
        raw=rows,
    )
    points = pd.concat([result.grouped.assign(family=name) for name, result in drawn.items()])
    with st.expander("Table: groups of cases by their probability"):
        tables.table(_groups(points), key="table_calibration-groups")
        download(points, view, "calibration-groups")
    small(_NOTES)


def measures(frame: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Rows of ``calibration`` for the models and cases that are shown."""
    rows = shown.at.rows(frame)
    if rows.empty:
        return rows
    models = list(shown.models.values())
    named = [model in models for model in zip(rows["family"], rows["classifier"], strict=True)]
    return rows[named].reset_index(drop=True)


def sentence(rows: pd.DataFrame, family: str | None, where: str) -> str:
    """Which way a family's probabilities err, with slope and intercept, or that it cannot be told.

    Nothing is said of fewer than five cases a class, and without a slope nothing but of the average.
    """
    of = rows[rows["family"] == family].set_index("measure") if len(rows) else rows
    if family is None or of.empty:
        return f"No family has probabilities to judge {where}{answers.because(rows)}."
    slope, intercept = of.loc["slope"], of.loc["intercept"]
    patients = words.patients(slope)
    whose = words.possessive(family)
    few = _few(slope)
    if few or (words.missing(slope["ci_low"]) and words.missing(intercept["ci_low"])):
        why = f": {few}" if few else answers.because(of.loc[["slope"]])
        return f"The calibration of {family} {where} cannot be judged{why}."
    moved = _clipped(slope)
    if words.missing(slope["ci_low"]):
        fault = _level(intercept)
        told = f"they are {fault}" if fault else "no error of it can be told from chance"
        why = answers.reason(of.loc[["slope"]])
        return (
            f"Of {whose} probabilities only the average can be judged {where}: {told} (intercept "
            f"{_number(intercept)}, ideal 0; {patients}{moved}){f'; {why}' if why else ''}."
        )
    said = f"slope {_number(slope)}, ideal 1; intercept {_number(intercept)}, ideal 0; {patients}{moved}"
    faults = [text for text in (_level(intercept), _spread(slope)) if text]
    if faults:
        return f"{whose} probabilities are {words.join(faults)} {where}: {said}."
    return (
        f"No error of {whose} probabilities can be told from chance {where}: {said}. Errors as "
        "large as these intervals remain possible."
    )


def _few(row: pd.Series) -> str:
    """Why nothing is said of these cases, whatever intervals an analysis has stored."""
    if min(row["n_pos"], row["n_neg"]) >= FEWEST:
        return ""
    counts = f"{int(row['n_pos'])} positive, {int(row['n_neg'])} negative"
    return f"fewer than {FEWEST} cases in a class ({counts})"


def _clipped(row: pd.Series) -> str:
    number = int(row["n_clipped"])
    return (
        f"; {words.count(number, 'probability', 'probabilities')} moved to a millionth from 0 or 1"
        if number
        else ""
    )


def _spread(slope: pd.Series) -> str:
    """What the interval of the slope, as it is shown, leaves no doubt of."""
    low, high = round(slope["ci_low"], 2), round(slope["ci_high"], 2)
    if high < 0:
        return "in reverse order"
    if high < 1:
        return "too extreme" if low > 0 else "too extreme (if they rise with the risk at all)"
    return "not extreme enough" if low > 1 else ""


def _level(intercept: pd.Series) -> str:
    low, high = round(intercept["ci_low"], 2), round(intercept["ci_high"], 2)
    if high < 0:
        return "too high on average"
    return "too low on average" if low > 0 else ""


def _number(row: Any) -> str:
    if words.missing(row["estimate"]):
        return "not estimable"
    # Adding zero takes the sign from what is rounded to zero.
    estimate, low, high = (round(row[name], 2) + 0.0 for name in ("estimate", "ci_low", "ci_high"))
    return f"{estimate:.2f} ({words.interval(low, high, 2)})"


def calibration_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a family: intercept, slope, Brier, ICI with intervals, and the ICI of a perfect model."""
    found = []
    for (family, classifier), part in rows.groupby(["family", "classifier"], sort=False):
        of = part.set_index("measure")
        fine = dict(zip(of.index, tables.with_interval(of, "estimate"), strict=True))
        coarse = dict(zip(of.index, tables.with_interval(of, "estimate", digits=2), strict=True))
        perfect = of.loc["ici", "by_chance"]
        reasons = dict.fromkeys(text for text in of["reason"].fillna("") if text)
        found.append(
            {
                "Family": family,
                "Classifier": classifier,
                "Intercept (ideal 0)": coarse["intercept"],
                "Slope (ideal 1)": coarse["slope"],
                "Brier score": fine["brier"],
                "ICI (distance)": fine["ici"],
                "ICI of a perfect model": "–" if words.missing(perfect) else f"{perfect:.3f}",
                "Patients": of["n_patients"].iloc[0],
                "Images": of["n_images"].iloc[0],
                "Positive": of["n_pos"].iloc[0],
                "Negative": of["n_neg"].iloc[0],
                "reason": "; ".join(reasons),
            }
        )
    table = pd.DataFrame(found)
    return table.drop(columns="reason").assign(**tables.why(table)) if found else table


def _groups(points: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Family": points["family"],
            "Mean probability": points["predicted"],
            "Observed share (95% interval)": tables.with_interval(points, "observed", "low", "high"),
            "Cases": points["n"],
        }
    )


def _caption(view: View, band: str, result: Any) -> str:
    """What is drawn, and why points instead of curves."""
    text = (
        f"By {view.unit}. Height: the share that was {view.study.positive} among cases of a probability. On the dotted "
        "line probabilities are right; below it they are too high."
    )
    if len(result.curve):
        return f"{text} Band: 95% interval of {band} at each probability by itself. Bars: cases of {band}."
    return (
        f"{text} Points: groups of cases, with 95% intervals for {band}; no curve: {result.curve_reason}. "
        f"Bars: cases of {band}."
    )
