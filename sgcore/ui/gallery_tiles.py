"""Tiles of the gallery: a picture with the ROI's outline, its label, its score as a bar, and the way to its case."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from sgcore.plots import words
from sgcore.plots.frames import records
from sgcore.ui import case_picture, gallery_answers
from sgcore.ui.chosen_case import key_of
from sgcore.ui.gallery import Gallery
from sgcore.ui.navigation import link
from sgcore.ui.text import plain, small
from sgcore.ui.view import theme

_ACROSS = 4


def tiles(gallery: Gallery, shown: pd.DataFrame) -> None:
    """The cases ``shown`` as a grid, row by row."""
    study = gallery.view.study
    st.html(_style())
    with_image = study.images.set_index("image_id")["image"].map(lambda name: isinstance(name, str))
    if not with_image[shown["image_id"]].any():
        small(
            "The study brings no images of these cases, only tables. Pictures need the columns image and mask in its "
            "images table."
        )
    several = study.images["patient_id"].value_counts() > 1
    for start in range(0, len(shown), _ACROSS):
        for column, row in zip(
            st.columns(_ACROSS), records(shown.iloc[start : start + _ACROSS]), strict=False
        ):
            with column.container(border=True, gap="xsmall", height="stretch"):
                if with_image[row.image_id]:
                    case_picture.show(study, row.image_id)
                link(
                    "cases-case",
                    plain(row.image_id),
                    case=key_of(gallery.view.study_id or "", row.image_id),
                    family=gallery.family,
                )
                by_patient = gallery.view.unit == "patient" and bool(several[row.patient_id])
                st.html(_lines(gallery, row, by_patient=by_patient))


def _lines(gallery: Gallery, row: Any, *, by_patient: bool) -> str:
    """What stands under a picture, as HTML; every word of the study is escaped."""
    study, colors = gallery.view.study, theme()
    if gallery.hidden:
        return _line(row.center)
    label, color = (study.positive, colors.positive) if row.y else (study.negative, colors.negative)
    first = f'<span class="swatch" style="background:{color}" aria-hidden="true"></span>{escape(label)}'
    lines = [f'<div class="tile">{first} · {escape(row.center)}</div>']
    if gallery.scored:
        if not words.missing(row.score):
            lines.append(_bar(row.score, row.threshold, colors.family(gallery.family)))
        lines.append(_line(gallery_answers.score(row, by_patient=by_patient)))
        said = gallery_answers.called(row, study)
        if said:
            wrong = ": <b>✕ wrong</b>" if row.wrong else ""
            lines.append(f'<div class="tile">{escape(said)}{wrong}</div>')
        lines.append(_line(gallery_answers.families(row, study)))
        lines.append(_line(gallery_answers.looked(row)))
    return "".join(lines)


def _line(text: str) -> str:
    return f'<div class="tile">{escape(text)}</div>'


def _bar(score: float, threshold: float, color: str) -> str:
    """The score from 0 to 1 as a bar, the threshold as a line across; both stand in words below."""
    tick = f'<i style="left:{100 * threshold:.1f}%"></i>' if 0 <= threshold <= 1 else ""
    fill = f'<span style="width:{100 * score:.1f}%;background:{color}"></span>'
    return f'<div class="bar" aria-hidden="true">{fill}{tick}</div>'


def _style() -> str:
    """How lines and bars of a tile look, in the colors of the theme."""
    colors = theme()
    return (
        "<style>"
        ".tile { font-size: 0.875rem; line-height: 1.4; overflow-wrap: anywhere; }"
        ".tile .swatch { display: inline-block; width: 0.65rem; height: 0.65rem; margin-right: 0.4rem; }"
        f".bar {{ position: relative; height: 0.6rem; margin: 0.35rem 0; background: {colors.grid}; }}"
        ".bar span { display: block; height: 100%; }"
        f".bar i {{ position: absolute; top: -0.2rem; bottom: -0.2rem; width: 2px; background: {colors.text}; }}"
        "</style>"
    )
