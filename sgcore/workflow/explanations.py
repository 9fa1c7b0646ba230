"""SHAP values of the models of an analysis into the store, model by model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.domain import FAMILIES
from sgcore.errors import SgauditError
from sgcore.explain import ExplanationError, ShapValues, draw_background, explain_scores
from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.models import FamilyResult, Fitted, fit_classifier
from sgcore.store import Store
from sgcore.workflow.again import sources_again
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import MODEL
from sgcore.workflow.family_fits import fit_families
from sgcore.workflow.network_choice import FAMILY as NETWORK_ALONE
from sgcore.workflow.sources import Sources
from sgcore.workflow.stage import Stage

#: How far a model that is fitted again may be from the scores that were stored of it.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Argument:
    """A model to fit again and to explain, as plain arguments that any worker can take.

    Attributes
    ----------
    classifier : one of the six. seed, folds : of its fit.
    values : (n, d) selected terms of all images, trained : rows of those that train.
    y, patients : label and patient of each training image. stored : (n,) scores as they were stored.
    """

    classifier: str
    seed: int
    folds: int
    values: np.ndarray = field(repr=False)
    trained: np.ndarray = field(repr=False)
    y: np.ndarray = field(repr=False)
    patients: np.ndarray = field(repr=False)
    stored: np.ndarray = field(repr=False)


def explain(
    analysis: Analysis,
    store: Store,
    *,
    jobs: Jobs | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> None:
    """Explain every model of an analysis that is not explained yet: all images, all six classifiers.

    The families' selections are made again, which the same settings make alike, and each model is fitted again
    and compared with its stored scores. The DL family is explained by the maps of its network, not here.

    Raises
    ------
    SgauditError : features, networks or software have changed since the analysis, or models could not be
        explained for a reason of this machine; the others are stored. CancelledError : on a stop; finished models
        are stored.
    """
    models = analysis.frame("evaluations")
    pairs = (
        [] if models.empty else list(models[[*MODEL]].drop_duplicates().itertuples(index=False, name=None))
    )
    done = store.explanations.done(analysis.id)
    missing = [pair for pair in pairs if pair[0] != NETWORK_ALONE and pair not in done]
    if not missing:
        return
    found = sources_again(analysis, store, doing="explanations")
    fits = _selections(found, analysis.frame("icc"), on_progress, cancel)
    stored = analysis.frame("predictions")
    stored = stored[stored["estimate"] == "fitted"].set_index([*MODEL, "image_id"])["y_score"].sort_index()

    def items() -> Iterator[tuple[str, Callable[[], Argument]]]:
        for family, classifier in missing:

            def make(family: str = family, classifier: str = classifier) -> Argument:
                return _argument(found, fits[family], classifier, stored[family, classifier])

            yield f"{family} {classifier}", make

    names = {f"{family} {classifier}": (family, classifier) for family, classifier in missing}
    pool = Jobs(workers=0) if jobs is None else jobs
    failed = []
    for outcome in pool.map(
        explain_model,
        items(),
        total=len(missing),
        stage="explanations",
        on_progress=on_progress,
        cancel=cancel,
    ):
        if outcome.error is not None:
            failed.append(f"{outcome.key}: {outcome.error}")
            continue
        family, classifier = names[outcome.key]
        _store(store, analysis.id, family, classifier, fits[family], outcome.value)
    if failed:
        raise SgauditError(
            f"{len(failed)} of {len(missing)} models could not be explained; the others are stored, and the analysis "
            f"stands. Run the study again to try anew. The first is {failed[0]}"
        )


def explain_model(argument: Argument) -> ShapValues | str:
    """Fit a model again and explain its scores of all images, or say why they cannot be explained."""
    values, trained = argument.values, argument.trained
    rows = values[trained]
    # Without a selected feature everybody's score is the share of positive training images.
    model: Fitted | float = float(argument.y.mean())
    if values.shape[1]:
        model = fit_classifier(
            argument.classifier, rows, argument.y, argument.patients, seed=argument.seed, folds=argument.folds
        )
    background = draw_background(argument.patients, seed=argument.seed)
    try:
        found = explain_scores(model, values, rows[background], seed=argument.seed)
    except ExplanationError as error:
        return str(error)
    apart = np.abs(found.output - argument.stored)
    if (np.isnan(found.output) != np.isnan(argument.stored)).any() or (apart > TOLERANCE).any():
        return (
            f"the model fitted again gives other scores than those stored (by up to {np.nanmax(apart):.2g}): its "
            "explanation would be that of another model"
        )
    return found


def _selections(
    found: Sources, icc: pd.DataFrame, on_progress: OnProgress | None, cancel: Cancel | None
) -> dict[str, FamilyResult]:
    stage = Stage("selections to explain", len(FAMILIES) - 1, on_progress, cancel)
    fits = fit_families(found, icc, stage.step, estimates=())
    stage.end()
    return fits.results


def _argument(found: Sources, result: FamilyResult, classifier: str, stored: pd.Series) -> Argument:
    config: AnalysisConfig = found.config
    cases = found.study.cases().set_index("image_id").loc[result.trained]
    images = result.design.index
    return Argument(
        classifier,
        config.seed,
        config.models.folds,
        result.design.to_numpy(float),
        images.get_indexer(result.trained),
        cases["y"].to_numpy(int),
        cases["patient_id"].to_numpy(),
        stored.loc[images].to_numpy(float),
    )


def _store(
    store: Store,
    analysis_id: str,
    family: str,
    classifier: str,
    result: FamilyResult,
    found: ShapValues | str,
) -> None:
    design = result.design
    model = {"family": family, "classifier": classifier, "features": list(design.columns)}
    if isinstance(found, str):
        none = {"base": None, "method": None, "exact": None, "n_background": None, "n_explained": 0}
        store.explanations.add(analysis_id, {**model, **none, "reason": found}, pd.DataFrame())
        return
    known = np.array([not reason for reason in found.reasons])
    rows = pd.DataFrame(
        {
            "image_id": design.index[known],
            "feature_values": (design.to_numpy(float)[known] * result.unit).tolist(),
            "shap_values": found.values[known].tolist(),
            "mc_errors": found.mc_error[known].tolist(),
        }
    )
    own = {
        "base": found.base,
        "method": found.method,
        "exact": found.exact,
        "n_background": found.n_background,
        "n_explained": len(rows),
        "reason": "",
    }
    store.explanations.add(analysis_id, {**model, **own}, rows)
