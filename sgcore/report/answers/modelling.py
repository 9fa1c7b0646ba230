"""Answers on models: how they were built, chosen, explained, shared."""

from __future__ import annotations

from sgcore.plots import words
from sgcore.report import described, described_extraction
from sgcore.report.answers.answer import Answer, apart, cited, confirm, no, yes
from sgcore.report.material import Material

_NONE = "No model was fitted."
_UNSELECTED = "No family could select features."
#: Events a feature that Harrell's rule of thumb asks for.
EVENTS = 10


def guideline(material: Material) -> Answer:
    return confirm(
        "This file fills in TRIPOD+AI, CLEAR and METRICS as far as data say; the rest is to be completed."
    )


def handling(material: Material) -> Answer:
    return yes(described.selection(material)) if material.models else no(_NONE)


def scaling(material: Material) -> Answer:
    return (
        yes("Each feature was standardized by mean and deviation of training images.")
        if material.models
        else no(_NONE)
    )


def reduction(material: Material) -> Answer:
    if material.frame("counts").empty:
        return no(_UNSELECTED)
    left = _kept(material)
    return yes(f"{described.selection(material)} Left: {left}.")


def _kept(material: Material) -> str:
    trace = material.frame("selection")
    sizes = trace.loc[trace["step"] == "selected", "family"].value_counts()
    return "; ".join(
        f"{row.family} {int(sizes.get(row.family, 0))}" for row in material.frame("counts").itertuples()
    )


def building(material: Material) -> Answer:
    if not material.models:
        return no(_NONE)
    folds = material.config.models.folds
    return yes(
        f"{described.classifiers(material)} Classifiers have fixed settings, none is tuned. Internal validation: "
        f"{folds} patient-grouped folds with every step of the selection in each. {described.networks(material)}"
    )


def algorithms(material: Material) -> Answer:
    if not material.models:
        return no(_NONE)
    own = material.config.models
    us = () if material.study.descriptors is None else own.us_classifiers
    names = [words.CLASSIFIERS[name] for name in dict.fromkeys((*own.classifiers, *us))]
    return yes(f"{words.join(names)}. {described.networks(material)}")


def picking(material: Material) -> Answer:
    picks = material.frame("picks")
    if picks.empty:
        return no(_NONE)
    parts = [f"{family}: {classifier}" for family, classifier in material.models.values()]
    return yes(f"{described.picking(material)} {'; '.join(parts)}. {cited(material, 'SGA030')}".strip())


def output(material: Material) -> Answer:
    return yes(described.threshold(material)) if material.models else no(_NONE)


def predictions(material: Material) -> Answer:
    if not material.models:
        return no(_NONE)
    networks = material.frame("networks")
    if len(networks) and (networks["origin"] == "brought").any():
        return confirm(
            "Scores of DL came with the study; every other one was computed by the fitted model of this analysis. The "
            "store has them by image."
        )
    return yes("Each score was computed by the fitted model of this analysis; the store has it by image.")


def updating(material: Material) -> Answer:
    return apart("No model was updated or recalibrated after its evaluation.")


def specification(material: Material) -> Answer:
    """Selected features and the settings are there; the fitted model as a file is not."""
    if not material.models:
        return no(_NONE)
    return confirm(
        "Selected features, settings, seeds and versions are in this file, and the same input gives the same model; "
        "the fitted models themselves are not written out."
    )


def confounders(material: Material) -> Answer:
    """Checks that look for other explanations, as far as they are there."""
    said = cited(material, "SGA013", "SGA042", "SGA043", "SGA044")
    harmonized = material.config.selection.harmonize == "combat"
    combat = "ComBat took the effect of each center out of the radiomics features. " if harmonized else ""
    if not said and not combat:
        return confirm(
            "No check of size, center or device has an answer here; confounders are the authors' to name."
        )
    return confirm(f"{combat}{said} Which confounders matter is the authors' to say.")


def fairness(material: Material) -> Answer:
    names = [name for name in ("sex", "age") if name in material.study.patients]
    known = (
        f"{words.join(names)} can be compared on the families page"
        if names
        else "no column names such groups"
    )
    return confirm(
        f"Nothing was done for fairness when models were fitted; {known}. Groups are the authors' to choose."
    )


def explainability(material: Material) -> Answer:
    """SHAP values and maps, where they are stored."""
    models, maps = material.frame("shap_models"), material.frame("grad_cam")
    parts = []
    if len(models):
        explained = int((models["reason"].fillna("") == "").sum())
        parts.append(f"SHAP values of {words.count(explained, 'model')}")
    if len(maps):
        parts.append(f"Grad-CAM of {words.count(maps['image_id'].nunique(), 'image')}")
    if not parts:
        return no("Nothing is explained in this analysis.")
    return yes(f"{' and '.join(parts)}. {cited(material, 'SGA070', 'SGA071')}".strip())


def feature_statistics(material: Material) -> Answer:
    if material.frame("counts").empty:
        return no(_UNSELECTED)
    checks = cited(material, "SGA020", "SGA021")
    return yes(f"Selected: {_kept(material)}; the table has test, p and coefficient. {checks}".strip())


def redundant(material: Material) -> Answer:
    rho = material.config.selection.rho
    if material.frame("counts").empty:
        return no(_UNSELECTED)
    if rho >= 1:
        return no("Near copies were kept (rho is 1).")
    return yes(f"Of two features with an absolute Spearman correlation above {rho:g} one was kept.")


def dimensionality(material: Material) -> Answer:
    """Selected features beside the rarer label among training patients."""
    if material.frame("counts").empty:
        return no(_UNSELECTED)
    rows = material.study.patients
    train = rows[rows["subset"] == "train"]
    rarer = int(min((train["y"] == 1).sum(), (train["y"] == 0).sum()))
    trace = material.frame("selection")
    most = int(trace.loc[trace["step"] == "selected", "family"].value_counts().max()) if len(trace) else 0
    return confirm(
        f"Selected: {_kept(material)}, for {rarer} training patients of the rarer label; {EVENTS} a feature are a rule "
        "of thumb, and the data chose among all candidates.",
        rarer >= EVENTS * most,
    )


def deep_robustness(material: Material) -> Answer:
    if material.frame("networks").empty:
        return apart("The study has no networks.")
    return confirm(f"No test with changed images was made. {cited(material, 'SGA071')}".strip(), False)


def simple_models(material: Material) -> Answer:
    """Logistic regression beside other candidates."""
    rows = material.frame("evaluations")
    if rows.empty:
        return no(_NONE)
    names = rows.loc[rows["family"] != "US"].groupby("family")["classifier"].unique()
    with_lr = [str(family) for family, found in names.items() if "LR" in found and len(found) > 1]
    if with_lr:
        return yes(f"Logistic regression stands beside the other classifiers of {words.join(with_lr)}.")
    return no("No family has logistic regression beside another classifier.")


def code(material: Material) -> Answer:
    version = material.versions.get("sgaudit", "")
    return confirm(
        f"Computed by sgaudit {version} with the settings in the appendix; where code can be had is to be said."
    )


def share_features(material: Material) -> Answer:
    return confirm(
        "`sgaudit pack` writes features and predictions as files; whether they are shared is to be said."
    )


def share_settings(material: Material) -> Answer:
    if described_extraction.parameters(material) is None:
        return confirm("Settings of the analysis are in the appendix; those of the extraction are not known.")
    return yes("Settings of the analysis and the parameter file of the extraction are in the appendix.")


def share_model(material: Material) -> Answer:
    return confirm("Fitted models are not written out by sgaudit; whether one is shared is to be said.")
