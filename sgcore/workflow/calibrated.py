"""Do the probabilities of the picked models mean what they say: by subset, center and unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, Subset, Unit
from sgcore.workflow.evaluate import MODEL, by_unit

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
    chosen, in_folds = _pairs(picks), _pairs(fold_picks)
    rows: list[dict[str, Any]] = []
    for subset in SUBSETS:
        models = list(dict.fromkeys([*chosen, *in_folds])) if subset == "train" else chosen
        for family, classifier in models:
            cases = model_cases(predictions, (family, classifier), subset)
            where = {"family": family, "classifier": classifier, "subset": subset}
            for center, unit, measured in _measured(cases, seed):
                rows += [where | {"center": center, "unit": unit} | row for row in measured]
    return pd.DataFrame(rows, columns=COLUMNS)


def model_cases(
    predictions: pd.DataFrame, model: tuple[str, str], subset: Subset, center: str | None = None
) -> pd.DataFrame:
    """Predictions of a (family, classifier) on a subset, or one center of it; out of fold in training."""
    estimate = "out_of_fold" if subset == "train" else "fitted"
    kept = (
        (predictions["family"] == model[0])
        & (predictions["classifier"] == model[1])
        & (predictions["subset"] == subset)
        & (predictions["estimate"] == estimate)
    )
    return predictions[kept & (predictions["center"] == center)] if center is not None else predictions[kept]


def probabilities(cases: pd.DataFrame, unit: Unit) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Labels, probabilities and, by image, the patient of each case that has a score."""
    rows = by_unit(cases[cases["y_score"].notna()], unit, "y_score")
    groups = rows["patient_id"].to_numpy() if unit == "image" else None
    return rows["y_true"].to_numpy(), rows["y_score"].to_numpy(float), groups


def calibration_of(cases: pd.DataFrame, unit: Unit) -> stats.Calibration:
    """Curve and grouped points of one model's predictions; its ICI is without an interval."""
    y, p, groups = probabilities(cases, unit)
    return stats.calibration(y, p, groups, replicates=0)


def _pairs(picks: pd.DataFrame) -> list[tuple[str, str]]:
    known = picks.dropna(subset=["classifier"])
    return list(zip(known["family"], known["classifier"], strict=True))


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
    scored = cases[cases["y_score"].notna()]
    by_patient = _measures(scored, "patient", seed)
    several = scored["patient_id"].duplicated().any()
    return {"patient": by_patient, "image": _measures(scored, "image", seed) if several else by_patient}


def _measures(scored: pd.DataFrame, unit: Unit, seed: int) -> list[dict[str, Any]]:
    y, p, groups = probabilities(scored, unit)
    found = stats.calibration(y, p, groups, replicates=REPLICATES, seed=seed)
    counts = {
        "n_patients": scored["patient_id"].nunique(),
        "n_images": len(scored),
        "n_pos": found.n_pos,
        "n_neg": found.n_neg,
        "n_clipped": found.n_clipped,
    }
    return [
        {**row, **counts, "by_chance": found.ici_by_chance if row["measure"] == "ici" else np.nan}
        for row in found.frame().to_dict("records")
    ]
