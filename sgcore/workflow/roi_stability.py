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
from sgcore.workflow.extract import ORIGINAL, extract, feature_set_id, training_images


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


def roi_icc(study: Study, config: AnalysisConfig, store: Store) -> pd.DataFrame:
    """``feature, icc, ci_low, ci_high`` over the training images that have every variant.

    Empty where no variant was extracted.
    """
    tables = [
        store.features.load(feature_set_id(study, config.preset, roi)).values
        for roi in (ORIGINAL, *ROI_VARIANTS)
    ]
    shared = training_images(study)
    for table in tables:
        shared = shared.intersection(table.index)
    if len(shared) < 2:
        return pd.DataFrame(columns=["feature", "icc", "ci_low", "ci_high"])
    names = list(tables[0].columns)
    ratings = np.stack([table.loc[shared, names].to_numpy() for table in tables], axis=1)
    result = stats.icc_2_1(ratings)
    return pd.DataFrame(
        {"feature": names, "icc": result.icc, "ci_low": result.ci_low, "ci_high": result.ci_high}
    )
