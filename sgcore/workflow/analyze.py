"""Select, fit, evaluate and audit on stored features: seconds, and never twice for one fingerprint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sgcore.audit import Evidence, audit
from sgcore.config import AnalysisConfig, as_dict, fingerprint, software_versions
from sgcore.domain import FAMILIES, FeatureTable, Study
from sgcore.errors import SgauditError
from sgcore.features import parse, preset_hash, residue_image_types
from sgcore.jobs import OnProgress, Progress
from sgcore.models import FamilyResult, fit_predict, missing_family, pick
from sgcore.models.descriptors import prepare_descriptors
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis, load_analysis
from sgcore.workflow.evaluate import comparisons, evaluations
from sgcore.workflow.extract import BROUGHT, effective_config, feature_set_id
from sgcore.workflow.roi_stability import roi_icc


def analyze(
    study: Study, config: AnalysisConfig, store: Store, *, on_progress: OnProgress | None = None
) -> Analysis:
    """The analysis of a study under these settings, computed now or taken from the store.

    Raises ``SgauditError`` when its features are not in the store yet, or when the training patients
    cannot train anything; the message says what to do.
    """
    config = _with_preset_hash(effective_config(study, config))
    set_id = feature_set_id(study, config.preset)
    table = store.features.load(set_id)
    if table.values.empty:
        raise SgauditError(
            f"The store has no {config.preset} features of {study.name!r}. "
            f"Run `sgaudit extract` (or `run`) with --preset {config.preset} first."
        )
    analysis_id = _analysis_id(study, config, table)
    if store.analyses.exists(analysis_id):
        return load_analysis(store, analysis_id)
    _check_training(study)
    icc = roi_icc(study, config, store) if config.selection.icc_min is not None else pd.DataFrame()
    families, unavailable, notes = _families(study, config, table, icc, on_progress)
    frames = _frames(study, config, table, families, unavailable)
    frames["icc"] = icc
    looks = len(store.analyses.looks(study.fingerprint))
    frames["findings"] = _findings(Evidence(study, config, table, frames, looks))
    store.studies.add(study)
    store.analyses.add(
        analysis_id,
        study_id=study.fingerprint,
        feature_set_id=set_id,
        recipe=config.recipe,
        config=as_dict(config),
        versions=software_versions(),
        notes=[*study.notes, *_failure_notes(study, table), *notes],
        frames=frames,
    )
    return load_analysis(store, analysis_id)


def stored_analysis(study: Study, config: AnalysisConfig, store: Store) -> Analysis:
    """The analysis that is already in the store; ``SgauditError`` says how to make it."""
    config = _with_preset_hash(effective_config(study, config))
    table = store.features.load(feature_set_id(study, config.preset))
    analysis_id = _analysis_id(study, config, table)
    if not store.analyses.exists(analysis_id):
        raise SgauditError(
            f"{study.name!r} has no analysis with the {config.recipe} recipe in {store.path}. "
            "Run `sgaudit run` first."
        )
    return load_analysis(store, analysis_id)


def _analysis_id(study: Study, config: AnalysisConfig, table: FeatureTable) -> str:
    # Which images have features is part of the name: a case that failed and succeeds later changes results.
    return fingerprint("analysis", study.fingerprint, config, sorted(table.values.index), software_versions())


def _with_preset_hash(config: AnalysisConfig) -> AnalysisConfig:
    return config if config.preset == BROUGHT else replace(config, preset_hash=preset_hash(config.preset))


def _check_training(study: Study) -> None:
    if study.conflicts:
        raise SgauditError(
            f"{study.name!r} was imported for audit only: {study.conflicts[0]} It is not modelled."
        )
    train = study.patients[study.patients["subset"] == "train"]
    counts = train["y"].value_counts()
    for value, name in ((0, study.negative), (1, study.positive)):
        if counts.get(value, 0) < 2:
            raise SgauditError(
                f"{counts.get(value, 0)} training patient(s) with label {name!r}; at least 2 of each label are "
                "needed to train a model. Check [split] and [centers] of the study file."
            )


def _families(
    study: Study,
    config: AnalysisConfig,
    table: FeatureTable,
    icc: pd.DataFrame,
    on_progress: OnProgress | None,
) -> tuple[dict[str, FamilyResult], dict[str, str], list[str]]:
    cases = study.cases().set_index("image_id")
    results: dict[str, FamilyResult] = {}
    unavailable: dict[str, str] = {}
    notes: list[str] = []
    for done, family in enumerate(FAMILIES):
        if on_progress is not None:
            on_progress(Progress("models", done, len(FAMILIES), None, family))
        reason = missing_family(family, deep=False)
        if reason is None:
            make = _us if family == "US" else _radiomics
            made = make(study, config, cases, table, icc)
            reason = made if isinstance(made, str) else None
            if isinstance(made, FamilyResult):
                results[family] = made
                notes += [f"{family}: {note}." for note in made.notes]
        if reason is not None:
            unavailable[family] = reason
    if on_progress is not None:
        on_progress(Progress("models", len(FAMILIES), len(FAMILIES), 0.0))
    return results, unavailable, notes


def _us(
    study: Study, config: AnalysisConfig, cases: pd.DataFrame, table: FeatureTable, icc: pd.DataFrame
) -> FamilyResult | str:
    if study.descriptors is None:
        return "the study has no descriptors, and no masks from which the aspect ratio could be computed"
    train = cases.index[cases["subset"] == "train"]
    X, notes = prepare_descriptors(study.descriptors.set_index("image_id").loc[cases.index], train)
    complete = X.dropna(axis=0)
    if len(complete) < len(X):
        notes.append(
            f"{len(X) - len(complete)} of {len(X)} images have no aspect ratio and are missing from the US models"
        )
    X = complete
    if X.shape[1] == 0:
        return "the training images have no descriptor"
    result = fit_predict(
        X,
        cases.loc[X.index, "y"],
        cases.loc[X.index, "patient_id"],
        config,
        train=train.intersection(X.index),
        classifiers=config.models.us_classifiers,
        kind="descriptors",
    )
    if not (result.trace["step"] == "selected").any():
        smallest = result.trace["p"].min()
        return (
            f"no descriptor had p < {config.selection.p_threshold:g} in the training images "
            f"(the smallest of {len(result.trace)} is {smallest:.3f})"
        )
    return replace(result, notes=(*notes, *result.notes))


def _radiomics(
    study: Study, config: AnalysisConfig, cases: pd.DataFrame, table: FeatureTable, icc: pd.DataFrame
) -> FamilyResult | str:
    features = table.values.loc[cases.index.intersection(table.values.index)]
    train = features.index[cases.loc[features.index, "subset"] == "train"]
    if cases.loc[train].groupby("y")["patient_id"].nunique().reindex([0, 1], fill_value=0).min() < 2:
        return "fewer than 2 training patients of a label have features"
    return fit_predict(
        features,
        cases.loc[features.index, "y"],
        cases.loc[features.index, "patient_id"],
        config,
        train=train,
        classifiers=config.models.classifiers,
        exclude=_excluded(config, table, icc),
    )


def _excluded(config: AnalysisConfig, table: FeatureTable, icc: pd.DataFrame) -> dict[str, str]:
    """Feature -> why the settings leave it out of the selection."""
    finite = np.isfinite(table.values.to_numpy()).all(axis=0)
    excluded = dict.fromkeys(table.values.columns[~finite], "missing or infinite in an image")
    if config.selection.icc_min is not None and len(icc):
        for row in icc.itertuples():
            if not row.ci_low >= config.selection.icc_min:
                low = "undefined" if pd.isna(row.ci_low) else f"{row.ci_low:.2f}"
                excluded[row.feature] = (
                    f"depends on the ROI: lower bound of the ICC {low}, below {config.selection.icc_min:g}"
                )
    if config.selection.drop_residue:
        types = set(residue_image_types(table.residue))
        for name in table.values.columns:
            if parse(name).image_type in types:
                excluded[name] = "numerical residue: the filter has no response on a single slice"
    return excluded


def _frames(
    study: Study,
    config: AnalysisConfig,
    table: FeatureTable,
    families: dict[str, FamilyResult],
    unavailable: dict[str, str],
) -> dict[str, pd.DataFrame]:
    cases = study.cases().rename(columns={"y": "y_true"})
    frames: dict[str, pd.DataFrame] = {
        "unavailable": pd.DataFrame(unavailable.items(), columns=["family", "reason"]),
    }
    if not families:
        return frames
    predictions = _stack(families, "scores").merge(cases, on="image_id", validate="many_to_one")
    rows = evaluations(predictions, config.models.threshold)
    picks = pick(rows, config.models.pick, config.unit)
    chosen = set(zip(picks["family"], picks["classifier"], strict=True))
    rows["picked"] = [pair in chosen for pair in zip(rows["family"], rows["classifier"], strict=True)]
    trace = _stack(families, "trace")
    names = [parse(name) for name in trace["feature"]]
    trace["image_type"] = [name.image_type for name in names]
    trace["feature_class"] = [name.feature_class for name in names]
    frames |= {
        "predictions": predictions,
        "evaluations": rows,
        "comparisons": comparisons(predictions, picks),
        "picks": picks,
        "selection": trace,
        "counts": pd.DataFrame([{"family": name, **result.counts} for name, result in families.items()]),
        "lasso_curve": _stack(families, "lasso_curve"),
        "lasso_path": _stack(families, "lasso_path"),
        "odds_ratios": pd.concat([result.odds_ratios for result in families.values()], ignore_index=True),
    }
    return frames


def _stack(families: dict[str, FamilyResult], name: str) -> pd.DataFrame:
    parts = [
        getattr(result, name).assign(family=family)
        for family, result in families.items()
        if len(getattr(result, name))
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _findings(evidence: Evidence) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for finding in audit(evidence):
        table = finding.evidence
        rows.append(
            {
                **finding.as_dict(),
                "title": finding.title,
                "remedy": finding.remedy,
                "page": finding.page,
                "plot": finding.plot,
                "evidence": None if table is None else table.to_json(orient="records"),
            }
        )
    return pd.DataFrame(rows)


def _failure_notes(study: Study, table: FeatureTable) -> list[str]:
    if table.failures.empty:
        return []
    first = table.failures.iloc[0]
    return [
        f"{len(table.failures)} of {len(study.images)} images have no radiomics features and are missing from the "
        f"Radiomics models; the first is {first['image_id']}: {first['reason']}"
    ]
