"""The methods of an analysis in sentences, composed from its settings, its study and what was computed."""

from __future__ import annotations

import pandas as pd

from sgcore.audit.study_columns import described as described_by
from sgcore.config import DeepConfig
from sgcore.domain import Study
from sgcore.plots import words
from sgcore.report.material import Material

_TESTS = {
    "auto": "Student's t, Welch's or the Mann-Whitney U test, by normality and variance",
    "student": "Student's t test",
    "welch": "Welch's test",
    "mannwhitney": "the Mann-Whitney U test",
}
_CORRECTIONS = {"none": "p (not corrected)", "holm": "Holm-adjusted p", "bh": "Benjamini-Hochberg q"}
_PICKS = {
    "external": "the external set, on which it is also reported",
    "validation": "the validation set",
    "folds": "patient-grouped folds of the training patients",
}
_WEIGHTS = {"imagenet": "pretrained on ImageNet", "none": "drawn at random", "file": "read from a file"}


def split(material: Material) -> str:
    """How patients were divided, with the counts of each part."""
    study = material.study
    counts = study.patients["subset"].value_counts()
    sizes = words.join(
        [
            f"{words.count(int(counts[name]), 'patient')} ({called})"
            for name, called in (
                ("train", "training"),
                ("validation", "validation"),
                ("external", "external"),
            )
            if name in counts
        ]
    )
    if study.split_column is not None:
        how = f"Patients were divided as the study's column {study.split_column!r} says"
    else:
        how = (
            f"Development patients were divided at random by patient, stratified by label, {study.split_train:.0%} for "
            f"training (seed {study.split_seed})"
        )
    outside = (
        f"; external centers: {', '.join(study.external)}"
        if study.external
        else "; there is no external center"
    )
    return f"{how}: {sizes}. Development centers: {', '.join(study.development)}{outside}."


def selection(material: Material) -> str:
    """The steps of the selection with their thresholds."""
    own = material.config.selection
    before = []
    if own.drop_residue:
        before.append("numerical residue")
    if own.icc_min is not None:
        before.append(f"features whose ICC over changed ROIs has a lower bound below {own.icc_min:g}")
    left = f"Left out without looking at labels: {words.join(before)}. " if before else ""
    combat = (
        "ComBat, fitted on training images, took the effect of each center out of them. "
        if own.harmonize == "combat"
        else ""
    )
    penalty = "the minimum of the error" if own.lasso_rule == "min" else "one standard error from the minimum"
    loss = "Gaussian loss on 0/1 labels" if own.lasso_loss == "gaussian" else "logistic loss"
    return (
        f"{left}{combat}Radiomics features were standardized on training images; those with "
        f"{_CORRECTIONS[own.correction]} below {own.p_threshold:g} by {_TESTS[own.test]} stayed; of two with an "
        f"absolute Spearman correlation above {own.rho:g} the one with the smaller p; of these the LASSO ({loss}, "
        f"penalty at {penalty} over {own.folds} patient-grouped folds) kept what has a coefficient."
        f"{_descriptors(material)}"
    )


def _descriptors(material: Material) -> str:
    if material.study.descriptors is None:
        return ""
    return " Descriptors were selected by logistic regression, first one by one and then together."


def classifiers(material: Material) -> str:
    """The candidates of each family and how one was picked."""
    own = material.config.models
    described = material.study.descriptors is not None
    us = f"; of descriptors: {', '.join(own.us_classifiers)}" if described else ""
    return f"Candidates of the radiomics families: {', '.join(own.classifiers)}{us}. {picking(material)}"


def picking(material: Material) -> str:
    rule = _PICKS[material.config.models.pick]
    return f"Of several candidates the one with the highest AUC was picked on {rule}."


def threshold(material: Material) -> str:
    fitted = material.config.models.threshold == "fitted"
    scores = (
        "of the fitted model on its own training patients" if fitted else "of training patients out of fold"
    )
    return (
        f"A model gives a probability of {material.study.positive}; the threshold is Youden's on scores {scores}, and "
        "is carried unchanged to every other set."
    )


def networks(material: Material) -> str:
    """Which networks, from which weights, trained how; why none where there are none."""
    rows, own = material.frame("networks"), material.config.deep
    if rows.empty or own is None:
        return "No networks were part of this analysis."
    names = list(dict.fromkeys(rows["backbone"]))
    if (rows["origin"] == "brought").all():
        return (
            f"Scores and deep features of {words.join(names)} came with the study; how they were trained does not "
            f"stand in its files. {_components(own)}"
        )
    weights = [_WEIGHTS.get(name, "of unknown origin") for name in dict.fromkeys(rows["weights"])]
    size = f"images of {own.size} pixels" if own.size else "images of each network's own size"
    out = (
        f"Deep features of training patients came from {own.folds} networks that each left a fold of them out."
        if own.folds
        else "Deep features of training patients came from the network that was trained on them."
    )
    return (
        f"Networks: {words.join(names)}, first weights {words.join(weights)}, {size}, SGD with learning rate "
        f"{own.learning_rate:g}, momentum {own.momentum:g} and batches of {own.batch}, {own.epochs} epochs"
        f"{'' if own.early_stopping is None else f', stopped early after {own.early_stopping} without gain'}"
        f"{', images augmented' if own.augmentation else ''}"
        f"{', loss weighed by label' if own.class_weights else ''} (seed {own.seed}). Of several networks the one with "
        f"the highest AUC was chosen on {_PICKS[own.pick].partition(',')[0]}. {out} {_components(own)}"
    )


def _components(own: DeepConfig) -> str:
    return f"Pooled features were reduced to {words.count(own.components, 'principal component')}."


def statistics(material: Material) -> str:
    """How estimates, intervals and tests were made."""
    by = (
        "the mean score of a patient's images is one case"
        if material.unit == "patient"
        else "each image is a case, and intervals are clustered by patient"
    )
    methods = material.picked()
    ways = [] if methods.empty else list(dict.fromkeys(methods["method"].dropna()))
    said = f" ({'; '.join(ways)})" if ways else ""
    folded = set(methods.loc[methods["subset"] == "train", "family"]) if len(methods) else set()
    names = words.join([name for name in material.models if name in folded])
    in_folds = (
        f"Training patients are scored out of fold in {names}, every step of the selection repeated in each "
        "patient-grouped fold. "
        if folded
        else ""
    )
    return (
        f"Results are counted by {material.unit}: {by}. AUCs have 95% intervals{said}; two families are compared by "
        f"DeLong's test on the cases that both scored, p adjusted by Holm within a matrix. {in_folds}"
        f"{pooling(material)} Calibration: intercept, slope, Brier score and the mean distance of the smooth curve "
        "from the diagonal."
    )


def pooling(material: Material) -> str:
    """What was done with the external centers, as far as there are enough of them."""
    means = material.frame("center_means")
    if not material.study.external:
        return "There is no external center."
    if means.empty or means.loc[means["measure"] == "mean", "auc"].isna().all():
        reasons = [] if means.empty else list(means.loc[means["measure"] == "mean", "reason"].dropna())
        why = f" ({reasons[0]})" if reasons else ""
        return f"External centers are shown one by one and not pooled{why}."
    new = means[means["measure"] == "new_center"]
    predicted = new["ci_low"].notna().any()
    return "External centers are pooled by random effects on the logit scale" + (
        ", with a prediction interval for a new one." if predicted else "; a new one is not predicted."
    )


def missing(material: Material) -> str:
    """What is missing in the tables, and what became of it."""
    study: Study = material.study
    lost = len(material.frame("failures"))
    gaps = []
    for name, rows in (
        ("patients", study.patients),
        ("images", _of_images(study)),
        ("descriptors", study.descriptors),
        ("features", study.features),
    ):
        if rows is not None:
            empty = rows.isna().sum()
            gaps += [f"{words.feature(str(column))} {int(n)}" for column, n in empty[empty > 0].items()][:8]
            more = int((empty > 0).sum()) - 8
            if more > 0:
                gaps.append(f"and {more} more columns of {name}")
    values = f"Missing values: {', '.join(gaps)}." if gaps else "The tables have no missing values."
    images = f" {words.count(lost, 'image')} gave no radiomics features." if lost else ""
    return f"{values}{images} Images that lack a selected feature are left out of a model and counted."


def _of_images(study: Study) -> pd.DataFrame:
    """Columns that describe images; a size of pixels that no image has is no missing value."""
    names = [name for table, name in described_by(study) if table == "images"]
    sized = study.images["pixel_spacing_mm"].notna().any()
    return study.images[[name for name in names if sized or name != "pixel_spacing_mm"]]


def software(material: Material) -> str:
    found = [
        f"{name} {version}"
        for name, version in material.versions.items()
        if name not in ("sgaudit", "results")
    ]
    own = material.versions.get("sgaudit", "")
    return f"Software: sgaudit {own} with {', '.join(found)}; seed {material.config.seed}."
