"""Which features survive a small change of the ROI: ICC(2,1) over perturbed outlines."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.config import AnalysisConfig
from sgcore.domain import Study
from sgcore.features import ROI_VARIANTS
from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.store import Store
from sgcore.workflow.extraction import extract, training_images
from sgcore.workflow.sources import Sources

COLUMNS = ["feature", "icc", "ci_low", "ci_high", "n_patients"]


def extract_variants(
    study: Study,
    config: AnalysisConfig,
    store: Store,
    *,
    jobs: Jobs,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> None:
    """Features of the training images under each perturbed ROI; held-out patients decide nothing."""
    for roi in ROI_VARIANTS:
        extract(
            study,
            config,
            store,
            jobs=jobs,
            roi=roi,
            image_ids=list(training_images(study)),
            on_progress=on_progress,
            cancel=cancel,
        )


def roi_icc(found: Sources) -> pd.DataFrame:
    """``feature, icc, ci_low, ci_high, n_patients`` over training patients.

    Each patient stands with the first image that has every variant: the interval takes its subjects as
    independent. Empty where the settings ask for no variants, or fewer than two patients have them.
    """
    if not found.variants:
        return pd.DataFrame(columns=COLUMNS)
    tables = [found.table.values, *(table.values for table in found.variants.values())]
    shared = training_images(found.study)
    for table in tables:
        shared = shared.intersection(table.index)
    cases = found.study.cases()
    shared = pd.Index(cases[cases["image_id"].isin(shared)].drop_duplicates("patient_id")["image_id"])
    if len(shared) < 2:
        return pd.DataFrame(columns=COLUMNS)
    names = list(tables[0].columns)
    ratings = np.stack([table.loc[shared, names].to_numpy() for table in tables], axis=1)
    result = stats.icc_2_1(ratings)
    return pd.DataFrame(
        {
            "feature": names,
            "icc": result.icc,
            "ci_low": result.ci_low,
            "ci_high": result.ci_high,
            "n_patients": len(shared),
        }
    )
