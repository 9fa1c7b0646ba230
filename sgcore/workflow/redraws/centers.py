"""Leave one center out: what each center gets from models that all others trained."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sgcore.config import with_changes
from sgcore.domain import Study
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.by_center import effects_of
from sgcore.workflow.cases import UNITS, labelled
from sgcore.workflow.family_fits import FamilyFits
from sgcore.workflow.redraws.kept import choose, family_rows, predicted
from sgcore.workflow.redraws.plan import Parts, Plan, Redraw

#: Why a left-out center has no AUC: its model cannot tell its patients apart, or selected nothing at all.
ONE_SCORE = "everybody got the same score"
NO_MODEL = f"no model, {ONE_SCORE}"


class LeftOutCenters(Plan):
    """The patients of one center are held out, all others train."""

    kind = "centers"
    title = "Leave one center out"
    each = "center"
    estimates = ("fitted", "out_of_fold")
    tried = "counts"
    detail = "together"

    def usual(self, study: Study) -> int:
        return len(_centers(study))

    def why_not(self, study: Study) -> str | None:
        one = len(_centers(study)) < 2
        return "the study has one center; leaving it out would leave nobody to train on" if one else None

    def redraw(self, given: Redraw, draw: int) -> Redraw:
        center = _centers(given.study)[draw]
        subset = (given.study.patients["center"] == center).map({True: "external", False: "train"})
        config = with_changes(given.config, models__pick="folds")
        return replace(given.with_patients(subset=subset), config=config, name=center)

    def keep(self, redraw: Redraw, fits: FamilyFits) -> Parts:
        """Scores of the center that was left out, and the classifier that folds of the others picked."""
        predictions = predicted(redraw, fits.scored)
        held = predictions[(predictions["subset"] == "external") & (predictions["estimate"] == "fitted")]
        return {
            "draws": family_rows(redraw, fits, choose(predictions, redraw.config)),
            "scores": held[["family", "classifier", "image_id", "y_score"]],
        }

    def read(self, analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows: a family in each left-out center. Detail: what the centers say together.

        A center in which everybody got the same score has no AUC: 0.5 is certain there whatever the labels, and
        would pass for a measurement.
        """
        study = analysis.study
        cases = labelled(study).assign(subset="external")
        draws = parts["draws"]
        scores = parts["scores"].merge(cases, on="image_id", validate="many_to_one")
        scores = scores.merge(
            draws[["draw", "family", "picked"]], on=["draw", "family"], validate="many_to_one"
        )
        scores = scores[scores["classifier"] == scores["picked"]]
        together, single = [], []
        for family, own in draws.groupby("family", sort=False):
            model = scores[scores["family"] == family]
            without = _one_score(model) | _without_model(own)
            # Cases without a row of scores are counted all the same: of no model, or without features.
            silent = cases[cases["center"].isin(set(own["name"]) - set(model["center"]))]
            silent = silent.assign(y_score=np.where(silent["center"].isin(without), 0.0, np.nan))
            model = pd.concat([model, silent.assign(family=family, classifier="none")])
            for unit in UNITS:
                found = effects_of(model, (), (*study.development, *study.external), unit, without=without)
                # Pairs across centers would compare scores of different models.
                whole = found.together[found.together["measure"] != "all_pairs"]
                together.append(whole.assign(family=family, unit=unit, spread=found.pooled.spread))
                single.append(found.rows.assign(family=family, unit=unit))
        rows = pd.concat(single, ignore_index=True).drop(columns=["role", "subset"])
        names = draws[["name", "family", "picked", "note", "reason"]].rename(
            columns={"name": "center", "picked": "classifier", "reason": "untested"}
        )
        rows = rows.merge(names, on=["center", "family"], how="left", validate="many_to_one")
        rows["reason"] = rows.pop("untested").fillna(rows["reason"])
        return rows, pd.concat(together, ignore_index=True)


def _centers(study: Study) -> list[str]:
    known = set(study.patients["center"])
    return [name for name in (*study.development, *study.external) if name in known]


def _one_score(model: pd.DataFrame) -> dict[str, str]:
    """Left-out centers in which several images have a score, and all the same one."""
    known = model.groupby("center")["y_score"].agg(["count", "nunique"])
    return dict.fromkeys(known.index[(known["count"] > 1) & (known["nunique"] == 1)], ONE_SCORE)


def _without_model(draws: pd.DataFrame) -> dict[str, str]:
    """Left-out centers for which the others gave one family no model, each with the reason."""
    empty = draws[draws["picked"].isna() | (draws["selected"] == 0)]
    return dict(zip(empty["name"], empty["reason"].fillna(NO_MODEL), strict=True))
