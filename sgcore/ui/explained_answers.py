"""What the explanations page says: which features move a model's probability, and how exactly that is known."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from sgcore.domain import Subset
from sgcore.explain.occlusion_auc import OcclusionAuc
from sgcore.plots import words
from sgcore.ui import tables

#: Features that the sentence names, and those that the figures show.
_NAMED, SHOWN = 3, 15


def means(values: pd.DataFrame) -> pd.Series:
    """Mean absolute SHAP value of each feature, the largest first."""
    sizes = values["shap_value"].abs().groupby(values["feature"], sort=False).mean()
    return sizes.sort_values(ascending=False, kind="stable")


def names(values: pd.DataFrame, residue: set[str]) -> dict[str, str]:
    """Features in plain words, the most important first; numerical residue is called so."""
    return {name: called(name, name in residue) for name in means(values).index}


def called(feature: str, residue: bool) -> str:
    """A feature of a model in plain words; the level of a descriptor (``margin=clear``) as ``margin: clear``."""
    return words.named(feature, residue) if residue else words.feature(feature).replace("=", ": ", 1)


def sentence(
    model: tuple[str, str], values: pd.DataFrame, names: dict[str, str], *, label: str, cases: str
) -> str:
    """Which features move the probability of ``label`` most; ``cases`` is how many images of which kind."""
    family, classifier = model
    who = f"{family} ({classifier})"
    sizes = means(values)
    moving = sizes[sizes > 5e-4]
    if moving.empty:
        return f"{who}: no feature moves the probability of {label}; every image gets about the same one."
    first, *others = moving.index[:_NAMED]
    text = (
        f"{who} is driven most by {names[first]}: it moves the probability of {label} up or down by "
        f"{moving[first]:.3f} on average ({cases})"
    )
    if others:
        text += f"; then {words.join([f'{names[name]} ({moving[name]:.3f})' for name in others])}"
    return f"{text}. What drives a model is no cause of the disease."


def caption(model: pd.Series, values: pd.DataFrame) -> str:
    """What a point is, where the values start from, and how they were computed with what error."""
    text = (
        "One point an image, its SHAP value: how far the feature moves the probability, starting from "
        f"{average(model)}. Computed: {model['method']}"
    )
    if not bool(model["exact"]):
        known = values["mc_error"].dropna()
        text += (
            f"; the Monte Carlo standard error is at most {known.max():.4f}"
            if len(known)
            else "; its error is not known"
        )
    return f"{text}. Training images are shown by the model that was fitted on them."


def average(model: pd.Series) -> str:
    """Where SHAP values start from."""
    images = words.count(int(model["n_background"]), "training image")
    return f"the average over {images} ({model['base']:.3f})"


def maps(rows: pd.DataFrame, randomization: pd.DataFrame, labels: tuple[str, str]) -> str:
    """What the Grad-CAM maps of all images come to, and whether re-drawn networks show the same."""
    parts: list[str] = []
    for target, label in enumerate(labels):
        ratios = rows.loc[rows["target"] == target, "roi_ratio"].dropna()
        if len(ratios):
            parts.append(
                f"{ratios.median():.1f} times chance for {label} ({words.count(len(ratios), 'image')})"
            )
    text = f"The share of the map inside the ROI is in the median {words.join(parts)}" if parts else ""
    known = randomization["rho"].dropna()
    if len(known):
        images = randomization.loc[known.index, "image_id"].nunique()
        drawn = (
            "maps of networks whose weights were drawn anew agree with them by a median rank correlation of "
            f"{known.median():.2f} ({words.count(images, 'image')}): near 1 the maps would not depend on what the "
            "network learned"
        )
        text = f"{text}; {drawn}" if text else drawn[0].upper() + drawn[1:]
    return f"{text}." if text else ""


OCCLUSION = (
    "The network was asked again with the lesion painted over, and with all but the lesion painted over. Where the "
    "whole interval of the difference lies above 0, in patients who neither trained nor chose the network, what lies "
    "around the lesion tells the labels apart better than the lesion."
)


def occlusion(found: Mapping[Subset, OcclusionAuc]) -> pd.DataFrame:
    """AUC by image of a network: whole images, without the lesion, the lesion alone; a row a set with both labels."""
    known = {subset: each for subset, each in found.items() if not math.isnan(each.whole.auc)}
    if not known:
        return pd.DataFrame()
    columns = {"Whole image": "whole", "Lesion painted over": "surroundings", "Lesion alone": "lesion"}
    areas = {
        name: tables.with_interval(
            pd.DataFrame([vars(getattr(each, part)) for each in known.values()]), "auc"
        )
        for name, part in columns.items()
    }
    differences = [each.difference for each in known.values()]
    return pd.DataFrame(
        {
            "Cases": [words.SUBSETS[subset] for subset in known],
            **areas,
            "Painted over minus alone": tables.with_signs(pd.DataFrame([vars(each) for each in differences])),
            "Images": [each.n_cases for each in differences],
            "Patients": [each.n_patients for each in differences],
        }
    )


def residue_note(names: dict[str, str], residue: set[str]) -> str:
    """What numerical residue among the features is; empty where there is none."""
    found = [name for name in names if name in residue]
    if not found:
        return ""
    verb, filters = ("is", "its filter responds") if len(found) == 1 else ("are", "their filters respond")
    return (
        f"{words.count(len(found), 'feature')} of this model {verb} numerical residue: on a single slice {filters} "
        "with rounding error alone. Such values can follow the label all the same, but do not measure what their name "
        "says."
    )
