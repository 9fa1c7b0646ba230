"""Out-of-fold scores: every step of a family repeated in each fold of the training patients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pandas as pd

from sgcore.domain import Estimate
from sgcore.models.design import design_of
from sgcore.models.harmonizing import Prepared
from sgcore.models.results import score_rows
from sgcore.models.selectors import Selector
from sgcore.models.task import Task
from sgcore.selection import grouped_folds


def out_of_fold(
    task: Task,
    features: pd.DataFrame,
    classifiers: tuple[str, ...],
    base_rate: float,
    step: Callable[[], None],
    chosen: Selector | None = None,
) -> tuple[list[pd.DataFrame], list[str]]:
    """Rows of ``scores`` of the training images, and notes; no row where no fold is possible.

    ``features`` : of the training images alone. ``step`` is called before each fold. ``chosen`` is a selector that
    has seen all of them; it then takes the place of each fold's own, and the estimate is ``selected_outside``.
    """
    estimate: Estimate = "out_of_fold" if chosen is None else "selected_outside"
    config, images = task.config, features.index
    y, patients = task.labels.loc[images].to_numpy(int), task.groups.loc[images].to_numpy()
    folds = grouped_folds(y, patients, config.models.folds, config.seed)
    parts: list[pd.DataFrame] = []
    said: Counter[str] = Counter()
    for fit, held in folds.splits:
        step()
        notes: list[str] = []
        scores = {name: pd.Series(dtype=float) for name in classifiers}
        part = task.prepare(features, images[fit])
        if task.centers is not None:
            notes += _harmonized_notes(part, task.labels)
        if task.labels.loc[part.train].nunique() == 2:
            selector = task.select(part, reported=False) if chosen is None else chosen
            notes += getattr(selector, "without_", ())
            target = part.values.index.intersection(images[held])
            scores = task.score(design_of(selector, part), target, classifiers, base_rate, notes)
        said.update(dict.fromkeys(notes, 1))
        parts += [score_rows(images[held], name, estimate, values) for name, values in scores.items()]
    told = [] if folds.note is None else [f"training folds: {folds.note}"]
    return parts, told + [
        f"in {count} of {len(folds)} training folds: {note}" for note, count in said.items()
    ]


def _harmonized_notes(part: Prepared, labels: pd.Series) -> list[str]:
    """Which held-out images of a fold have no score because of ComBat."""
    if part.reason is not None:
        return [f"{part.reason}, so that no image held out there has a score"]
    if labels.loc[part.train].nunique() < 2:
        return [
            "one label only in the centers that ComBat can harmonize; no image held out there has a score"
        ]
    return [f"{why}: images of it held out there have no score" for why in part.unscored.values()]
