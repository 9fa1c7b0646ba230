"""Small studies and result frames with a fault in each, and without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sgcore.audit import Evidence, audit
from sgcore.config import recipe
from sgcore.domain import Decision, FeatureTable, Study
from tests.audit.planted_draws import null_frames, planted
from tests.audit.planted_models import model_frames

STRICT, PAPER = recipe("strict"), recipe("paper")


def study(patients, images_per_patient=2, muted=None):
    """A study whose ``patients`` have ``patient_id, y, subset``; images are named after them."""
    rows = patients.assign(center="X", label=patients["y"].map({0: "n", 1: "p"}))
    images = pd.DataFrame(
        [
            {"image_id": f"{patient}{i}", "patient_id": patient}
            for patient in rows["patient_id"]
            for i in range(images_per_patient)
        ]
    )
    return Study(
        name="S",
        path=Path("study.toml"),
        negative="n",
        positive="p",
        development=("X",),
        external=("Y",),
        split_train=0.7,
        split_seed=0,
        split_column=None,
        patients=rows,
        images=images,
        descriptors=None,
        features=None,
        predictions=None,
        predictions_kind=None,
        warnings=(),
        notes=(),
        fingerprint="f",
        muted=muted or {},
        decision=Decision("biopsy", 0.1, 0.4),
    )


def two_patients(images_per_patient=2, muted=None):
    patients = pd.DataFrame({"patient_id": ["a", "b"], "y": [0, 1], "subset": "train"})
    return study(patients, images_per_patient, muted)


def features(ratio):
    """Two features of two images; the response of one filter is ``ratio`` of the image's maximum."""
    names = ["original_glcm_Contrast", "wavelet-LHH_glcm_SumEntropy"]
    residue = pd.DataFrame(
        [("a0", "wavelet-LHH", ratio), ("b0", "wavelet-LHH", ratio / 2)],
        columns=["image_id", "image_type", "ratio"],
    )
    values = pd.DataFrame(np.ones((2, 2)), index=["a0", "b0"], columns=names)
    return FeatureTable("radiomics", "paper-1288", "set", values, pd.DataFrame(), residue)


def evaluation(family="Radiomics", classifier="SVM", **changed):
    """A row of ``evaluations``."""
    return {
        "family": family,
        "classifier": classifier,
        "subset": "train",
        "center": None,
        "estimate": "fitted",
        "unit": "image",
        "n_patients": 2,
        "n_images": 4,
        "auc": 0.8,
        "ci_low": 0.6,
        "ci_high": 0.9,
        "naive_ci_low": 0.7,
        "naive_ci_high": 0.85,
        "design_effect": 1.7,
        "threshold": 0.5,
        "sensitivity": 0.9,
        "specificity": 0.7,
        "reason": None,
        "picked": True,
        **changed,
    }


def frames(evaluated_on="external", step="selected"):
    """What a radiomics model leaves, picked on that set."""
    rows = [
        evaluation(classifier=classifier, subset=subset, unit=unit, picked=classifier == "SVM")
        for classifier in ("LR", "SVM")
        for subset in ("train", "external")
        for unit in ("patient", "image")
    ]
    pick = {"family": "Radiomics", "classifier": "SVM", "rule": "external", "evaluated_on": evaluated_on}
    chosen = {"family": "Radiomics", "feature": "wavelet-LHH_glcm_SumEntropy", "image_type": "wavelet-LHH"}
    return {
        "evaluations": pd.DataFrame(rows),
        "picks": pd.DataFrame([pick]),
        "selection": pd.DataFrame([{**chosen, "step": step, "p": 0.01}]),
        "tested_by_patient": clustered_counts(),
    }


def clustered_counts(**changed):
    """``tested_by_patient`` of a family."""
    row = {"family": "Radiomics", "tested": 9, "univariate": 5, "univariate_clustered": 2, "both": 2}
    return pd.DataFrame([row | changed])


def network(backbone="resnet18", fold=0, **changed):
    """A row of ``networks``."""
    return {
        "backbone": backbone,
        "fold": fold,
        "network_id": f"{backbone}-{fold}",
        "origin": "trained",
        "weights": "imagenet",
        "weights_file": "resnet18-f37072fd.pth",
        "weights_sha256": "f37072fd47e89c5e827621c5baffa7500819f7896bbacec160b1a16c560e07ec",
        "weights_text": "ImageNet weights of torchvision (resnet18-f37072fd.pth), last layer drawn from the seed",
        "epoch": 50,
        "device": "cpu",
        "n_train": 130.0,
        "n_validation": 57.0,
        "picked": True,
        "notes": "",
        **changed,
    }


def scores(cases, values, **changed):
    """Rows of ``predictions``: the network's own scores, one an image."""
    return pd.DataFrame(
        {
            **{name: cases[name] for name in ("image_id", "patient_id", "center", "subset")},
            "family": "DL",
            "classifier": "resnet18",
            "estimate": "fitted",
            "y_true": cases["y"],
            "y_score": values,
            **changed,
        }
    )


def grad_cam(cases, ratios):
    """Rows of ``grad_cam``: both classes of each image; ``ratios`` are those of the (negative, positive) map."""
    rows = [
        {
            "image_id": image_id,
            "target": target,
            "reason": "",
            "roi_share": 0.4 * ratio,
            "roi_chance": 0.4,
            "roi_ratio": ratio,
            "roi_reason": "the map is zero everywhere" if np.isnan(ratio) else "",
        }
        for image_id, pair in zip(cases["image_id"], ratios, strict=True)
        for target, ratio in enumerate(pair)
    ]
    return pd.DataFrame(rows)


def occlusion(cases, whole, surroundings, lesion):
    """Rows of ``occlusion``, one an image."""
    answers = {"whole": whole, "surroundings": surroundings, "lesion": lesion}
    rows = cases[["image_id"]].assign(**answers)
    return rows.assign(
        reason=np.where(rows.isna().any(axis=1), "the lesion fills all that the network sees", "")
    )


def randomization(cases, rhos, seeds=(1, 2)):
    """Rows of ``map_randomization``; ``rhos`` are those of the (negative, positive) map of each image."""
    rows = [
        {
            "image_id": row.image_id,
            "patient_id": row.patient_id,
            "target": target,
            "seed": seed,
            "rho": rho,
            "n_cells": 49,
            "reason": "the network's map is zero everywhere" if np.isnan(rho) else "",
        }
        for row, pair in zip(cases.itertuples(), rhos, strict=True)
        for target, rho in enumerate(pair)
        for seed in seeds
    ]
    return pd.DataFrame(rows)


def network_frames(faulty):
    """What a network of the two patients leaves, with the fault of each of its checks or with none."""
    cases = two_patients().cases()
    known = frames("external" if faulty else "training folds")
    rows = [
        evaluation(family, classifier, unit=unit)
        for family, classifier in (("DL", "resnet18"), ("RadiomicsDL", "SVM"))
        for unit in ("patient", "image")
    ]
    folds = (0,) if faulty else (0, 1, 2)
    first = {"weights": "none", "weights_file": None, "weights_sha256": None} if faulty else {}
    return {
        **known,
        **model_frames(faulty, "image" if faulty else "patient"),
        **null_frames(faulty),
        "evaluations": pd.concat([known["evaluations"], pd.DataFrame(rows)], ignore_index=True),
        "networks": pd.DataFrame([network(fold=fold, **first) for fold in folds]),
        "predictions": scores(cases, 0.9),
        "grad_cam": grad_cam(cases, [(1.0, 0.5 if faulty else 1.5)] * len(cases)),
        "map_randomization": randomization(cases, [(0.1, 0.7 if faulty else 0.2)] * len(cases)),
    }


def reader(known):
    return lambda kind: known.get(kind, pd.DataFrame())


FAULTY = Evidence(
    two_patients(), PAPER, features(1e-16), reader(network_frames(True)), looks=3, draws=planted(True)
)
CLEAN = Evidence(two_patients(1), STRICT, features(0.2), reader(network_frames(False)), draws=planted(False))
EMPTY = Evidence(
    two_patients(),
    PAPER,
    FeatureTable("", "", "", pd.DataFrame(), pd.DataFrame(), features(1).residue.iloc[:0]),
    reader({}),
)


def many_patients(n=12, images_per_patient=2):
    """As many training as external patients, labels in turn."""
    patients = pd.DataFrame({"patient_id": [f"p{i:02d}-" for i in range(2 * n)]})
    patients["y"] = np.arange(2 * n) % 2
    patients["subset"] = np.repeat(["train", "external"], n)
    return study(patients, images_per_patient)


def evidence(known, of=None, config=PAPER):
    """Evidence of a study with these result frames alone."""
    return replace(EMPTY, study=of or many_patients(), config=config, frame=reader(known))


def by_code(of):
    return {finding.code: finding for finding in audit(of)}
