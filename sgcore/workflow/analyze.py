"""Select, fit and evaluate on stored features: seconds, and never twice for one fingerprint."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from sgcore.config import AnalysisConfig, as_dict, deciding_versions
from sgcore.domain import Study
from sgcore.errors import SgauditError
from sgcore.features import parse
from sgcore.jobs import Cancel, OnProgress
from sgcore.models import FamilyResult, pick
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis, load_analysis
from sgcore.workflow.calibrated import calibrations
from sgcore.workflow.cases import labelled
from sgcore.workflow.chance import chance
from sgcore.workflow.clustered_p import clustered_p
from sgcore.workflow.evaluate import comparisons, evaluations
from sgcore.workflow.family_fits import FamilyFits, fit_families, rounds
from sgcore.workflow.harmonized import as_selected, with_reasons
from sgcore.workflow.roi_stability import roi_icc
from sgcore.workflow.sources import Sources, sources
from sgcore.workflow.stage import Stage

#: Rounds that follow the fits: AUCs, comparisons, pick bonus, calibration.
_EVALUATION_ROUNDS = 4


def analyze(
    study: Study,
    config: AnalysisConfig,
    store: Store,
    *,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> Analysis:
    """The analysis of a study under these settings, computed now or taken from the store.

    Raises ``SgauditError`` when its features are not all in the store yet, or when the training
    patients cannot train anything; the message says what to do. ``CancelledError`` on a stop.
    """
    found = sources(study, config, store)
    found.check_complete()
    analysis_id = found.analysis_id
    if store.analyses.exists(analysis_id):
        return load_analysis(store, analysis_id)
    check_trainable(study)
    if found.table.values.empty:
        first = found.failures.iloc[0]
        raise SgauditError(
            f"No case of {study.name!r} has features; the first reason is: {first['image_id']}: {first['reason']}"
        )
    icc = roi_icc(found)
    stage = Stage("models", rounds(found) + _EVALUATION_ROUNDS, on_progress, cancel)
    fits = fit_families(found, icc, stage.step)
    frames = _frames(found, fits, stage.step)
    stage.end()
    store.studies.add(study)
    store.analyses.add(
        analysis_id,
        study_id=study.fingerprint,
        feature_set_id=found.table.fingerprint,
        recipe=found.config.recipe,
        config=as_dict(found.config),
        versions=deciding_versions(found.config),
        notes=[*study.notes, *_failure_notes(found), *fits.notes],
        frames={**frames, "icc": icc, "failures": found.failures},
    )
    return load_analysis(store, analysis_id)


def stored_analysis(study: Study, config: AnalysisConfig, store: Store) -> Analysis:
    """The analysis that is already in the store; ``SgauditError`` says how to make it."""
    analysis_id = sources(study, config, store).analysis_id
    if not store.analyses.exists(analysis_id):
        raise SgauditError(
            f"{study.name!r} has no analysis with the {config.recipe} recipe in {store.path}. "
            "Run `sgaudit run` first."
        )
    return load_analysis(store, analysis_id)


def check_trainable(study: Study) -> None:
    """Raise ``SgauditError`` for a study that cannot be modelled, before anything long begins."""
    if study.conflicts:
        raise SgauditError(
            f"{study.name!r} was imported for audit only and is not modelled: {study.conflicts[0]}"
        )
    train = study.patients[study.patients["subset"] == "train"]
    counts = train["y"].value_counts()
    for value, name in ((0, study.negative), (1, study.positive)):
        if counts.get(value, 0) < 2:
            raise SgauditError(
                f"{counts.get(value, 0)} training patient(s) with label {name!r}; at least 2 of each label are "
                "needed to train a model. Check [split] and [centers] of the study file."
            )


def _frames(found: Sources, fits: FamilyFits, on_step: Callable[[str], None]) -> dict[str, pd.DataFrame]:
    frames = {"unavailable": pd.DataFrame(fits.unavailable.items(), columns=["family", "reason"])}
    if fits.results:
        frames |= _selection_frames(found, fits.results)
    if fits.scored:
        frames |= _model_frames(found.study, found.config, fits.scored, on_step)
    return frames


def _selection_frames(found: Sources, families: dict[str, FamilyResult]) -> dict[str, pd.DataFrame]:
    """What became of every feature, also of families that have no model in the end."""
    trace = _stack(families, "trace")
    seen = as_selected(found.table.values, found.study.cases(), found.config)
    trace["p_clustered"] = clustered_p(trace, seen, found.study.cases())
    names = [parse(name) for name in trace["feature"]]
    trace["image_type"] = [name.image_type for name in names]
    trace["feature_class"] = [name.feature_class for name in names]
    return {
        "selection": trace,
        "counts": pd.DataFrame([{"family": name, **result.counts} for name, result in families.items()]),
        "lasso_curve": _stack(families, "lasso_curve"),
        "lasso_path": _stack(families, "lasso_path"),
        "odds_ratios": pd.concat([result.odds_ratios for result in families.values()], ignore_index=True),
    }


def _model_frames(
    study: Study,
    config: AnalysisConfig,
    families: dict[str, FamilyResult],
    on_step: Callable[[str], None],
) -> dict[str, pd.DataFrame]:
    predictions = _stack(families, "scores").merge(labelled(study), on="image_id", validate="many_to_one")
    unscored = {name: result.unscored for name, result in families.items()}
    on_step("AUCs")
    rows = with_reasons(evaluations(predictions, config.models.threshold), unscored)
    picks = pick(rows, config.models.pick, config.unit)
    chosen = set(zip(picks["family"], picks["classifier"], strict=True))
    rows["picked"] = [pair in chosen for pair in zip(rows["family"], rows["classifier"], strict=True)]
    frames = {"predictions": predictions, "evaluations": rows, "picks": picks}
    on_step("comparisons")
    frames["comparisons"] = with_reasons(comparisons(predictions, picks), unscored)
    on_step("pick bonus")
    frames["chance"] = chance(predictions, config.seed)
    on_step("calibration")
    folds = pick(rows, "folds", config.unit)
    return {**frames, "calibration": calibrations(predictions, picks, folds, config.seed)}


def _stack(families: dict[str, FamilyResult], name: str) -> pd.DataFrame:
    parts = [
        getattr(result, name).assign(family=family)
        for family, result in families.items()
        if len(getattr(result, name))
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _failure_notes(found: Sources) -> list[str]:
    failures = found.failures
    if failures.empty:
        return []
    first = failures.iloc[0]
    return [
        f"{len(failures)} of {len(found.study.images)} images have no radiomics features and are missing from the "
        f"Radiomics models; the first is {first['image_id']}: {first['reason']}"
    ]
