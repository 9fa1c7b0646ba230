"""Radiomics features of a study, image by image into the store; an interrupted run goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd

from sgcore.cohort import read_case
from sgcore.config import AnalysisConfig, fingerprint, software_versions
from sgcore.domain import FeatureTable, Study
from sgcore.errors import UsageError
from sgcore.features.radiomics import Extraction, extract_case, preset_hash
from sgcore.features.roi import perturb_roi
from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.store import Store

#: Preset name of features that the study brings itself.
BROUGHT = "study"
_SOFTWARE = ("numpy", "pyradiomics", "simpleitk", "pywavelets")


def feature_set_id(study: Study, preset: str, roi: str = "original") -> str:
    """Name of the features of a study under a preset, these library versions and a variant of the ROI."""
    content = "" if preset == BROUGHT else preset_hash(preset)
    return fingerprint("features", study.fingerprint, content, roi, software_versions(_SOFTWARE))


def extract(
    study: Study,
    config: AnalysisConfig,
    store: Store,
    *,
    jobs: Jobs,
    roi: str = "original",
    image_ids: Sequence[str] | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> FeatureTable:
    """Compute what is not yet stored and return the whole feature table.

    Parameters
    ----------
    roi : ``original`` or a variant of :func:`sgcore.features.perturb_roi`.
    image_ids : the images wanted; all of the study by default.

    A case that fails is a row of ``failures`` with its reason and is tried again by the next run.
    """
    set_id = feature_set_id(study, config.preset, roi)
    wanted = list(study.images["image_id"]) if image_ids is None else list(image_ids)
    done = store.features.done(set_id)
    missing = [image_id for image_id in wanted if image_id not in done]
    settings = {"preset": config.preset, "roi": roi, "versions": software_versions(_SOFTWARE)}

    if config.preset == BROUGHT:
        _store_brought(study, store, set_id, missing, settings)
        return store.features.load(set_id)

    stage = "radiomics" if roi == "original" else f"radiomics, ROI {roi}"
    for outcome in jobs.map(
        _extract_one,
        _arguments(study, missing, config.preset, roi),
        total=len(missing),
        stage=stage,
        on_progress=on_progress,
        cancel=cancel,
    ):
        if outcome.error is not None:
            store.features.fail(set_id, outcome.key, outcome.error)
            continue
        extraction, seconds = outcome.value
        store.features.append(
            set_id,
            outcome.key,
            extraction.values,
            study_id=study.fingerprint,
            kind="radiomics",
            preset=config.preset,
            settings=settings,
            residue={name: ratio for name, ratio in extraction.residue.items() if ratio is not None},
            seconds=seconds,
        )
    return store.features.load(set_id)


def _arguments(
    study: Study, image_ids: Sequence[str], preset: str, roi: str
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Pixels are read here and travel to the worker, which may stand on another machine."""
    for image_id in image_ids:

        def make(image_id: str = image_id) -> tuple[Any, Any, str, str]:
            image, mask = read_case(study, image_id)
            return image.array, mask.array, preset, roi

        yield image_id, make


def _extract_one(argument: tuple[Any, Any, str, str]) -> tuple[Extraction, float]:
    image, mask, preset, roi = argument
    started = time.perf_counter()
    extraction = extract_case(image, perturb_roi(mask, roi), preset)
    return extraction, time.perf_counter() - started


def _store_brought(
    study: Study, store: Store, set_id: str, missing: Sequence[str], settings: dict[str, Any]
) -> None:
    if study.features is None:
        raise UsageError(f"Study {study.name!r} brings no features table; choose another preset.")
    table = study.features.set_index("image_id").astype("float64")
    for image_id in missing:
        if image_id not in table.index:
            store.features.fail(set_id, image_id, "the study's features table has no row for this image")
            continue
        store.features.append(
            set_id,
            image_id,
            table.loc[image_id],
            study_id=study.fingerprint,
            kind="radiomics",
            preset=BROUGHT,
            settings=settings,
            residue={},
            seconds=0.0,
        )


def training_images(study: Study) -> pd.Index:
    """Ids of the images of training patients."""
    cases = study.cases()
    return pd.Index(cases.loc[cases["subset"] == "train", "image_id"])
