"""One draw of a resampling, computed: a function of plain arguments that any worker can run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.domain import Estimate, Resampling
from sgcore.models import FamilyResult, pick
from sgcore.workflow.cases import MODEL, UNITS, counted, labelled
from sgcore.workflow.family_fits import FamilyFits, fit_families
from sgcore.workflow.redraws import Redraw
from sgcore.workflow.sources import Sources


@dataclass(frozen=True)
class Task:
    """What a worker needs to compute a draw; it travels to the worker, and holds nothing else.

    ``sources`` has the redrawn study and its settings, and no perturbed ROIs: which features depend on the
    ROI (``icc``) is decided without labels, once, and not again in each draw. ``families`` are those that
    the analysis could try, ``name`` what a reader calls the draw.
    """

    kind: Resampling
    sources: Sources = field(repr=False)
    estimates: tuple[Estimate, ...]
    families: tuple[str, ...]
    icc: pd.DataFrame = field(repr=False)
    name: str | None = None


def task(
    kind: Resampling, redraw: Redraw, found: Sources, families: tuple[str, ...], icc: pd.DataFrame
) -> Task:
    """The task of a draw from the sources of the analysis."""
    drawn = replace(found, study=redraw.study, config=redraw.config, variants={})
    return Task(kind, drawn, redraw.estimates, families, icc, redraw.name)


def compute(drawn: Task) -> dict[str, pd.DataFrame]:
    """The parts of a draw, as the store keeps them (``draws``, ``scores``, ``aucs``, ``selections``)."""
    fits = fit_families(drawn.sources, drawn.icc, _nothing, drawn.estimates)
    parts = _PARTS[drawn.kind](drawn, fits)
    return {name: frame[frame["family"].isin(drawn.families)] for name, frame in parts.items()}


def _nothing(_family: str) -> None:
    pass


def _centers(drawn: Task, fits: FamilyFits) -> dict[str, pd.DataFrame]:
    """Scores of the center that was left out, and the classifier that folds of the others picked."""
    predictions = _predictions(drawn, fits.scored)
    chosen = _picks(predictions, drawn)
    held = predictions[(predictions["subset"] == "external") & (predictions["estimate"] == "fitted")]
    return {
        "draws": _draws(drawn, fits, chosen),
        "scores": held[["family", "classifier", "image_id", "y_score"]],
    }


def _cross_validation(drawn: Task, fits: FamilyFits) -> dict[str, pd.DataFrame]:
    predictions = _predictions(drawn, fits.scored)
    return {
        "draws": _draws(drawn, fits, {}),
        "scores": predictions[["family", "classifier", "image_id", "y_score"]],
    }


def _stability(drawn: Task, fits: FamilyFits) -> dict[str, pd.DataFrame]:
    return {"draws": _draws(drawn, fits, {}), "selections": _selected(fits.results)}


def _permutation(drawn: Task, fits: FamilyFits) -> dict[str, pd.DataFrame]:
    """AUC of the pick in each held-out subset; an empty selection is a constant score, AUC 0.5."""
    predictions = _predictions(drawn, fits.results)
    chosen = _picks(predictions, drawn)
    rows = _aucs(predictions[predictions["subset"] != "train"], "fitted")
    picked = [
        chosen.get(family) == name for family, name in zip(rows["family"], rows["classifier"], strict=True)
    ]
    return {
        "draws": _draws(drawn, fits, chosen),
        "aucs": rows.loc[picked, ["family", "classifier", "subset", "unit", "auc"]],
    }


_PARTS: dict[Resampling, Callable[[Task, FamilyFits], dict[str, pd.DataFrame]]] = {
    "centers": _centers,
    "cross-validation": _cross_validation,
    "stability": _stability,
    "permutation": _permutation,
}


def _draws(drawn: Task, fits: FamilyFits, chosen: dict[str, str]) -> pd.DataFrame:
    """One row a family that could be tried: how many features passed, what was picked, or why nothing was."""
    families = list(dict.fromkeys([*fits.results, *fits.unavailable]))
    rows: list[dict[str, Any]] = []
    for family in families:
        result = fits.results.get(family)
        rows.append(
            {
                "family": family,
                "name": drawn.name,
                "univariate": None if result is None else result.counts.get("univariate"),
                "selected": None if result is None else int((result.trace["step"] == "selected").sum()),
                "picked": chosen.get(family),
                "note": None if result is None else "; ".join(result.notes),
                "reason": fits.unavailable.get(family) or _unscored(result, drawn.name),
            }
        )
    return pd.DataFrame(rows).astype({"univariate": "Int64", "selected": "Int64"})


def _unscored(result: FamilyResult | None, center: str | None) -> str | None:
    """Why the center that a draw leaves out has no score: ComBat knows no center without training patients."""
    return None if result is None or center is None else result.unscored.get(center)


def _selected(families: dict[str, FamilyResult]) -> pd.DataFrame:
    parts = [
        result.trace.loc[result.trace["step"] == "selected", ["feature"]].assign(family=family)
        for family, result in families.items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["feature", "family"])


def _predictions(drawn: Task, families: dict[str, FamilyResult]) -> pd.DataFrame:
    parts = [result.scores.assign(family=family) for family, result in families.items()]
    columns = ["image_id", "classifier", "estimate", "y_score", "family"]
    scores = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return scores.merge(labelled(drawn.sources.study), on="image_id", validate="many_to_one")


def _picks(predictions: pd.DataFrame, drawn: Task) -> dict[str, str]:
    """The classifier of each family by the rule of the settings, on AUCs alone: a draw needs no intervals."""
    folds = predictions[(predictions["subset"] == "train") & (predictions["estimate"] == "out_of_fold")]
    rows = pd.concat(
        [_aucs(predictions[predictions["subset"] != "train"], "fitted"), _aucs(folds, "out_of_fold")],
        ignore_index=True,
    )
    config = drawn.sources.config
    chosen = pick(rows.assign(center=None), config.models.pick, config.unit)
    return chosen.dropna(subset=["classifier"]).set_index("family")["classifier"].to_dict()


def _aucs(predictions: pd.DataFrame, estimate: Estimate) -> pd.DataFrame:
    """AUC of every model, subset and unit, all centers; NaN where it cannot be estimated."""
    rows = []
    known = predictions[(predictions["estimate"] == estimate) & predictions["y_score"].notna()]
    for (family, classifier, subset), part in known.groupby([*MODEL, "subset"], sort=False):
        for unit in UNITS:
            cases = counted(part, unit)
            area = stats.auc(cases.y, cases.score).auc
            rows.append(
                {"family": family, "classifier": classifier, "subset": subset, "estimate": estimate, "unit": unit,
                 "auc": area}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["family", "classifier", "subset", "estimate", "unit", "auc"])
