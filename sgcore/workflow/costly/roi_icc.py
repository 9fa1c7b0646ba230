"""How far every feature depends on the ROI, kept for the audit of an analysis that did not judge ROIs itself."""

from __future__ import annotations

from sgcore.config import BROUGHT
from sgcore.domain import FeatureTable
from sgcore.features import ROI_VARIANTS
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.costly.job import CostlyJob, Given
from sgcore.workflow.extraction import feature_set_id
from sgcore.workflow.roi_stability import extract_variants, roi_icc
from sgcore.workflow.sources import Sources


class RoiIccJob(CostlyJob):
    """Rows of :func:`~sgcore.workflow.roi_stability.roi_icc` as the frame ``roi_icc``.

    Features of the changed ROIs are stored image by image, so that a stopped job goes on where it was.
    """

    kind = "roi-icc"
    title = "Features under changed ROIs"
    codes = ("SGA012",)

    def why_not(self, analysis: Analysis) -> str | None:
        study = analysis.study
        if analysis.config.preset == BROUGHT or study.images["image"].isna().all():
            return "the study brings its features: they cannot be computed again with another ROI"
        if analysis.features.values.empty:
            return "no image of this analysis has radiomics features"
        return None

    def done(self, analysis: Analysis) -> bool:
        return len(analysis.frame("icc")) > 0 or len(analysis.frame("roi_icc").columns) > 0

    def run(self, given: Given) -> None:
        study, config, store = given.analysis.study, given.analysis.config, given.store
        extract_variants(
            study, config, store, jobs=given.jobs, on_progress=given.on_progress, cancel=given.cancel
        )
        variants: dict[str, FeatureTable] = {
            roi: store.features.load(feature_set_id(study, config.preset, roi)) for roi in ROI_VARIANTS
        }
        found = Sources(study, config, given.analysis.features, variants)
        store.evidence.add(given.analysis.id, "roi_icc", roi_icc(found))
