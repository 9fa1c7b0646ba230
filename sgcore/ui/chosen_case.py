"""The image that the case page shows: chosen in the sidebar, by a link, or as the one before or after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd
import streamlit as st

from sgcore.domain import Subset
from sgcore.ui import sidebar, state
from sgcore.ui.view import View


@dataclass(frozen=True)
class Case:
    """The chosen image: its row of the cases, keys of the images before and after it, and its patient's others.

    ``others`` are images by key. ``subset`` tells by which scores the case stands.
    """

    image_id: str
    patient_id: str
    center: str
    subset: Subset
    y: int
    label: str
    previous: str | None
    following: str | None
    others: dict[str, str]


def key_of(study_id: str, image_id: str) -> str:
    """What a link calls an image: a short hash, so that no identifier stands in an address."""
    return hashlib.sha256(f"{study_id}/{image_id}".encode()).hexdigest()[:12]


def pick(view: View) -> Case:
    """The image of the link or of the sidebar, with buttons for the one before and the one after."""
    study = view.study
    cases = study.cases()
    images = {key_of(view.study_id or "", each): each for each in cases["image_id"]}
    keys = list(images)
    chosen = state.choose("case", keys, keys[0], sidebar.selectbox, "Image", format_func=images.__getitem__)
    place = keys.index(chosen)
    row = cases.iloc[place]
    own = set(cases.loc[cases["patient_id"] == row["patient_id"], "image_id"]) - {images[chosen]}
    return Case(
        image_id=images[chosen],
        patient_id=str(row["patient_id"]),
        center=str(row["center"]),
        subset=cast(Subset, row["subset"]),
        y=int(row["y"]),
        label=study.positive if row["y"] else study.negative,
        previous=keys[place - 1] if place else None,
        following=keys[place + 1] if place + 1 < len(keys) else None,
        others={key: image for key, image in images.items() if image in own},
    )


def maps_of(view: View, case: Case) -> pd.DataFrame:
    """Rows of the frame ``grad_cam`` of the image; none where no network of the analysis has maps."""
    maps = view.frame("grad_cam")
    return (
        maps[maps["image_id"] == case.image_id] if len(maps) else pd.DataFrame(columns=["image_id", "target"])
    )


def turn_pages(case: Case) -> bool:
    """Buttons to the image before and after; returns whether label and scores are to be hidden."""
    back, on, hide = st.columns([1, 1, 4], vertical_alignment="center")
    for column, label, key, name in (
        (back, "Previous", case.previous, "Left"),
        (on, "Next", case.following, "Right"),
    ):
        column.button(
            label,
            on_click=state.put,
            args=("case", key),
            disabled=key is None,
            shortcut=name,
            key=f"case_{label.lower()}",
            width="stretch",
        )
    return blinded(hide)


def blinded(place: Any) -> bool:
    """The switch that hides label and scores; it holds on every page of cases until it is turned off."""
    kept = st.session_state.get("kept_blinded", False)
    # Set anew in each run, since the same switch of the page before is another widget to Streamlit.
    st.session_state["blinded"] = st.session_state.get("blinded", kept)
    hidden = place.toggle("Hide label and scores", key="blinded", help="To look at an image unbiased.")
    st.session_state["kept_blinded"] = hidden
    return bool(hidden)
