"""The steps of one fit of a family: prepare on its training images, select, train and score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.models.classifiers import fit_classifier
from sgcore.models.design import Design
from sgcore.models.harmonizing import Prepared, harmonized
from sgcore.models.number_range import scorable
from sgcore.models.selectors import Kind, Selector, selector_of


@dataclass(frozen=True)
class Task:
    """What all fits of a family share; each is given its own training images.

    ``labels`` (0, 1), ``groups`` (patients) and ``centers`` have the index ``image_id``; ``centers`` is None
    where nothing is harmonized. ``deep`` and ``descriptors`` name columns of the features that are components
    and descriptors; ``exclude`` says why a feature may not be selected.
    """

    kind: Kind
    config: AnalysisConfig
    labels: pd.Series
    groups: pd.Series
    centers: pd.Series | None
    exclude: Mapping[str, str]
    deep: tuple[str, ...]
    descriptors: tuple[str, ...]

    def prepare(self, features: pd.DataFrame, train: pd.Index) -> Prepared:
        """Radiomics features harmonized where that is done, everything else as it is."""
        if self.centers is None:
            return Prepared(features, train, self.exclude)
        untouched = (*self.deep, *self.descriptors)
        return harmonized(features, self.centers, self.groups, train, self.exclude, untouched)

    def select(self, prepared: Prepared, *, reported: bool = True) -> Selector:
        """The family's selector, fitted on the training images of ``prepared``; of a fold it is not ``reported``."""
        y, patients = self._known(prepared.train)
        selector = selector_of(
            self.kind, self.config, prepared.exclude, self.deep, self.descriptors, reported=reported
        )
        return selector.fit(prepared.values.loc[prepared.train], y, patients)

    def one_label(self, train: pd.Index) -> str | None:
        """Why these images can train nothing, or None."""
        if self.labels.loc[train].nunique() == 2:
            return None
        return f"the {len(train)} training image(s) that have all values needed do not have both labels"

    def score(
        self,
        design: Design,
        target: pd.Index,
        classifiers: tuple[str, ...],
        base_rate: float,
        notes: list[str],
    ) -> dict[str, pd.Series]:
        """Scores of the ``target`` images by classifier; what happened on the way is added to ``notes``.

        ``base_rate`` is everybody's score where no feature was left.
        """
        if not design.values.shape[1]:
            notes.append(
                "no feature was left: every image has the share of positive training images as its score"
            )
            return dict.fromkeys(classifiers, pd.Series(base_rate, index=target))
        notes.extend(design.notes)
        reason = self.one_label(design.trained)
        if reason is not None:
            notes.append(f"{reason}: there are no scores")
            return dict.fromkeys(classifiers, pd.Series(np.nan, index=target))
        X, wanted = design.values.loc[design.trained].to_numpy(), design.values.loc[target].to_numpy()
        # A missing value is no score; tree models would take it in silence, the others would stop.
        complete = scorable(X, wanted)
        if not complete.all():
            notes.append(
                f"{int((~complete).sum())} image(s) have no score: a selected feature is missing or infinite "
                "there, or "
                f"beyond all numbers that a model can take (first {target[~complete][0]})"
            )
        y, patients = self._known(design.trained)
        result = {}
        for name in classifiers:
            fitted = fit_classifier(
                name, X, y, patients, seed=self.config.seed, folds=self.config.models.folds
            )
            notes.extend(fitted.notes)
            scores = pd.Series(np.nan, index=target)
            if complete.any():
                scores[complete] = fitted.score(wanted[complete])
            result[name] = scores
        return result

    def _known(self, images: pd.Index) -> tuple[np.ndarray, np.ndarray]:
        return self.labels.loc[images].to_numpy(int), self.groups.loc[images].to_numpy()
