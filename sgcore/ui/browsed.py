"""One feature on the features page: its sentence, its values in every center, and the cases at its extremes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from sgcore import plots
from sgcore.domain import SUBSETS
from sgcore.models.descriptor_coding import ASPECT, ASPECT_BELOW_1
from sgcore.plots import words
from sgcore.ui import browsed_answers, looks, store
from sgcore.ui.browsed_list import Listed
from sgcore.ui.chosen_case import key_of
from sgcore.ui.navigation import link
from sgcore.ui.page import answer
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme

#: Images at each end of a feature's range.
_EXTREMES = 3


@dataclass(frozen=True)
class Browsed:
    """One feature.

    ``row`` is that of :func:`sgcore.workflow.list_features`, ``images`` has its values image by image and ``cases`` by
    the unit, both without the held-out cases of a what-if that are closed.
    """

    view: View
    family: str
    row: pd.Series
    images: pd.DataFrame
    cases: pd.DataFrame

    @property
    def levels(self) -> bool:
        """Whether it is a descriptor in words."""
        return not pd.api.types.is_numeric_dtype(self.images["value"])

    @property
    def drawable(self) -> bool:
        return self.levels or bool(np.isfinite(self.cases["value"]).any())

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(center, subset) in the order of the figure: development centers first."""
        return plots.feature_groups(self.cases, _centers(self.view))

    @property
    def labels(self) -> tuple[str, str]:
        return self.view.study.negative, self.view.study.positive


def load(view: View, family: str, listed: Listed, feature: str | None) -> Browsed | None:
    """A feature as far as it may be seen; held-out cases of a what-if open on demand (:func:`held_out`)."""
    if feature is None:
        return None
    both = store.feature_cases(view.analysis.id, family, feature, view.unit)
    shown = _open(view)
    images, cases = (rows[rows["subset"].isin(shown)].reset_index(drop=True) for rows in both)
    row = listed.rows[listed.rows["feature"] == feature].iloc[0]
    return Browsed(view, family, row, images, cases)


def _open(view: View) -> list[str]:
    return [subset for subset in SUBSETS if subset == "train" or not looks.closed(view, _look(subset))]


def _look(subset: str) -> str:
    # Not named as a look at results: values of features say nothing of how well a model does.
    return f"features of {subset} cases"


def held_out(view: View) -> None:
    """Buttons that open the held-out cases of a what-if, one set after the other; each look is counted."""
    if not view.what_if:
        return
    known = set(view.study.patients["subset"])
    for subset in SUBSETS[1:]:
        if subset in known and not looks.opened(view, _look(subset), f"Show {subset} cases"):
            return


def say(listed: Listed, shown: Browsed | None) -> None:
    """The page's sentence, and the numbers behind it; without a feature why there is none."""
    if shown is None:
        answer(browsed_answers.nothing(listed.family, len(listed.rows)))
        if listed.rows.empty:
            link("models-deep-learning", "The networks, and images by their deep features")
        return
    row, settings = shown.row, shown.view.analysis.config.selection
    partner = "" if words.missing(row["partner"]) else row["partner"]
    answer(
        browsed_answers.sentence(
            row,
            family=shown.family,
            threshold=settings.p_threshold,
            correction=settings.correction,
            partner=listed.names.get(partner, partner),
        )
    )
    parts = [_size(shown), browsed_answers.agreement(row)]
    st.markdown(plain(" ".join(part for part in parts if part)))


def _size(shown: Browsed) -> str:
    measured = store.lesion_size(shown.view.analysis.id)
    if shown.levels:
        return ""
    if measured is None:
        return "The study tells no lesion size: it brings neither outlines nor a shape feature."
    if shown.row["feature"] == measured.feature:
        return "It is what stands for the size of a lesion here."
    measure = "pixels of the ROI" if measured.feature is None else words.feature(measured.feature)
    # In mm² there is nothing to say: ranks do not depend on the unit.
    if measured.feature is not None and measured.unit != "in mm²":
        measure = f"{measure}, {measured.unit}"
    return browsed_answers.size(shown.row, measure=measure, unit=shown.view.unit)


def draw(shown: Browsed) -> go.Figure:
    """Values or levels by center and label."""
    centers = _centers(shown.view)
    if shown.levels:
        return plots.feature_levels(shown.cases, theme(), centers, labels=shown.labels)
    name = words.named(shown.row["feature"], shown.row["residue"])
    if shown.row["feature"] == ASPECT_BELOW_1:
        name = f"{words.feature(ASPECT)} itself; the model takes whether it is below 1"
    return plots.feature_strips(shown.cases, theme(), centers, labels=shown.labels, name=name)


def caption(shown: Browsed) -> str:
    analysis, feature = shown.view.analysis, shown.row["feature"]
    harmonized = analysis.config.selection.harmonize != "none" and shown.family != "US"
    harmonized = harmonized and feature in analysis.features.values
    return browsed_answers.caption(
        shown.cases, unit=shown.view.unit, levels=shown.levels, harmonized=harmonized
    )


def table(shown: Browsed) -> pd.DataFrame:
    """The figure in numbers."""
    if shown.levels:
        levels = list(shown.cases["value"].value_counts().index)
        return browsed_answers.level_counts(shown.cases, shown.labels, shown.lines, levels)
    return browsed_answers.distribution(shown.cases, shown.labels, shown.lines)


def extremes(shown: Browsed) -> None:
    """Links to the images with the lowest and the highest values."""
    if shown.levels:
        link("cases-gallery", "All cases, to sort and filter", family=shown.family)
        return
    known = shown.images[np.isfinite(shown.images["value"])]
    if known["value"].nunique() < 2:
        small("No case stands out: all images that have a value have the same one.")
        return
    known = known.sort_values("value", kind="stable")
    count = min(_EXTREMES, len(known) // 2)
    sides = (("Lowest", known.head(count)), ("Highest", known.tail(count)[::-1]))
    for column, (title, rows) in zip(st.columns(2), sides, strict=True):
        with column:
            small(f"{title} values")
            for row in rows.to_dict("records"):
                link(
                    "cases-case",
                    plain(
                        f"{row['image_id']} ({row['center']}): {browsed_answers.significant(row['value'])}"
                    ),
                    case=key_of(shown.view.study_id or "", row["image_id"]),
                    family=shown.family,
                )


def _centers(view: View) -> list[str]:
    return [*view.study.development, *view.study.external]
