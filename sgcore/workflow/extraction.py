"""Radiomics features of a study, image by image into the store; an interrupted run goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeAlias

import pandas as pd

from sgcore.cohort import read_case
from sgcore.config import BROUGHT, AnalysisConfig, fingerprint, software_versions
from sgcore.domain import FeatureTable, Study
from sgcore.errors import UsageError
from sgcore.features import (
    Extraction,
    Perturbation,
    extract_case,
    perturb_roi,
    preset_hash,
    preset_settings,
)
from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.store import Store
from sgcore.workflow.trainable import check_not_audit_only

ORIGINAL = "original"
#: The content of a parameter file.
Preset: TypeAlias = dict[str, Any]
#: Pixels, ROI, spacing in mm, preset, perturbation.
Argument: TypeAlias = tuple[Any, Any, tuple[float, float] | None, Preset, str]
#: What reads the pixels and computes on them.
_SOFTWARE = ("numpy", "scipy", "pyradiomics", "simpleitk", "pywavelets", "pillow", "pydicom", "nibabel")


def feature_set_id(study: Study, preset: str, roi: str = ORIGINAL) -> str:
    """Name of the features of a study under a preset, these library versions and a variant of the ROI."""
    content = "" if preset == BROUGHT else preset_hash(preset)
    variant = roi if roi == ORIGINAL else (roi, asdict(Perturbation()))
    return fingerprint("features", study.fingerprint, content, variant, software_versions(_SOFTWARE))


def extract(
    study: Study,
    config: AnalysisConfig,
    store: Store,
    *,
    jobs: Jobs,
    roi: str = ORIGINAL,
    image_ids: Sequence[str] | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> FeatureTable:
    """Compute what is not yet stored and return the whole feature table.

    Parameters
    ----------
    roi : ``original`` or a perturbation of :func:`sgcore.features.perturb_roi`.
    image_ids : the images wanted; all of the study by default.

    A case that fails is a row of ``failures`` with its reason and is tried again by the next run. A
    study that has no images is taken by the features that it brings. Raises ``SgauditError`` for one that was imported
    for audit only.
    """
    check_not_audit_only(study)
    config = effective_preset(study, config)
    set_id = feature_set_id(study, config.preset, roi)
    wanted = list(study.images["image_id"]) if image_ids is None else list(image_ids)
    done = store.features.done(set_id)
    missing = [image_id for image_id in wanted if image_id not in done]
    settings = {"preset": config.preset, "roi": roi, "versions": software_versions(_SOFTWARE)}

    if config.preset == BROUGHT:
        _store_brought(study, store, set_id, missing, settings)
        return store.features.load(set_id)

    stage = "radiomics" if roi == ORIGINAL else f"radiomics, ROI {roi}"
    for outcome in jobs.map(
        _extract_one,
        _arguments(study, missing, preset_settings(config.preset), roi),
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
    study: Study, image_ids: Sequence[str], preset: Preset, roi: str
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Pixels are read here and travel to the worker, which may stand on another machine."""
    for image_id in image_ids:

        def make(image_id: str = image_id) -> Argument:
            image, mask = read_case(study, image_id)
            return image.pixels, mask.pixels, image.spacing_mm, preset, roi

        yield image_id, make


def _extract_one(argument: Argument) -> tuple[Extraction, float]:
    image, mask, spacing, preset, roi = argument
    started = time.perf_counter()
    region = perturb_roi(mask, roi, spacing=spacing)
    return extract_case(image, region, preset), time.perf_counter() - started


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


def pending(table: FeatureTable, image_ids: Sequence[str]) -> list[str]:
    """Images that were neither computed nor tried in vain: their extraction has not ended."""
    known = set(table.values.index) | set(table.failures["image_id"])
    return [image_id for image_id in image_ids if image_id not in known]


def training_images(study: Study) -> pd.Index:
    """Ids of the images of training patients."""
    cases = study.cases()
    return pd.Index(cases.loc[cases["subset"] == "train", "image_id"])


def effective_preset(study: Study, config: AnalysisConfig) -> AnalysisConfig:
    """The settings with the study's own features where it has no images."""
    if study.features is not None and study.images["image"].isna().all():
        return replace(config, preset=BROUGHT)
    return config
