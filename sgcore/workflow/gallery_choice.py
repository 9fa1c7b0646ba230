"""Which of the cases of a gallery are shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

Order = Literal["error", "disagreement", "map", "study"]


@dataclass(frozen=True)
class GalleryChoice:
    """What a person asks for; ``all`` lets every case pass, also those of which nothing is known.

    ``call`` is about the picked model of the chosen family, ``families`` about those of all families. ``map`` is about
    the network: ``beside`` where less of its map than chance lies inside the ROI.
    """

    label: Literal["all", "positive", "negative"] = "all"
    call: Literal["all", "wrong", "right"] = "all"
    families: Literal["all", "disagree", "agree"] = "all"
    map: Literal["all", "beside", "inside"] = "all"
    order: Order = "study"


def choose_cases(cases: pd.DataFrame, choice: GalleryChoice) -> pd.DataFrame:
    """The rows of :func:`~sgcore.workflow.gallery.gallery_cases` that pass, in the order asked for.

    ``error`` begins with the case farthest on the wrong side of the threshold, ``disagreement`` with the one that
    divides the families most, ``map`` with the one of which the network's map shows least inside the ROI. Equal ones
    keep the study's order, and cases of which nothing is known stand last.
    """
    kept = pd.Series(True, index=cases.index)
    if choice.label != "all":
        kept &= cases["y"] == (choice.label == "positive")
    if choice.call != "all":
        kept &= cases["wrong"] == (choice.call == "wrong")
    if choice.families != "all":
        divided = cases["disagreement"] > 0
        kept &= divided if choice.families == "disagree" else cases["disagreement"].notna() & ~divided
    if choice.map != "all":
        kept &= cases["roi_ratio"] < 1 if choice.map == "beside" else cases["roi_ratio"] >= 1
    shown = cases[kept]
    keys: dict[Order, tuple[list[str], bool]] = {
        "error": (["wrong", "margin"], False),
        "disagreement": (["disagreement"], False),
        "map": (["roi_ratio"], True),
    }
    if choice.order in keys:
        columns, ascending = keys[choice.order]
        # Sorting by several columns is not stable by itself: the place in the study decides between equals.
        placed = shown.assign(place=range(len(shown))).sort_values(
            [*columns, "place"], ascending=[ascending] * len(columns) + [True]
        )
        shown = placed.drop(columns="place")
    return shown.reset_index(drop=True)
