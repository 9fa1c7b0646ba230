"""Parts of a computed draw that several kinds of resampling keep."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.domain import Estimate
from sgcore.models import FamilyResult, Preferred, pick
from sgcore.workflow.areas import aucs
from sgcore.workflow.cases import labelled
from sgcore.workflow.family_fits import FamilyFits
from sgcore.workflow.redraws.plan import Parts, Redraw


def family_rows(redraw: Redraw, fits: FamilyFits, chosen: dict[str, str]) -> pd.DataFrame:
    """One row a family that could be tried: how many features passed, what was picked, or why nothing was."""
    families = list(dict.fromkeys([*fits.results, *fits.unavailable]))
    rows: list[dict[str, Any]] = []
    for family in families:
        result = fits.results.get(family)
        rows.append(
            {
                "family": family,
                "name": redraw.name,
                "univariate": None if result is None else result.counts.get("univariate"),
                "selected": None if result is None else int((result.trace["step"] == "selected").sum()),
                "picked": chosen.get(family),
                "note": None if result is None else "; ".join(result.notes),
                "reason": fits.unavailable.get(family) or _unscored(result, redraw.name),
            }
        )
    return pd.DataFrame(rows).astype({"univariate": "Int64", "selected": "Int64"})


def _unscored(result: FamilyResult | None, center: str | None) -> str | None:
    """Why the center that a draw leaves out has no score: ComBat knows no center without training patients."""
    return None if result is None or center is None else result.unscored.get(center)


def with_pick(estimates: tuple[Estimate, ...], picks: pd.DataFrame) -> tuple[Estimate, ...]:
    """``estimates``, and the folds where these picked a classifier: they are part of every draw then."""
    by_folds = (picks["evaluated_on"] == "training folds").any()
    return (*estimates, "out_of_fold") if by_folds else estimates


def picked_aucs(redraw: Redraw, fits: FamilyFits) -> Parts:
    """AUC of each family's pick in each held-out subset; an empty selection is a constant score, AUC 0.5."""
    predictions = predicted(redraw, fits.results)
    chosen = choose(predictions, redraw.config)
    picked = predictions["classifier"] == predictions["family"].map(chosen)
    rows = aucs(predictions[picked & (predictions["subset"] != "train")], "fitted")
    return {
        "draws": family_rows(redraw, fits, chosen),
        "aucs": rows[["family", "classifier", "subset", "unit", "auc"]],
    }


def picked_by_folds(redraw: Redraw) -> Preferred | None:
    """The pick of a family where the folds alone decide it: the other classifiers need no fit on all patients."""
    if redraw.config.models.pick != "folds":
        return None

    def preferred(scores: pd.DataFrame) -> tuple[str, ...]:
        chosen = choose(_labelled(redraw, [scores.assign(family="")]), redraw.config)
        return tuple(chosen.values()) or tuple(scores["classifier"].unique())

    return preferred


def predicted(redraw: Redraw, families: dict[str, FamilyResult]) -> pd.DataFrame:
    """Every score of the families, with the labels and subsets of the draw."""
    return _labelled(redraw, [result.scores.assign(family=family) for family, result in families.items()])


def _labelled(redraw: Redraw, parts: list[pd.DataFrame]) -> pd.DataFrame:
    columns = ["image_id", "classifier", "estimate", "y_score", "family"]
    scores = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return scores.merge(labelled(redraw.study), on="image_id", validate="many_to_one")


def choose(predictions: pd.DataFrame, config: AnalysisConfig) -> dict[str, str]:
    """The classifier of each family by the rule of the settings, on AUCs alone: a draw needs no intervals."""
    rule, units = config.models.pick, (config.unit,)
    train = predictions["subset"] == "train"
    rows = aucs(predictions[train & (predictions["estimate"] == "out_of_fold")], "out_of_fold", units)
    if rule != "folds":
        rows = pd.concat([aucs(predictions[~train], "fitted", units), rows], ignore_index=True)
    chosen = pick(rows.assign(center=None), rule, config.unit)
    return chosen.dropna(subset=["classifier"]).set_index("family")["classifier"].to_dict()
