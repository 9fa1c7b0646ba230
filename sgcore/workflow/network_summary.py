"""Networks, deep features and explanations of an analysis as plain values, for JSON."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore.explain.map_checks import summarize
from sgcore.explain.occlusion_auc import ANSWERS, OcclusionAuc, occlusion_by_subset
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.plain import reasoned, records


def with_areas(networks: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """Networks with the AUCs by image of the epoch whose weights they have: ``train_auc, validation_auc``."""
    found = networks.copy()
    known = curves if len(curves) else pd.DataFrame(columns=["backbone", "fold", "epoch", "subset", "auc"])
    for subset in ("train", "validation"):
        own = known[known["subset"] == subset]
        areas = own.set_index(["backbone", "fold", "epoch"])["auc"].to_dict()
        keys = zip(found["backbone"], found["fold"], found["epoch"], strict=True)
        found[f"{subset}_auc"] = [areas.get(key) for key in keys]
    return found


def network_summary(analysis: Analysis) -> dict[str, Any]:
    """``networks``, ``deep_features``, ``maps`` and ``explanations`` of an analysis; empty lists where it has none.

    ``deep_features`` is the variance that each component explains. ``maps`` has the checks of where the chosen network
    looks, over patients: the share of its Grad-CAM maps inside the ROI over its chance level by subset and class, their
    rank correlation with the maps of re-drawn networks by class, and by subset the AUC by image of its answers to the
    whole image, without the lesion and of the lesion alone. ``explanations`` has each model's base and the
    mean size of the SHAP values of each feature over all images, the largest first.
    """
    networks = analysis.frame("networks")
    return {
        "networks": []
        if networks.empty
        else records(with_areas(networks, analysis.frame("training_curves"))),
        "deep_features": records(analysis.frame("explained_variance")),
        "maps": {
            "roi_ratio": _roi(analysis),
            "randomization": _randomization(analysis),
            "occlusion": _occlusion(analysis),
        },
        "explanations": _explanations(analysis),
    }


def _roi(analysis: Analysis) -> list[dict[str, Any]]:
    maps = analysis.frame("grad_cam")
    if maps.empty:
        return []
    cases = analysis.study.cases()[["image_id", "patient_id", "subset"]]
    rows = maps.merge(cases, on="image_id", validate="many_to_one")
    return _means(rows, ["subset", "target"], "roi_ratio")


def _randomization(analysis: Analysis) -> list[dict[str, Any]]:
    rows = analysis.frame("map_randomization")
    return [] if rows.empty else _means(rows, ["target"], "rho")


def _occlusion(analysis: Analysis) -> list[dict[str, Any]]:
    answers = analysis.frame("occlusion")
    if answers.empty:
        return []
    found = occlusion_by_subset(answers, analysis.study.cases()[["image_id", "patient_id", "subset", "y"]])
    return reasoned(pd.DataFrame([{"subset": subset, **_areas(each)} for subset, each in found.items()]))


def _areas(found: OcclusionAuc) -> dict[str, Any]:
    difference = found.difference
    row: dict[str, Any] = {}
    for name in ANSWERS:
        area = getattr(found, name)
        row |= {f"auc_{name}": area.auc, f"auc_{name}_low": area.ci_low, f"auc_{name}_high": area.ci_high}
    return row | {
        "difference": difference.delta,
        "difference_low": difference.ci_low,
        "difference_high": difference.ci_high,
        "p": difference.p,
        "n_images": difference.n_cases,
        "n_patients": difference.n_patients,
        "n_left_out": found.n_left_out,
        "method": difference.method,
        "reason": difference.reason,
    }


def _means(rows: pd.DataFrame, by: list[str], column: str) -> list[dict[str, Any]]:
    found = [
        dict(zip(by, key, strict=True)) | vars(summarize(part[column], part["patient_id"]))
        for key, part in rows.groupby(by, sort=False)
    ]
    return reasoned(pd.DataFrame(found))


def _explanations(analysis: Analysis) -> list[dict[str, Any]]:
    models, values = analysis.frame("shap_models"), analysis.frame("shap_values")
    sizes = values.assign(size=values["shap_value"].abs())
    means = sizes.groupby(["family", "classifier", "feature"], sort=False)["size"].mean()
    rows = reasoned(models.drop(columns="features"))
    for row, features in zip(rows, models["features"], strict=True):
        own = {name: means.get((row["family"], row["classifier"], name)) for name in features}
        known = sorted(((size, name) for name, size in own.items() if size is not None), reverse=True)
        row["features"] = [{"feature": name, "mean_abs_shap": float(size)} for size, name in known]
    return rows
