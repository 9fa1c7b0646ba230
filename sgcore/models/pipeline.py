"""The one function that fits and predicts: what resampling, permutation and the analysis all call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.domain import Estimate
from sgcore.models.classifiers import fit_classifier
from sgcore.models.descriptors import DescriptorSelector
from sgcore.models.harmonized import Prepared, harmonized, harmonized_notes, why_not_harmonized
from sgcore.models.number_range import in_range, scorable
from sgcore.selection import FeatureSelector, grouped_folds

Kind = Literal["features", "descriptors"]
ESTIMATES: tuple[Estimate, ...] = ("fitted", "out_of_fold")


@dataclass(frozen=True)
class FamilyResult:
    """Scores of a family and how its features were selected.

    Attributes
    ----------
    scores : ``image_id, classifier, estimate, y_score``: ``fitted`` for every image, ``out_of_fold``
        for the training images.
    trace, counts : the fate of every feature, and how many were left after each step.
    lasso_curve, lasso_path : of the LASSO on all training patients; empty for descriptors.
    odds_ratios : of the descriptors; empty for features.
    notes : what a reader should know, in words.
    unavailable : why these scores must not stand for the family, or None; its trace is shown all the same.
    unscored : center -> why none of its images has a score; empty without ComBat.
    """

    scores: pd.DataFrame = field(repr=False)
    trace: pd.DataFrame = field(repr=False)
    counts: dict[str, int]
    lasso_curve: pd.DataFrame = field(repr=False)
    lasso_path: pd.DataFrame = field(repr=False)
    odds_ratios: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...]
    unavailable: str | None = None
    unscored: Mapping[str, str] = field(default_factory=dict)


def fit_predict(
    features: pd.DataFrame,
    labels: pd.Series,
    groups: pd.Series,
    config: AnalysisConfig,
    *,
    train: pd.Index,
    classifiers: tuple[str, ...],
    kind: Kind = "features",
    centers: pd.Series | None = None,
    exclude: Mapping[str, str] | None = None,
    estimates: tuple[Estimate, ...] = ESTIMATES,
    on_step: Callable[[], None] | None = None,
) -> FamilyResult:
    """Select, scale and fit on the training images; score all images.

    Parameters
    ----------
    features : index ``image_id``, one column a feature. labels (0, 1) and groups (patient) : same index.
    train : ids of the training images. Nothing else is seen by any step that learns.
    kind : ``features`` goes through the four selection steps, ``descriptors`` (as they were recorded)
        through the logistic models.
    centers : same index; needed where the settings harmonize. ComBat is then the first step of every fit,
        the folds' too, and images of centers that it has no batch for train nothing and get no score.
    exclude : feature -> why it may not be selected.
    estimates : the scores that are wanted. ``fitted``: all images, by models fitted on all training images.
        ``out_of_fold``: each training image by models that saw no image of its patient, with every step,
        selection included, repeated in each fold. Without either there is the selection alone.
    on_step : called before each round of selection and fits; it may raise to stop the work.

    An empty selection is an outcome: the score is the share of positive training images, in every fold
    the same, so that it ranks nobody. An image that
    lacks a value of a selected feature has NaN for a score, and ``notes`` says so.
    """
    step = on_step or _nothing
    step()
    notes: list[str] = []
    base = Prepared(features, train, exclude or {})
    combat = kind == "features" and config.selection.harmonize != "none"
    if combat:
        if centers is None:
            raise ValueError("The settings harmonize centers; give the center of each image.")
        reason = why_not_harmonized(config, centers.loc[train], groups.loc[train])
        combat = reason is None
        if reason is not None:
            notes.append(reason)
        else:
            base = harmonized(features, centers, groups, train, exclude)
            notes += harmonized_notes(base, labels, centers.loc[features.index], groups)
    y, patients = labels.loc[base.train].to_numpy(int), groups.loc[base.train].to_numpy()
    selector = _select(kind, base.values.loc[base.train], y, patients, config, base.exclude)
    notes += selector.notes_
    if kind == "descriptors":
        notes += selector.coding_.describe(features)
    parts: list[pd.DataFrame] = []
    if "fitted" in estimates:
        scores = _fit_and_score(
            selector, base, base.values, labels, groups, classifiers, config, y.mean(), notes
        )
        parts += [_frame(features.index, name, "fitted", values) for name, values in scores.items()]
    if "out_of_fold" in estimates:
        folds = grouped_folds(y, patients, config.models.folds, config.seed)
        if folds.note:
            notes.append(f"training folds: {folds.note}")
        said: Counter[str] = Counter()
        own = features.loc[base.train]
        for fit, held in folds.splits:
            step()
            fold_notes: list[str] = []
            part = Prepared(own, own.index[fit], base.exclude)
            if combat and centers is not None:
                part = harmonized(own, centers.loc[own.index], groups, own.index[fit], exclude)
                fold_notes += _fold_notes(part, labels)
            target = part.values.loc[part.values.index.intersection(own.index[held])]
            scores = {name: pd.Series(dtype=float) for name in classifiers}
            if _both(labels.loc[part.train]):
                inner = _select(
                    kind,
                    part.values.loc[part.train],
                    labels.loc[part.train].to_numpy(int),
                    groups.loc[part.train].to_numpy(),
                    config,
                    part.exclude,
                )
                scores = _fit_and_score(
                    inner, part, target, labels, groups, classifiers, config, y.mean(), fold_notes
                )
            said.update(dict.fromkeys(fold_notes, 1))
            parts += [_frame(own.index[held], name, "out_of_fold", values) for name, values in scores.items()]
        if folds.splits:
            # Training images that ComBat has no batch for are in no fold; without a score they are counted.
            left = train.difference(base.train, sort=False)
            none = pd.Series(dtype=float)
            parts += [_frame(left, name, "out_of_fold", none) for name in classifiers if len(left)]
        notes += [f"in {count} of {len(folds)} training folds: {note}" for note, count in said.items()]
    return FamilyResult(
        scores=pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(),
        trace=selector.trace_,
        counts=selector.counts_,
        lasso_curve=getattr(selector, "curve_", pd.DataFrame()),
        lasso_path=getattr(selector, "path_", pd.DataFrame()),
        odds_ratios=getattr(selector, "odds_ratios_", pd.DataFrame()),
        notes=tuple(dict.fromkeys(notes)),
        unscored=base.unscored,
    )


def _nothing() -> None:
    pass


def _both(labels: pd.Series) -> bool:
    return labels.nunique() == 2


def _fold_notes(part: Prepared, labels: pd.Series) -> list[str]:
    """Which held-out images of a fold have no score because of ComBat."""
    if part.reason is not None:
        return [f"{part.reason}, so that no image held out there has a score"]
    if not _both(labels.loc[part.train]):
        return [
            "one label only in the centers that ComBat can harmonize; no image held out there has a score"
        ]
    return [f"{why}: images of it held out there have no score" for why in part.unscored.values()]


def _select(
    kind: Kind,
    X: pd.DataFrame,
    y: np.ndarray,
    patients: np.ndarray,
    config: AnalysisConfig,
    exclude: Mapping[str, str] | None,
) -> Any:
    if kind == "descriptors":
        return DescriptorSelector(config.selection.p_threshold).fit(X, y, patients)
    selector = FeatureSelector.from_config(config.selection, seed=config.seed, exclude=exclude)
    return selector.fit(X, y, groups=patients)


def _fit_and_score(
    selector: Any,
    prepared: Prepared,
    target: pd.DataFrame,
    labels: pd.Series,
    groups: pd.Series,
    classifiers: tuple[str, ...],
    config: AnalysisConfig,
    base_rate: float,
    notes: list[str],
) -> dict[str, pd.Series]:
    """Scores of the ``target`` images by classifier, with the index of ``target``."""
    y, patients = labels.loc[prepared.train].to_numpy(int), groups.loc[prepared.train].to_numpy()
    X = np.asarray(selector.transform(prepared.values.loc[prepared.train]), float)
    # A fold may hold out images of centers without a batch alone.
    wanted = np.asarray(selector.transform(target), float) if len(target) else np.empty((0, X.shape[1]))
    if X.shape[1] == 0:
        notes.append(
            "no feature was left: every image has the share of positive training images as its score"
        )
        return dict.fromkeys(classifiers, pd.Series(base_rate, index=target.index))
    X, wanted = in_range(X, wanted)
    # A missing value is no score; tree models would take it in silence, the others would stop.
    complete = scorable(X, wanted)
    if not complete.all():
        notes.append(
            f"{int((~complete).sum())} image(s) have no score: a selected feature is missing or infinite there, or "
            f"beyond all numbers that a model can take (first {target.index[~complete][0]})"
        )
    result = {}
    for name in classifiers:
        fitted = fit_classifier(name, X, y, patients, seed=config.seed, folds=config.models.folds)
        notes.extend(fitted.notes)
        scores = pd.Series(np.nan, index=target.index)
        if complete.any():
            scores[complete] = fitted.score(wanted[complete])
        result[name] = scores
    return result


def _frame(index: pd.Index, classifier: str, estimate: str, scores: pd.Series) -> pd.DataFrame:
    """Rows of all images of ``index``; those that ``scores`` lacks have none."""
    values = scores.reindex(index).to_numpy()
    return pd.DataFrame(
        {"image_id": index, "classifier": classifier, "estimate": estimate, "y_score": values}
    )
