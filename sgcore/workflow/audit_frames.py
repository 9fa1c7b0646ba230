"""Frames that only the audit reads: computed from stored results when they are asked for, or kept by costly jobs."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from sgcore.workflow.analysis import Analysis
from sgcore.workflow.borrowing import borrowed_aucs
from sgcore.workflow.by_center import CenterEffects, center_effects
from sgcore.workflow.cases import picked_models
from sgcore.workflow.clustered_p import counts_by_patient
from sgcore.workflow.decided import net_benefits
from sgcore.workflow.development_sample import development_need
from sgcore.workflow.external_sample import external_need
from sgcore.workflow.feature_list import lesion_size
from sgcore.workflow.fixed_scores import fixed_score_nulls
from sgcore.workflow.over_size import size_gains


def derived(analysis: Analysis, kind: str) -> pd.DataFrame:
    """A frame of :data:`DERIVED`, kept with the analysis, else what :meth:`Analysis.frame` has of that name."""
    if kind not in DERIVED:
        return analysis.frame(kind)
    # Results never change; of what these frames rest on, only the decision of the study file does.
    key = (kind, analysis.decision)
    if key not in analysis.kept:
        analysis.kept[key] = DERIVED[kind](analysis)
    return analysis.kept[key].copy()


def _centers(analysis: Analysis) -> pd.DataFrame:
    """``family, classifier, unit`` and the center rows of each picked model at the recipe's unit."""
    return _by_model(analysis, lambda effects: effects.rows)


def _means(analysis: Analysis) -> pd.DataFrame:
    """The external centers together: rows of ``together`` with ``i2``, ``tau`` and Cochran's ``p`` (logit scale)."""
    return _by_model(
        analysis,
        lambda effects: effects.together.assign(
            i2=effects.pooled.on_logit.i2, tau=effects.pooled.on_logit.tau, p=effects.pooled.on_logit.p
        ),
    )


def _external(analysis: Analysis) -> pd.DataFrame:
    return _by_model(analysis, external_need)


def _by_model(analysis: Analysis, rows_of: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    parts = [
        rows_of(effects).assign(family=effects.family, classifier=effects.classifier, unit=effects.unit)
        for effects in _effects(analysis)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _effects(analysis: Analysis) -> list[CenterEffects]:
    """The centers of each picked model at the recipe's unit, which three frames show."""
    if "effects" not in analysis.kept:
        unit = analysis.config.unit
        models = picked_models(analysis.frame("picks"))
        analysis.kept["effects"] = [center_effects(analysis, *model, unit) for model in models]
    found: list[CenterEffects] = analysis.kept["effects"]
    return found


def _size(analysis: Analysis) -> pd.DataFrame:
    """``image_id, size, feature, unit`` of the ROI of each image; empty where nothing tells it."""
    found = lesion_size(analysis)
    if found is None:
        return pd.DataFrame()
    table = found.values.rename("size").rename_axis("image_id").reset_index()
    return table.assign(feature=found.feature, unit=found.unit)


#: By the name that a check asks for.
DERIVED: dict[str, Callable[[Analysis], pd.DataFrame]] = {
    "centers": _centers,
    "center_means": _means,
    "external_sample": _external,
    "development_sample": development_need,
    "lesion_size": _size,
    "size_gain": size_gains,
    "borrowed": borrowed_aucs,
    "net_benefit": net_benefits,
    "tested_by_patient": counts_by_patient,
    "fixed_score_nulls": fixed_score_nulls,
}
