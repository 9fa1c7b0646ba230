"""Frames that only the audit reads: computed from stored results when they are asked for, or kept by costly jobs."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from sgcore.workflow.analysis import Analysis
from sgcore.workflow.by_center import center_effects
from sgcore.workflow.cases import picked_models
from sgcore.workflow.development_sample import development_need
from sgcore.workflow.external_sample import external_need
from sgcore.workflow.feature_list import lesion_size


def derived(analysis: Analysis, kind: str) -> pd.DataFrame:
    """A frame of :data:`DERIVED`, else what :meth:`Analysis.frame` has of that name."""
    return DERIVED[kind](analysis) if kind in DERIVED else analysis.frame(kind)


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
    unit = analysis.config.unit
    parts = [
        rows_of(center_effects(analysis, family, classifier, unit)).assign(
            family=family, classifier=classifier, unit=unit
        )
        for family, classifier in picked_models(analysis.frame("picks"))
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


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
}
