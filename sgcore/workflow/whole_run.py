"""The whole way of a study: extract, train, select, fit, evaluate, explain, audit. Each part resumes."""

from __future__ import annotations

from sgcore.config import AnalysisConfig, Device
from sgcore.deep.devices import choose_device
from sgcore.domain import Study
from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.effective import effective_config
from sgcore.workflow.explanations import explain
from sgcore.workflow.extraction import extract
from sgcore.workflow.networks import check_splits
from sgcore.workflow.new_analysis import analyze
from sgcore.workflow.roi_stability import extract_variants
from sgcore.workflow.sources import judges_rois
from sgcore.workflow.trainable import check_trainable
from sgcore.workflow.training import train


def run(
    study: Study,
    config: AnalysisConfig,
    store: Store,
    *,
    jobs: Jobs | None = None,
    device: Device = "auto",
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> Analysis:
    """Compute what is not yet in the store and return the analysis.

    A study that brings its own features and no images is analyzed on those; networks are trained in this
    process, on ``device``. What is needed is checked before the first long step. Raises ``SgauditError``
    when not a single case could be computed, with the first reason, or as :func:`~sgcore.workflow.training.train`.
    """
    pool = Jobs(workers=0) if jobs is None else jobs
    store.studies.add(study)
    check_trainable(study)
    config = effective_config(study, config)
    if config.deep is not None:
        choose_device(device)
        check_splits(study, config.deep)
    table = extract(study, config, store, jobs=pool, on_progress=on_progress, cancel=cancel)
    if judges_rois(config) and not table.values.empty:
        extract_variants(study, config, store, jobs=pool, on_progress=on_progress, cancel=cancel)
    if config.deep is not None:
        train(study, config.deep, store, device=device, on_progress=on_progress, cancel=cancel)
    analysis = analyze(study, config, store, on_progress=on_progress, cancel=cancel)
    explain(analysis, store, jobs=pool, on_progress=on_progress, cancel=cancel)
    return analysis
