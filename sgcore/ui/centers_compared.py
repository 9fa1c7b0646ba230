"""The part of the centers page that sets a family of this analysis beside that of another, center by center."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sgcore import plots
from sgcore.domain import Subset
from sgcore.errors import UsageError
from sgcore.plots import words
from sgcore.ui import analysis_choice, answers, at_cases, looks, results, tables
from sgcore.ui.center_names import named
from sgcore.ui.charts import chart
from sgcore.ui.page import answer
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme

if TYPE_CHECKING:
    from sgcore.workflow import CenterComparison, CenterEffects

Against = tuple[str, str]


def pick(view: View) -> Against | None:
    """Id and name of the analysis to compare with: none until one is chosen."""
    says = "AUC of the family in every center beside that of another analysis, on images that both scored."
    return analysis_choice.pick_against(view, first=False, says=says)


def show(view: View, effects: CenterEffects, against: Against | None, subset: Subset) -> None:
    """Sentence, differences and table; of a what-if on the other side on demand, which counts.

    ``subset`` is the set whose looks the page counts.
    """
    if against is None:
        return
    other, called = against
    st.header(f"Beside {plain(called)}", anchor=False)
    # The other analysis is looked at as on its own page: one look, wherever it was opened.
    beside = replace(view, analysis_id=other)
    label = f"Show what {called} reaches in each center"
    if not looks.opened(beside, f"centers: {subset}", label, called="The other analysis"):
        return
    picked = results.picked(view, effects.family, "external")
    classifier = None if effects.classifier == picked else effects.classifier
    try:
        found = at_cases.center_comparison(view.analysis.id, other, effects.family, view.unit, classifier)
    except UsageError as error:
        st.write(plain(error))
        return
    answer(sentence(found, called))
    chart(
        plots.center_differences(found.rows, theme(), family=found.family),
        view,
        name="center-differences",
        says=f"This analysis minus {called}, by {found.unit}, on the images that both scored (DeLong, paired). An "
        "interval that holds zero leaves open which is better; it does not say that they are alike.",
        table=table(found, called),
        raw=raw(found, other),
    )
    if classifier is None:
        _favored(view, beside, found.family, called, subset)


def _favored(view: View, beside: View, family: str, called: str, subset: Subset) -> None:
    """Which of the two picked its classifier by these very cases."""
    both = (("This analysis", view), (called, beside))
    who = [name for name, each in both if results.picked_here(each, family, subset)]
    if who:
        text = f"{words.join(who)} picked the classifier by its AUC on these very cases"
        small(f"{text[0].upper()}{text[1:]}, which favors {'it' if len(who) == 1 else 'both'} here.")


def sentence(found: CenterComparison, called: str) -> str:
    """How far apart the two are on all external cases, and in which centers that can be told."""
    first = found.headline
    if first is None:
        return f"No held-out case of any center has a score of {found.family} to compare."
    by_image = ", counted by image," if found.unit == "image" else ""
    if words.missing(first["delta"]):
        why = f": {first['reason']}" if first["reason"] else ""
        text = f"{found.family}{by_image} cannot be compared with {called} {_where(found, first)}{why}."
    else:
        pair = {**first.to_dict(), "p_adjusted": None}
        text = (
            f"{found.family}{by_image} has an AUC of {words.auc(first['auc'])} ({found.classifier}) here and "
            f"{words.auc(first['reference_auc'])} ({found.reference_classifier}) in {called} {_where(found, first)}; "
            f"{answers.versus(pair, called)}."
        )
    return f"{text} {_by_center(found)}".strip()


def _where(found: CenterComparison, row: pd.Series) -> str:
    """``on all external cases (29 patients, 3 centers)``."""
    patients = words.patients(row)
    if row["role"] == "together":
        centers = int((found.rows["role"] == "external").sum())
        return f"on all external cases ({patients}, {words.count(centers, 'center')})"
    if row["role"] == "external":
        return f"in {row['center']}, the only external center ({patients})"
    return f"in {_place(row.to_dict())} ({patients})"


def _place(row: dict[Any, Any]) -> str:
    if row["role"] == "together":
        return "All external cases"
    if row["role"] == "external":
        return str(row["center"])
    return f"{row['center']} ({'validation' if row['subset'] == 'validation' else 'another time'})"


def _by_center(found: CenterComparison) -> str:
    """In which centers the two can be told apart once all are counted, and what keeps that from the others."""
    rows = found.rows[found.rows["role"] != "together"]
    if len(rows) < 2:
        return ""
    rows = rows.assign(place=[_place(row) for row in rows.to_dict("records")], said=tables.with_signs(rows))
    first, measured = found.headline, rows["ci_low"].notna()
    told = measured & (rows["p_adjusted"] < 0.05)
    if measured.all() and not told.any():
        return f"Each of {len(rows)} centers by itself has {answers.TOO_FEW}."
    if first is not None and not measured.any() and (rows["reason"] == first["reason"]).all():
        return ""
    text = []
    if told.any():
        apart = [f"{place} {said}" for place, said in rows.loc[told, ["place", "said"]].to_numpy()]
        text.append(f"the two are told apart, with every center counted (Holm), in {words.join(apart)}")
    if (measured & ~told).any():
        text.append(f"{answers.TOO_FEW} in {named(list(rows.loc[measured & ~told, 'place']))}")
    for reason, part in rows[~measured].groupby("reason", sort=False):
        text.append(f"in {named(list(part['place']))} {reason}")
    return f"By center: {'; '.join(text)}."


def table(found: CenterComparison, called: str) -> pd.DataFrame:
    """Each center, then all external cases, as people read them."""
    rows = found.rows
    left_out = {"Images left out": rows["n_left_out"]} if rows["n_left_out"].any() else {}
    return pd.DataFrame(
        {
            "Center": [_place(row) for row in rows.to_dict("records")],
            f"AUC here ({found.classifier})": rows["auc"],
            f"AUC in {called} ({found.reference_classifier})": rows["reference_auc"],
            "Difference (95% interval)": tables.with_signs(rows),
            "p": rows["p"].map(words.p_value),
            "p, adjusted over centers (Holm)": rows["p_adjusted"].map(words.p_value),
            "Patients": rows["n_patients"],
            "Images": rows["n_images"],
            **left_out,
            "Test": rows["method"],
            **tables.why(rows),
        }
    )


def raw(found: CenterComparison, other: str) -> pd.DataFrame:
    """The rows for the download, with both models."""
    rows = found.rows.copy()
    known = ("family", "classifier", "reference_classifier", "unit")
    for place, name in enumerate(known):
        rows.insert(place, name, getattr(found, name))
    rows.insert(len(known), "sgaudit_reference", other)
    return rows
