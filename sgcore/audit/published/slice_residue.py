"""SGP002: which wavelet features does a single slice turn into numerical residue?"""

from __future__ import annotations

import re

from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.feature_counts import ONCE
from sgcore.audit.published.paper import Paper, ReportedFeatures
from sgcore.domain import Severity

_WAVELET = re.compile(r"wavelet[-_ ]?([LH]{3})(?![A-Za-z])", re.IGNORECASE)
_ASSUMPTION = (
    "PyRadiomics' names: the third letter is the filter across slices, and the features were extracted with its "
    "default wavelet (coif1) in three dimensions, as the paper's names say. On one slice the high-pass filter has "
    "nothing to respond to; its coefficients sum to about 1e-16, so that a faint copy of the companion image is left, "
    "which binning cuts to its sign. Residue is not the same as uninformative: on 315 real images such features "
    "reached an AUC of 0.715. What the name says is not what was measured, and the last digits of a library decide it."
)


class SliceResidue:
    """Names the wavelet images whose third letter is H, their features, and those among the selected."""

    code = "SGP002"
    title = "Wavelet features of a single slice that are numerical residue"
    severity: Severity = "error"

    def run(self, paper: Paper) -> Answer:
        features = paper.features
        if features is None or not (features.image_types or features.selected):
            return not_applicable("The paper file names neither image types nor selected features.")
        named = {name: found[1].upper() for name in features.image_types if (found := _WAVELET.search(name))}
        selected = [
            name
            for name in features.selected
            if (found := _WAVELET.search(name)) and found[1].upper()[2] == "H"
        ]
        residue = [name for name, letters in named.items() if letters[2] == "H"]
        if not named and not selected:
            return not_applicable(
                "No three-dimensional wavelet image is among the features that the paper names."
            )
        if features.slices is None:
            return not_applicable(
                "The paper does not say whether one slice or a volume was analyzed (slices)."
            )
        values = {
            "wavelet_images": len(named),
            "residue_images": residue,
            "residue_features": _affected(features, len(residue)),
            "total": features.total,
            "selected": selected,
            "rows": [{"feature": name} for name in selected],
        }
        if features.slices == "volume":
            text = (
                f"{len(named)} wavelet images of a volume; on a single slice {len(residue)} would be residue."
            )
            return Answer("passed", text, "The volume has more than one slice.", "", values)
        if not residue and not selected:
            text = f"None of {len(named)} wavelet images has H as its third letter; any such one would have been named."
            return Answer("passed", text, _ASSUMPTION, "", values)
        return Answer("finding", _text(values), _ASSUMPTION, _REMEDY, values)


_REMEDY = "Extract in two dimensions (force2D, four real wavelets), or leave these image types out, and select again."


def _affected(features: ReportedFeatures, residue: int) -> int | None:
    """How many features the residue images have; None where that does not follow."""
    classes = {name: count for name, count in features.classes.items() if name not in ONCE}
    types = len(features.image_types)
    if not classes or not types or sum(classes.values()) % types:
        return None
    return residue * sum(classes.values()) // types


def _text(values: dict) -> str:
    residue, affected = values["residue_images"], values["residue_features"]
    text = f"{len(residue)} of {values['wavelet_images']} wavelet images have H as their third letter."
    if affected:
        text += f" They have {affected:,} of the {values['total']:,} features."
    if values["selected"]:
        text += f" Among the selected features: {', '.join(values['selected'])}."
    return text
