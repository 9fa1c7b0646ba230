"""Repeated cross-validation: how much the fitted AUC owes to overfitting, and how far the folds alone move it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import Estimate, Resampling, Unit
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import MODEL, UNITS, counted, labelled
from sgcore.workflow.family_fits import FamilyFits
from sgcore.workflow.redraws.kept import family_rows, predicted
from sgcore.workflow.redraws.plan import Parts, Plan, Redraw

_AUC = ("auc", "ci_low", "ci_high", "lowest", "highest")


class RepeatedCrossValidation(Plan):
    """The study as it is, its folds shuffled with another seed; draw 0 has the analysis' own."""

    kind: Resampling = "cross-validation"
    title = "Repeated cross-validation"
    draws = 20
    estimates: tuple[Estimate, ...] = ("out_of_fold",)

    def redraw(self, given: Redraw, draw: int) -> Redraw:
        return replace(given, config=replace(given.config, seed=given.config.seed + draw))

    def keep(self, redraw: Redraw, fits: FamilyFits) -> Parts:
        predictions = predicted(redraw, fits.scored)
        return {
            "draws": family_rows(redraw, fits, {}),
            "scores": predictions[["family", "classifier", "image_id", "y_score"]],
        }

    def read(self, analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows: a model and unit, mean over the repeats beside the fitted scores. Detail: each repeat's AUC."""
        scores = parts["scores"].merge(labelled(analysis.study), on="image_id", validate="many_to_one")
        fitted = analysis.frame("evaluations")
        fitted = fitted[
            (fitted["subset"] == "train") & (fitted["estimate"] == "fitted") & fitted["center"].isna()
        ]
        fitted = fitted.set_index([*MODEL, "unit"])["auc"]
        rows: list[dict[str, Any]] = []
        detail: list[dict[str, Any]] = []
        for (family, classifier), model in scores.groupby(MODEL, sort=False):
            for unit in UNITS:
                result, left_out, numbers = _repeated(model, unit)
                apparent = float(fitted.get((family, classifier, unit), np.nan))
                key = {"family": family, "classifier": classifier, "unit": unit}
                rows.append(
                    {
                        **key,
                        "repeats": result.n_repeats,
                        **{name: getattr(result, name) for name in ("n_patients", "n_pos", "n_neg")},
                        "n_left_out": left_out,
                        **{name: getattr(result, name) for name in _AUC},
                        "fitted": apparent,
                        "optimism": apparent - result.auc,
                        "method": result.method,
                        "reason": result.reason,
                    }
                )
                aucs = zip(numbers, result.per_repeat, strict=True)
                detail += [key | {"draw": draw, "auc": float(auc)} for draw, auc in aucs]
        return pd.DataFrame(rows), pd.DataFrame(detail)


def _repeated(model: pd.DataFrame, unit: Unit) -> tuple[stats.RepeatedAuc, int, list[int]]:
    """The repeats of a model on the images that every repeat scored, how many images that leaves out, and which."""
    wide = model.pivot(index="image_id", columns="draw", values="y_score")
    complete = wide.dropna()
    names = [f"repeat {draw}" for draw in complete.columns]
    people = model.drop_duplicates("image_id").set_index("image_id").loc[complete.index]
    table = people[["patient_id", "center", "y_true"]].join(complete.set_axis(names, axis=1)).reset_index()
    cases = counted(table, unit, *names)
    result = stats.repeated_auc(cases.y, cases.rows[names].to_numpy(float), cases.groups)
    return result, len(wide) - len(complete), [int(draw) for draw in complete.columns]
