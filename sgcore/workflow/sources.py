"""What an analysis starts from: its settings as they apply, its features, and the name they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from sgcore.config import BROUGHT, AnalysisConfig, deciding_versions, fingerprint
from sgcore.domain import FeatureTable, Study
from sgcore.errors import SgauditError
from sgcore.features import ROI_VARIANTS
from sgcore.store import Store
from sgcore.workflow.deep_source import DeepSource, deep_source
from sgcore.workflow.effective import effective_config
from sgcore.workflow.extraction import feature_set_id, pending, training_images
from sgcore.workflow.networks import missing_networks, network_ids, without_folder


@dataclass(frozen=True)
class Sources:
    """Features of a study under the effective settings.

    ``variants`` are those of perturbed ROIs, ``deep`` is what networks give; None without networks, and in draws
    of a resampling, for which no network is trained anew. ``network_ids`` name the networks, ``missing_networks`` says
    which are not in the store.
    """

    study: Study
    config: AnalysisConfig
    table: FeatureTable
    variants: Mapping[str, FeatureTable]
    deep: DeepSource | None = None
    network_ids: tuple[str, ...] = ()
    missing_networks: tuple[str, ...] = ()

    @property
    def analysis_id(self) -> str:
        """Hash of settings, study, software, networks, and of which images have which features.

        A case that failed and succeeds later changes results, and so the name.
        """
        tables = [self.table, *self.variants.values()]
        images = [(table.fingerprint, sorted(table.values.index)) for table in tables]
        versions = deciding_versions(self.config)
        # Without networks the name is what it was before there were any.
        networks = (self.network_ids,) if self.network_ids else ()
        return fingerprint("analysis", self.study.fingerprint, self.config, images, versions, *networks)

    @property
    def failures(self) -> pd.DataFrame:
        """``image_id, reason`` of the images that have no features, in the order of the study."""
        rows = self.table.failures.set_index("image_id")["reason"]
        order = [image_id for image_id in self.study.images["image_id"] if image_id in rows.index]
        return rows.loc[order].reset_index()

    def check_complete(self) -> None:
        """Raise ``SgauditError`` while an extraction has not ended: its images would be left out unsaid."""
        name, preset = self.study.name, self.config.preset
        missing = pending(self.table, list(self.study.images["image_id"]))
        if self.table.values.empty and len(missing) == len(self.study.images):
            raise SgauditError(
                f"The store has no {preset} features of {name!r}. Compute the study on the import page, or "
                f"with `sgaudit run` (or `extract`) and --preset {preset}."
            )
        if missing:
            raise SgauditError(
                f"{len(missing)} of {len(self.study.images)} images of {name!r} have no {preset} features yet; "
                f"the first is {missing[0]}. Run the study again: the extraction goes on where it stopped."
            )
        if self.missing_networks:
            raise SgauditError(
                f"{len(self.missing_networks)} network(s) of {name!r} are not trained yet; the first is "
                f"{self.missing_networks[0]}. Train them with `sgaudit run` or `sgaudit deep` and the same options "
                "(the strict recipe has --deep-folds 5), or leave networks out with --no-deep."
            )
        done = [image_id for image_id in training_images(self.study) if image_id in self.table.values.index]
        for roi, table in self.variants.items():
            left = pending(table, done)
            if left:
                raise SgauditError(
                    f"Whether features depend on the ROI is not known yet: {len(left)} of {len(done)} training "
                    f"images have no features of the {roi} ROI. Run the strict recipe of {name!r} first (the "
                    "import page, or `sgaudit run --recipe strict`), or keep ROI-fragile features in."
                )


def judges_rois(config: AnalysisConfig) -> bool:
    """Whether the settings ask for features of perturbed ROIs; brought features have no ROI to perturb."""
    return config.selection.icc_min is not None and config.preset != BROUGHT


def sources(study: Study, config: AnalysisConfig, store: Store) -> Sources:
    """The stored features that an analysis of ``study`` under ``config`` starts from."""
    config = effective_config(study, config)
    variants: dict[str, FeatureTable] = {}
    if judges_rois(config):
        variants = {roi: _load(study, config, store, roi) for roi in ROI_VARIANTS}
    table = store.features.load(feature_set_id(study, config.preset))
    config = replace(config, deep=without_folder(config.deep))
    deep = config.deep
    return Sources(
        study,
        config,
        table,
        variants,
        deep_source(study, deep, store),
        () if deep is None else tuple(network_ids(study, deep).values()),
        () if deep is None else tuple(missing_networks(study, deep, store)),
    )


def _load(study: Study, config: AnalysisConfig, store: Store, roi: str) -> FeatureTable:
    return store.features.load(feature_set_id(study, config.preset, roi))
