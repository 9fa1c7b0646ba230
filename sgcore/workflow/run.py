"""The whole way of a study: extract, select, fit, evaluate, audit. Each part resumes."""

from __future__ import annotations

from sgcore.config import AnalysisConfig
from sgcore.domain import Study
from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.analyze import analyze, check_trainable
from sgcore.workflow.extract import effective_config, extract
from sgcore.workflow.roi_stability import extract_variants
from sgcore.workflow.sources import judges_rois


def run(
    study: Study,
    config: AnalysisConfig,
    store: Store,
    *,
    jobs: Jobs | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> Analysis:
    """Compute what is not yet in the store and return the analysis.

    A study that brings its own features and no images is analyzed on those. Raises ``SgauditError``
    when not a single case could be computed, with the first reason.
    """
    pool = Jobs(workers=0) if jobs is None else jobs
    store.studies.add(study)
    check_trainable(study)
    config = effective_config(study, config)
    table = extract(study, config, store, jobs=pool, on_progress=on_progress, cancel=cancel)
    if judges_rois(config) and not table.values.empty:
        extract_variants(study, config, store, jobs=pool, on_progress=on_progress, cancel=cancel)
    return analyze(study, config, store, on_progress=on_progress, cancel=cancel)
