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
    """

    scores: pd.DataFrame = field(repr=False)
    trace: pd.DataFrame = field(repr=False)
    counts: dict[str, int]
    lasso_curve: pd.DataFrame = field(repr=False)
    lasso_path: pd.DataFrame = field(repr=False)
    odds_ratios: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...]
    unavailable: str | None = None


def fit_predict(
    features: pd.DataFrame,
    labels: pd.Series,
    groups: pd.Series,
    config: AnalysisConfig,
    *,
    train: pd.Index,
    classifiers: tuple[str, ...],
    kind: Kind = "features",
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
    exclude : feature -> why it may not be selected.
    estimates : the scores that are wanted. ``fitted``: all images, by models fitted on all training images.
        ``out_of_fold``: each training image by models that saw no image of its patient, with every step,
        selection included, repeated in each fold. Without either there is the selection alone.
    on_step : called before each round of selection and fits; it may raise to stop the work.

    An empty selection is an outcome: the score is the share of positive training images, in every fold
    the same, so that it ranks nobody. An image that
    lacks a value of a selected feature has NaN for a score, and ``notes`` says so.
    """
    y, patients = labels.loc[train].to_numpy(int), groups.loc[train].to_numpy()
    inside = features.loc[train]
    step = on_step or _nothing
    step()
    selector = _select(kind, inside, y, patients, config, exclude)
    notes = [*selector.notes_]
    if kind == "descriptors":
        notes += selector.coding_.describe(features)
    parts: list[pd.DataFrame] = []
    if "fitted" in estimates:
        fitted = _fit_and_score(selector, inside, y, patients, features, classifiers, config, y.mean(), notes)
        parts += [_frame(features.index, name, "fitted", scores) for name, scores in fitted.items()]
    if "out_of_fold" in estimates:
        folds = grouped_folds(y, patients, config.models.folds, config.seed)
        if folds.note:
            notes.append(f"training folds: {folds.note}")
        said: Counter[str] = Counter()
        for fit, held in folds.splits:
            step()
            fold_selector = _select(kind, inside.iloc[fit], y[fit], patients[fit], config, exclude)
            fold_notes: list[str] = []
            scores = _fit_and_score(
                fold_selector,
                inside.iloc[fit],
                y[fit],
                patients[fit],
                inside.iloc[held],
                classifiers,
                config,
                y.mean(),
                fold_notes,
            )
            said.update(dict.fromkeys(fold_notes, 1))
            parts += [
                _frame(inside.index[held], name, "out_of_fold", values) for name, values in scores.items()
            ]
        notes += [f"in {count} of {len(folds)} training folds: {note}" for note, count in said.items()]
    return FamilyResult(
        scores=pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(),
        trace=selector.trace_,
        counts=selector.counts_,
        lasso_curve=getattr(selector, "curve_", pd.DataFrame()),
        lasso_path=getattr(selector, "path_", pd.DataFrame()),
        odds_ratios=getattr(selector, "odds_ratios_", pd.DataFrame()),
        notes=tuple(dict.fromkeys(notes)),
    )


def _nothing() -> None:
    pass


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
    inside: pd.DataFrame,
    y: np.ndarray,
    patients: np.ndarray,
    target: pd.DataFrame,
    classifiers: tuple[str, ...],
    config: AnalysisConfig,
    base_rate: float,
    notes: list[str],
) -> dict[str, np.ndarray]:
    X, wanted = np.asarray(selector.transform(inside), float), np.asarray(selector.transform(target), float)
    if X.shape[1] == 0:
        notes.append(
            "no feature was left: every image has the share of positive training images as its score"
        )
        return dict.fromkeys(classifiers, np.full(len(target), base_rate))
    # A missing value is no score; tree models would take it in silence, the others would stop.
    complete = np.isfinite(wanted).all(axis=1)
    if not complete.all():
        notes.append(
            f"{int((~complete).sum())} image(s) have no score: a selected feature is missing or infinite there "
            f"(first {target.index[~complete][0]})"
        )
    result = {}
    for name in classifiers:
        fitted = fit_classifier(name, X, y, patients, seed=config.seed, folds=config.models.folds)
        notes.extend(fitted.notes)
        scores = np.full(len(target), np.nan)
        if complete.any():
            scores[complete] = fitted.score(wanted[complete])
        result[name] = scores
    return result


def _frame(index: pd.Index, classifier: str, estimate: str, scores: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {"image_id": index, "classifier": classifier, "estimate": estimate, "y_score": scores}
    )
