"""Select, fit and evaluate on stored features: seconds, and never twice for one fingerprint."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from sgcore.config import AnalysisConfig, as_dict, deciding_versions, from_dict
from sgcore.domain import FAMILIES, Study
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
from sgcore.workflow.deep_source import DeepSource
from sgcore.workflow.effective import effective_config
from sgcore.workflow.evaluate import comparisons, evaluations
from sgcore.workflow.family_fits import FamilyFits, fit_families, rounds
from sgcore.workflow.harmonized import as_selected, with_reasons
from sgcore.workflow.network_choice import FAMILY, NetworkChoice
from sgcore.workflow.one_thread import one_thread
from sgcore.workflow.roi_stability import roi_icc
from sgcore.workflow.sources import Sources, sources
from sgcore.workflow.stage import Stage
from sgcore.workflow.trainable import check_not_audit_only, check_trainable

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
    check_not_audit_only(study)
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
    stage = Stage("models", rounds(found) + _EVALUATION_ROUNDS, on_progress, cancel)
    with one_thread():
        icc = roi_icc(found)
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
    """The last analysis in the store with these settings, whichever its networks; one with networks before others.

    Raises ``SgauditError`` where there is none of this software, and says how to make it, or why there never is one.
    """
    check_not_audit_only(study)
    wanted = replace(effective_config(study, config), deep=None)
    stored = store.analyses.list(study.fingerprint)
    configs = [from_dict(json.loads(text)) for text in stored["config"]]
    known = list(zip(stored["analysis_id"], configs, strict=True))[::-1]
    for analysis_id, own in sorted(known, key=lambda each: each[1].deep is None):
        # Of other software, or of features that have changed since, the settings would give another one today.
        if replace(own, deep=None) == wanted and sources(study, own, store).analysis_id == analysis_id:
            return load_analysis(store, analysis_id)
    raise SgauditError(
        f"{study.name!r} has no analysis with the {config.recipe} recipe in {store.path}. "
        "Run `sgaudit run` first."
    )


def _frames(found: Sources, fits: FamilyFits, on_step: Callable[[str], None]) -> dict[str, pd.DataFrame]:
    frames = {"unavailable": pd.DataFrame(fits.unavailable.items(), columns=["family", "reason"])}
    if fits.network is not None and found.deep is not None:
        frames |= _network_frames(found.deep, fits.network)
    selecting = {name: result for name, result in fits.results.items() if result.counts}
    if selecting:
        frames |= _selection_frames(found, selecting, fits.network)
    if fits.scored:
        frames |= _model_frames(found.study, found.config, fits, on_step)
    return frames


def _network_frames(deep: DeepSource, choice: NetworkChoice) -> dict[str, pd.DataFrame]:
    """The networks, which of them was chosen, and its deep features by component."""
    chosen = choice.backbone or choice.picks["classifier"].iloc[0]
    frames = {"networks": deep.networks.assign(picked=deep.networks["backbone"] == chosen)}
    if choice.components is not None:
        frames |= choice.components.frames(chosen)
    return frames


def _selection_frames(
    found: Sources, families: dict[str, FamilyResult], network: NetworkChoice | None
) -> dict[str, pd.DataFrame]:
    """What became of every feature, also of families that have no model in the end."""
    trace = _stack(families, "trace")
    components = None if network is None else network.components
    seen = as_selected(found.table.values, found.study.cases(), found.config)
    if components is not None:
        # A feature of the study's own may have a component's name; then no family has the component.
        seen = seen.join(components.values[components.values.columns.difference(seen.columns)])
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
    fits: FamilyFits,
    on_step: Callable[[str], None],
) -> dict[str, pd.DataFrame]:
    families = fits.scored
    predictions = _stack(families, "scores").merge(labelled(study), on="image_id", validate="many_to_one")
    unscored = {name: result.unscored for name, result in families.items()}
    on_step("AUCs")
    rows = with_reasons(evaluations(predictions, config.models.threshold), unscored)
    picks = _picks(rows, config, fits.network)
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


def _picks(rows: pd.DataFrame, config: AnalysisConfig, network: NetworkChoice | None) -> pd.DataFrame:
    """The picks in the order of the families; the network was chosen before models on its features were fitted."""
    if network is None or network.picks.empty:
        return pick(rows, config.models.pick, config.unit)
    others = pick(rows[rows["family"] != FAMILY], config.models.pick, config.unit)
    picks = pd.concat([others, network.picks], ignore_index=True)
    return picks.sort_values("family", key=lambda names: names.map(FAMILIES.index), ignore_index=True)


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
