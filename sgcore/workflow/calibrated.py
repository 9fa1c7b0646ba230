"""Do the probabilities of the picked models mean what they say: by subset, center and unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, EvaluationSet, Unit
from sgcore.workflow.cases import MODEL, Counted, counted, model_cases, picked_models

#: Resamples behind the interval of the ICI in an analysis. On 120 patients another seed moves its ends by
#: about 1% of its width; 1000 resamples take five times as long, 15 s on 900 external patients.
REPLICATES = 200
COLUMNS = [
    *MODEL,
    "subset",
    "center",
    "unit",
    "measure",
    "estimate",
    "ci_low",
    "ci_high",
    "by_chance",
    "method",
    "n_patients",
    "n_images",
    "n_pos",
    "n_neg",
    "n_clipped",
    "reason",
]


def calibrations(
    predictions: pd.DataFrame, picks: pd.DataFrame, fold_picks: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Calibration of each family's picked classifier, one row a measure; columns of ``calibration``.

    Training rows are out-of-fold scores; there the classifier that is best in the training folds stands
    beside the pick, so that a what-if need not open held-out results. ``by_chance`` stands beside the ICI
    alone. Nearly all of the time goes into the resamples behind the interval of the ICI, so that there are
    200 of them, and what was measured once (one center, one image a patient) is not measured again.
    """
    chosen, in_folds = picked_models(picks), picked_models(fold_picks)
    rows: list[dict[str, Any]] = []
    for subset in SUBSETS:
        models = list(dict.fromkeys([*chosen, *in_folds])) if subset == "train" else chosen
        for family, classifier in models:
            cases = model_cases(predictions, (family, classifier), EvaluationSet(subset, None, "image"))
            where = {"family": family, "classifier": classifier, "subset": subset}
            for center, unit, measured in _measured(cases, seed):
                rows += [where | {"center": center, "unit": unit} | row for row in measured]
    return pd.DataFrame(rows, columns=COLUMNS)


def calibration_at(
    predictions: pd.DataFrame, models: Iterable[tuple[str, str]], at: EvaluationSet, seed: int
) -> pd.DataFrame:
    """Calibration of (family, classifier) on one set, such as a subgroup; columns of ``calibration``."""
    rows: list[dict[str, Any]] = []
    for family, classifier in models:
        cases = counted(model_cases(predictions, (family, classifier), at), at.unit)
        where = {"family": family, "classifier": classifier, "subset": at.subset, "center": at.center}
        rows += [where | {"unit": at.unit} | row for row in _measures(cases, seed)]
    return pd.DataFrame(rows, columns=COLUMNS)


def calibration_of(cases: pd.DataFrame, unit: Unit) -> stats.Calibration:
    """Curve and grouped points of one model's predictions; its ICI is without an interval."""
    own = counted(cases, unit)
    found = stats.calibration(own.y, own.score, own.groups, replicates=0)
    return replace(found, reason=own.unscored, curve_reason=own.unscored) if own.unscored else found


def _measured(cases: pd.DataFrame, seed: int) -> Iterator[tuple[str | None, Unit, list[dict[str, Any]]]]:
    """All centers together (None), then each, by patient and by image."""
    if cases.empty:
        return
    everywhere = _by_units(cases, seed)
    centers = list(cases.groupby("center", sort=True))
    found: list[tuple[str | None, dict[Unit, list[dict[str, Any]]]]] = [(None, everywhere)]
    for center, part in centers:
        found.append((str(center), everywhere if len(centers) == 1 else _by_units(part, seed)))
    for place, units in found:
        for unit, measured in units.items():
            yield place, unit, measured


def _by_units(cases: pd.DataFrame, seed: int) -> dict[Unit, list[dict[str, Any]]]:
    images = counted(cases, "image")
    by_patient = _measures(counted(cases, "patient"), seed)
    several = images.scored["patient_id"].duplicated().any()
    return {"patient": by_patient, "image": _measures(images, seed) if several else by_patient}


def _measures(own: Counted, seed: int) -> list[dict[str, Any]]:
    found = stats.calibration(own.y, own.score, own.groups, replicates=REPLICATES, seed=seed)
    counts = {**own.counts, "n_clipped": found.n_clipped}
    del counts["n_left_out"]
    rows = found.frame()
    if own.unscored:
        rows["reason"] = own.unscored
    return [
        {**row, **counts, "by_chance": found.ici_by_chance if row["measure"] == "ici" else np.nan}
        for row in rows.to_dict("records")
    ]
