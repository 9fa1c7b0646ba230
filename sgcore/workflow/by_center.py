"""One model in every center, and the external centers together: their mean, and what a new one may show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.domain import Unit
from sgcore.errors import UsageError
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import Counted, counted, labelled

_COUNTS = ["n_patients", "n_images", "n_pos", "n_neg", "n_left_out"]
_ESTIMATE = ["auc", "ci_low", "ci_high", "method", "reason"]
ROWS = ["center", "role", "subset", *_COUNTS, *_ESTIMATE, "not_pooled"]
TOGETHER = ["measure", "k", *_COUNTS, *_ESTIMATE]
NOTHING = {"auc": float("nan"), "ci_low": float("nan"), "ci_high": float("nan"), "method": "not estimated"}


@dataclass(frozen=True)
class CenterEffects:
    """One model by center on the cases that did not train it; columns of ``rows`` are ``ROWS``.

    ``role`` is ``development`` or ``external``. A development center shows its validation cases, and
    those that the study's own split calls external (``subset``): another time, but no other center, so
    that they enter nothing below. ``together`` (``TOGETHER``) is of the external centers, its ``measure``:
    ``mean`` of the centers (random effects), ``new_center`` (prediction interval, no estimate),
    ``all_pairs`` of cases, ``same_center_pairs``. ``n_pos`` and ``n_neg`` count by ``unit``.
    ``not_pooled`` says why an external center that has an AUC could not enter the mean.
    ``pooled`` holds heterogeneity and the centers left out; ``patients`` the AUC of all external
    patients whatever the unit. A center in which nobody has a score keeps its row, with the reason.
    """

    family: str
    classifier: str
    unit: Unit
    rows: pd.DataFrame = field(repr=False)
    together: pd.DataFrame = field(repr=False)
    pooled: stats.PooledAuc
    patients: stats.AucResult

    @property
    def external(self) -> pd.DataFrame:
        """Rows of the external centers."""
        return self.rows[self.rows["role"] == "external"].reset_index(drop=True)


def center_effects(analysis: Analysis, family: str, classifier: str, unit: Unit) -> CenterEffects:
    """AUC of a model in each center, and over the external centers.

    Raises
    ------
    UsageError : a model that the analysis has not.
    """
    predictions = analysis.frame("predictions")
    model = predictions[(predictions["family"] == family) & (predictions["classifier"] == classifier)]
    if model.empty:
        raise UsageError(f"The analysis has no model {family} ({classifier}).")
    model = _with_all_centers(model, labelled(analysis.study))
    found = effects_of(model, analysis.study.development, analysis.study.external, unit)
    known = analysis.frame("evaluations")
    keys = ["family", "classifier", "unit", "estimate"]
    known = known[(known[keys] == [family, classifier, unit, "fitted"]).all(axis=1)]
    whys = dict(
        zip(zip(known["subset"], known["center"].fillna(""), strict=True), known["reason"], strict=True)
    )
    rows = _told(found.rows, whys, zip(found.rows["subset"], found.rows["center"], strict=True))
    # The mean has a reason of its own: how many centers it needs.
    pairs = found.together["measure"].str.endswith("_pairs")
    together = _told(found.together, whys, (("external", "") if pair else None for pair in pairs))
    return replace(found, rows=rows, together=together)


def _with_all_centers(model: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """The predictions of a model, and without a score the cases of centers none of whose images has features."""
    away = cases[(cases["subset"] != "train") & ~cases["center"].isin(model["center"])]
    if away.empty:
        return model
    columns = ["image_id", "patient_id", "center", "subset", "y_true"]
    first = model[["family", "classifier"]].iloc[0].to_dict()
    unscored = away[columns].assign(estimate="fitted", **first)
    return pd.concat([model, unscored], ignore_index=True)


def _told(rows: pd.DataFrame, whys: Mapping[Any, Any], places: Iterable[Any]) -> pd.DataFrame:
    """Rows in which nobody has a score, with the reason that the analysis has for their place."""
    nobody = stats.auc([], []).reason
    reasons = []
    for row, place in zip(rows.itertuples(), places, strict=True):
        known = whys.get(place) if row.n_images == 0 else None
        reasons.append(row.reason if known in (None, "", nobody) else known)
    return rows.assign(reason=pd.Series(reasons, index=rows.index, dtype=object))


def effects_of(
    model: pd.DataFrame,
    development: tuple[str, ...],
    external: tuple[str, ...],
    unit: Unit,
    *,
    without: Mapping[str, str] = MappingProxyType({}),
) -> CenterEffects:
    """:func:`center_effects` from the ``predictions`` of one model; centers in the study's own order.

    ``without`` are centers that have no model, each with its reason: their cases are counted, whatever
    scores they have, and give no AUC and enter nothing.
    """
    held_out = model[model["subset"] != "train"]
    rows, results = [], {}
    for subset, center, cases in _centers(held_out, (*development, *external)):
        away = center in external
        row, area = _estimate(cases, unit)
        if center in without:
            row |= NOTHING | {"reason": without[center]}
        rows.append(
            {"center": center, "role": "external" if away else "development", "subset": subset, **row}
        )
        if away and center not in without:
            results[center] = area
    frame = pd.DataFrame(rows, columns=ROWS)
    pooled = stats.pooled_auc(list(results.values()), labels=list(results))
    aside = (
        frame["center"].map(dict(pooled.left_out)).where(frame["auc"].notna() & (frame["role"] == "external"))
    )
    outside = held_out[held_out["center"].isin([name for name in external if name not in without])]
    return CenterEffects(
        family=str(model["family"].iloc[0]),
        classifier=str(model["classifier"].iloc[0]),
        unit=unit,
        rows=frame.assign(not_pooled=aside.astype(object)),
        together=_together(outside, pooled, unit),
        pooled=pooled,
        patients=_estimate(outside, "patient")[1],
    )


def _centers(held_out: pd.DataFrame, order: tuple[str, ...]) -> list[tuple[str, str, pd.DataFrame]]:
    """Subset, name and cases of each row."""
    parts = [
        (str(subset), str(center), cases)
        for (subset, center), cases in held_out.groupby(["subset", "center"], sort=False)
    ]
    return sorted(parts, key=lambda part: (order.index(part[1]), part[0] != "validation"))


def _estimate(cases: pd.DataFrame, unit: Unit) -> tuple[dict[str, Any], stats.AucResult]:
    """AUC of cases with what it stands on; images without a score are left out and counted."""
    found = counted(cases, unit)
    area = stats.auc(found.y, found.score, found.groups)
    if found.unscored:
        area = replace(area, reason=found.unscored)
    return _row(found, area), area


def _row(found: Counted, area: stats.AucResult | stats.WithinCenterAuc) -> dict[str, Any]:
    return {**found.counts, **{name: getattr(area, name) for name in _ESTIMATE}}


def _together(external: pd.DataFrame, pooled: stats.PooledAuc, unit: Unit) -> pd.DataFrame:
    """Mean, new center, all pairs and pairs of the same center, a row each."""
    # The mean rests on the centers that could enter it, all pairs on every external case.
    entered, _ = _estimate(external[external["center"].isin(pooled.on_logit.labels)], unit)
    mean = {**entered, "k": pooled.k, "method": pooled.method}
    within, used = _within(external, unit)
    rows = [
        {
            **mean,
            "measure": "mean",
            "auc": pooled.auc,
            "ci_low": pooled.ci_low,
            "ci_high": pooled.ci_high,
            "reason": pooled.reason,
        },
        {
            **mean,
            "measure": "new_center",
            "auc": float("nan"),
            "ci_low": pooled.prediction_low,
            "ci_high": pooled.prediction_high,
            "reason": pooled.prediction_reason,
        },
        {**_estimate(external, unit)[0], "measure": "all_pairs", "k": external["center"].nunique()},
        {**within, "measure": "same_center_pairs", "k": used},
    ]
    return pd.DataFrame(rows, columns=TOGETHER)


def _within(external: pd.DataFrame, unit: Unit) -> tuple[dict[str, Any], int]:
    """The AUC of pairs from the same center, and how many centers have both classes: only these count."""
    found = counted(external, unit)
    area = stats.within_center_auc(found.y, found.score, found.rows["center"].to_numpy(), found.groups)
    used = [name for name, _, _ in area.per_center]
    rests = counted(external[external["center"].isin(used)], unit) if used else found
    return _row(rests, area), len(used)
