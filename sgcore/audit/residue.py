"""SGA010: which features are numerical residue?"""

from __future__ import annotations

from sgcore.audit.check import Evidence, Outcome
from sgcore.cohort.ledger import few
from sgcore.domain import Severity
from sgcore.features import RESIDUE_THRESHOLD, residue_image_types


class NumericalResidue:
    """Names the filter images whose response is rounding error in every image of the study."""

    code = "SGA010"
    title = "Features of filter images that are numerical residue"
    severity: Severity = "error"
    page = "features-selection"

    def run(self, evidence: Evidence) -> Outcome:
        residue = evidence.features.residue.dropna(subset=["ratio"])
        if residue.empty:
            return Outcome(
                "not_applicable",
                "No filter responses were recorded: the study brings its own features, or no linear filter ran.",
            )
        table = residue.groupby("image_type")["ratio"].agg(["min", "median", "max"]).reset_index()
        types = sorted(residue_image_types(residue))
        images = residue["image_id"].nunique()
        if not types:
            low = residue["ratio"].min()
            return Outcome(
                "passed",
                f"The weakest filter response inside an ROI is {low:.1e} of its image's maximum over {images} "
                f"images; residue would be below {RESIDUE_THRESHOLD:.0e}.",
                table=table,
            )
        selection = evidence.frame("selection")
        hit = selection[selection["image_type"].isin(types)] if len(selection) else selection
        features = [name for name in evidence.features.values if name.split("_", 1)[0] in types]
        chosen = hit[hit["step"] == "selected"] if len(hit) else hit
        same = selection[selection["family"].isin(chosen["family"])] if len(chosen) else selection
        # A feature that several families selected is one feature.
        selected_all = same.loc[same["step"] == "selected", "feature"].nunique() if len(same) else 0
        table["residue"] = table["image_type"].isin(types)
        used = (
            f"{chosen['feature'].nunique()} of the {selected_all} selected features are among them "
            f"({few(sorted(chosen['feature'].unique()))})."
            if len(chosen)
            else "None of them was selected."
        )
        excluded = len(hit) and (hit["step"] == "excluded").all() and evidence.config.selection.drop_residue
        message = (
            f"{', '.join(types)}: the response inside the ROI never exceeds "
            f"{residue.loc[residue['image_type'].isin(types), 'ratio'].max():.1e} of the image's maximum in any of "
            f"{images} images, so {len(features)} of {evidence.features.values.shape[1]} features are numerical "
            f"residue. {'They were left out of the selection.' if excluded else used}"
        )
        return Outcome(
            "passed" if excluded else "finding",
            message,
            remedy="Extract with the planar-2d preset, or leave these image types out. Such features can "
            "correlate with the label all the same, but they do not measure what their names say.",
            table=table,
        )
