"""The one function that fits and predicts: what resampling, permutation and the analysis all call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.domain import Estimate
from sgcore.models.design import Design, design_of
from sgcore.models.folds import out_of_fold
from sgcore.models.harmonizing import Prepared, harmonized_notes, why_not_harmonized
from sgcore.models.results import ESTIMATES, FamilyResult, Preferred, score_rows, unfitted
from sgcore.models.selectors import Kind, Selector, check_columns
from sgcore.models.task import Task


def fit_predict(
    features: pd.DataFrame,
    labels: pd.Series,
    groups: pd.Series,
    config: AnalysisConfig,
    *,
    train: pd.Index,
    classifiers: tuple[str, ...],
    kind: Kind = "features",
    deep: Sequence[str] = (),
    descriptors: Sequence[str] = (),
    centers: pd.Series | None = None,
    exclude: Mapping[str, str] | None = None,
    estimates: tuple[Estimate, ...] = ESTIMATES,
    on_step: Callable[[], None] | None = None,
    preferred: Preferred | None = None,
) -> FamilyResult:
    """Select, scale and fit on the training images; score all images.

    Parameters
    ----------
    features : index ``image_id``, one column a feature. labels (0, 1) and groups (patient) : same index.
    train : ids of the training images. Nothing else is seen by any step that learns.
    kind : ``features`` goes through the four selection steps, ``descriptors`` (as they were recorded)
        through the logistic models. ``radiomics_dl`` selects among radiomics and then among those and the
        components; ``combined`` adds to that the descriptors that the logistic models keep.
    deep : columns that are components of deep features (``DL_0``); for ``radiomics_dl`` and ``combined``.
    descriptors : columns that are descriptors as they were recorded; for ``combined``. All others are radiomics.
    centers : same index; needed where the settings harmonize. ComBat is then the first step of every fit,
        the folds' too, on the radiomics features alone; images of centers that it has no batch for train
        nothing and get no score.
    exclude : feature -> why it may not be selected.
    estimates : the scores that are wanted. ``fitted``: all images, by models fitted on all training images.
        ``out_of_fold``: each training image by models that saw no image of its patient, with every step,
        selection included, repeated in each fold; ``deep`` columns are taken as they are,
        whatever their network saw. ``selected_outside``: the same with the features that all training images
        selected, which is what cross-validation should not do. Without any there is the selection alone.
    on_step : called before each round of selection and fits; it may raise to stop the work.
    preferred : given the rows of ``scores`` that are out of fold, which classifiers are fitted on all training
        images; the others have no ``fitted`` score. All of them by default.

    An empty selection is an outcome: the score is the share of positive training images, in every fold
    the same, so that it ranks nobody. An image that lacks a value of a selected feature has NaN for a
    score, and ``notes`` says so. A training image that lacks a component trains nothing, one that lacks a
    value of a selected descriptor trains no classifier, and neither value is made up; where the others have one
    label only, all scores are NaN and ``unavailable`` says why.

    Raises
    ------
    ValueError : a column that stands twice, or ``deep`` and ``descriptors`` that are not what ``kind`` takes.
    """
    check_columns(kind, features.columns, deep, descriptors)
    step = on_step or _nothing
    step()
    able, notes = _with_components(features, train, deep)
    combat = kind != "descriptors" and config.selection.harmonize != "none"
    if combat:
        if centers is None:
            raise ValueError("The settings harmonize centers; give the center of each image.")
        reason = why_not_harmonized(config, centers.loc[able], groups.loc[able])
        combat = reason is None
        notes += [] if reason is None else [reason]
    used = centers if combat else None
    task = Task(kind, config, labels, groups, used, exclude or {}, tuple(deep), tuple(descriptors))
    base = task.prepare(features, able)
    if used is not None:
        notes += harmonized_notes(base, labels, used.loc[features.index], groups)
    reason = task.one_label(base.train)
    if reason is not None:
        return unfitted(features.index, train, classifiers, estimates, notes, reason)
    selector = task.select(base)
    notes += selector.notes_
    if hasattr(selector, "coding_"):
        notes += selector.coding_.describe(features)
    design, base_rate = design_of(selector, base), float(labels.loc[base.train].mean())
    parts: list[pd.DataFrame] = []
    folded: list[str] = []
    for estimate in (name for name in estimates if name != "fitted"):
        chosen = selector if estimate == "selected_outside" else None
        held, told = out_of_fold(task, features.loc[base.train], classifiers, base_rate, step, chosen)
        # Training images that can train nothing are in no fold; without a score they are counted.
        left, none = train.difference(base.train, sort=False), pd.Series(dtype=float)
        if len(held) and len(left):
            held += [score_rows(left, name, estimate, none) for name in classifiers]
        parts += held
        folded += told
    if "fitted" in estimates:
        names = preferred(pd.concat(parts, ignore_index=True)) if preferred and parts else classifiers
        scores = task.score(design, base.values.index, names, base_rate, notes)
        fitted = [score_rows(features.index, name, "fitted", values) for name, values in scores.items()]
        parts = [*fitted, *parts]
    notes += folded
    return _result(parts, selector, base, design, notes, task.one_label(design.trained))


def _nothing() -> None:
    pass


def _with_components(
    features: pd.DataFrame, train: pd.Index, deep: Sequence[str]
) -> tuple[pd.Index, list[str]]:
    """Training images that have all components, and how many have not."""
    known = np.isfinite(features.loc[train, list(deep)].to_numpy(float)).all(axis=1)
    left = train[~known]
    if not len(left):
        return train, []
    return train[known], [
        f"{len(left)} training image(s) lack deep features and train nothing (first {left[0]})"
    ]


def _result(
    parts: list[pd.DataFrame],
    selector: Selector,
    base: Prepared,
    design: Design,
    notes: list[str],
    reason: str | None,
) -> FamilyResult:
    return FamilyResult(
        scores=pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(),
        trace=selector.trace_,
        counts=selector.counts_,
        lasso_curve=getattr(selector, "curve_", pd.DataFrame()),
        lasso_path=getattr(selector, "path_", pd.DataFrame()),
        odds_ratios=getattr(selector, "odds_ratios_", pd.DataFrame()),
        notes=tuple(dict.fromkeys(notes)),
        unavailable=reason,
        unscored=base.unscored,
        design=design.values,
        unit=design.unit,
        trained=design.trained,
    )
