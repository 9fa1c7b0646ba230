"""What the case page shows of an image: the choice of it, its pixels with ROI and map, and its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from scipy.special import expit

from sgcore.errors import ImageError
from sgcore.explain.gradcam import GradCam
from sgcore.plots import words
from sgcore.ui import case_answers, state, tables
from sgcore.ui.chosen_case import Case, maps_of
from sgcore.ui.navigation import link
from sgcore.ui.page import answer
from sgcore.ui.text import plain, small
from sgcore.ui.view import View
from sgcore.workflow.one_case import CaseView, case_view


def say(view: View, case: Case, rows: pd.DataFrame | None, family: str, *, hidden: bool) -> None:
    """The page's sentence."""
    place = f"{case.center}, {'training' if case.subset == 'train' else words.IN_SENTENCE[case.subset]}"
    if rows is None:
        known = "label and scores are hidden" if hidden else f"{case.label}; its scores are closed"
        answer(f"{case.image_id} ({place}): {known}.")
        return
    labels = (view.study.negative, view.study.positive)
    where = f"{case.image_id} ({case.label}, {place})"
    row = case_answers.family_row(rows, family)
    by_patient = view.unit == "patient" and len(case.others) > 0
    answer(case_answers.sentence(where, row, labels, family=family, by_patient=by_patient))


def read(view: View, case: Case) -> CaseView | None:
    """Pixels, ROI and maps; where a file vanished or changed the page says so."""
    image = view.study.images.set_index("image_id").loc[case.image_id, "image"]
    if not isinstance(image, str):
        small("The study brings no image of this case, only tables.")
        return None
    try:
        return case_view(view.study, case.image_id, maps_of(view, case))
    except ImageError as error:
        st.error(plain(error))
        return None


@dataclass(frozen=True)
class Display:
    """How an image is drawn: the map of the chosen class, if it shows something, and the controls' values."""

    target: int
    label: str
    shown: GradCam | None
    opacity: float
    contour: bool
    window: tuple[float, float]


def display(view: View, seen: CaseView) -> Display:
    """The controls above an image."""
    labels = {"positive": view.study.positive, "negative": view.study.negative}
    chosen, opacity = "positive", 0.5
    if seen.maps:
        left, middle, right = st.columns([1.5, 1.2, 0.8], vertical_alignment="bottom")
        with left:
            chosen = state.choose(
                "map_class",
                list(labels),
                "positive",
                st.segmented_control,
                "Map of what speaks for",
                format_func=lambda name: plain(labels[name]),
            )
        opacity = middle.slider("Opacity of the map", 0.0, 1.0, 0.5, 0.05, key="map_opacity")
    else:
        right = st.container()
    with right.popover("Display"):
        contour = st.checkbox("Outline of the ROI", True, key="case_contour")
        window = _window(seen)
    target = int(chosen == "positive")
    found = seen.maps.get(target)
    return Display(
        target=target,
        label=labels[chosen],
        shown=None if found is None or found.reason else found,
        opacity=opacity,
        contour=contour,
        window=window,
    )


def _window(seen: CaseView) -> tuple[float, float]:
    """The gray values that are black and white: brightness and contrast in one control."""
    low, high = float(seen.image.pixels.min()), float(seen.image.pixels.max())
    if low == high:
        return low, high
    found: tuple[float, float] = st.slider(
        "Brightness and contrast: gray values shown black and white",
        low,
        high,
        (low, high),
        # A hundred steps: those of 0.01 that a slider has by itself are too many for the arrow keys.
        (high - low) / 100,
        format="%.4g",
        key=f"window_{low}_{high}",
    )
    return found


def map_text(view: View, case: Case, display: Display) -> str:
    """What the map of the chosen class shows, or why there is none."""
    maps, networks = maps_of(view, case), view.frame("networks")
    own = maps[maps["target"] == display.target]
    if own.empty:
        brought = len(networks) > 0 and bool((networks["origin"] == "brought").all())
        return case_answers.no_map(brought=brought)
    used = networks[networks["picked"].astype(bool)].iloc[0]
    return case_answers.map_text(own.iloc[0].to_dict(), str(used["backbone"]), display.label)


def facts(view: View, case: Case, seen: CaseView, *, scored: bool) -> pd.DataFrame:
    """The image in numbers, how its maps lie to the ROI, and where scores are shown the network's without it."""
    spacing = seen.image.spacing_mm
    facts = {
        "Image": case.image_id,
        "Patient": case.patient_id,
        "Center": case.center,
        "Cases": words.SUBSETS[case.subset],
        "Pixels (rows x columns)": f"{seen.image.shape[0]} x {seen.image.shape[1]}",
        "Pixel size in mm": "not known" if spacing is None else f"{spacing[0]:.4g} x {spacing[1]:.4g}",
        "Pixels of the ROI": f"{int(seen.mask.pixels.sum()):,}",
    }
    if seen.image.note:
        facts["How it was read"] = seen.image.note
    labels = (view.study.negative, view.study.positive)
    for row in maps_of(view, case).to_dict("records"):
        name = f"Map for {labels[int(row['target'])]}, share inside the ROI"
        share = f"{tables.number(row['roi_share'], 3)} (chance {tables.number(row['roi_chance'], 3)})"
        facts[name] = row["reason"] or row["roi_reason"] or share
    if scored:
        facts |= _network_scores(view, case)
    return pd.DataFrame({"What": list(facts), "Value": list(facts.values())})


def _network_scores(view: View, case: Case) -> dict[str, str]:
    """What the chosen network answers of the image, of the image without its lesion, and of the lesion alone."""
    answers = view.frame("occlusion")
    own = answers[answers["image_id"] == case.image_id] if len(answers) else answers
    if own.empty:
        return {}
    row = own.iloc[0]
    fitted = " (fitted on this patient)" if case.subset == "train" else ""
    names = {
        "whole": f"Score of the network{fitted}",
        "surroundings": "Its score without the lesion",
        "lesion": "Its score of the lesion alone",
    }
    return {
        text: row["reason"] if pd.isna(row[name]) else tables.number(expit(row[name]), 3)
        for name, text in names.items()
    }


def other_images(case: Case) -> None:
    """Links to the patient's other images."""
    if not case.others:
        return
    st.header(case_answers.others(list(case.others)), anchor=False)
    for key, image_id in case.others.items():
        link("cases-case", plain(image_id), case=key)


def drawing(seen: CaseView, shown: Display) -> dict[str, Any]:
    """Arguments of :func:`sgcore.plots.case_image` beside pixels, mask and theme."""
    crop = None if shown.shown is None else shown.shown.crop
    square = None if crop is None else (crop.top, crop.left, crop.side)
    return {
        "heat": None if shown.shown is None else shown.shown.on_image(seen.image.shape),
        "opacity": shown.opacity,
        "contour": shown.contour,
        "window": shown.window,
        "square": square,
        "spacing_mm": seen.image.spacing_mm,
        "speaks_for": shown.label,
    }
