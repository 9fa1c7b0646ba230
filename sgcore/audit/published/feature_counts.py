"""SGP001: do the numbers of features add up?"""

from __future__ import annotations

from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper
from sgcore.domain import Severity

#: Classes that are computed once, not on every image type.
ONCE = ("shape", "shape2D")
#: Features that PyRadiomics 3 computes of one image type (its documentation, "Radiomic Features").
PYRADIOMICS = {
    "firstorder": 18, "glcm": 24, "gldm": 14, "glrlm": 16, "glszm": 16, "ngtdm": 5, "shape": 14, "shape2D": 9,
}  # fmt: skip


class FeatureCounts:
    """Sums the classes and divides each by the number of image types."""

    code = "SGP001"
    title = "Feature counts that do not add up"
    severity: Severity = "error"

    def run(self, paper: Paper) -> Answer:
        features = paper.features
        if features is None or not features.classes:
            return not_applicable("The paper file has no feature counts by class ([features.classes]).")
        total, types = sum(features.classes.values()), len(features.image_types)
        rows, uneven = [], []
        for name, count in features.classes.items():
            each = count / types if types and name not in ONCE else float(count)
            known = PYRADIOMICS.get(name)
            rows.append({"class": name, "features": count, "per_image_type": each, "pyradiomics": known})
            if not each.is_integer():
                uneven.append(f"{name} {count}")
        values = {"total": features.total, "sum": total, "image_types": types, "rows": rows}
        summed = " + ".join(f"{row['features']:,} {row['class']}" for row in rows)
        text = f"{summed} = {total:,}; the paper says {features.total:,}."
        remedy = "Ask for the list of features, by image type and class."
        if total != features.total:
            return Answer("finding", text, "Every class is named.", remedy, values)
        if uneven:
            text += f" {', '.join(uneven)} cannot be shared out equally over {types} image types."
            assumption = "Every image type has the same features; shape is computed once."
            return Answer("finding", text, assumption, remedy, values)
        if not types:
            text += " A single wrong count would have shown. The image types are not named, so no class was divided."
            return Answer("passed", text, "", "", values)
        per = ", ".join(f"{r['class']} {r['per_image_type']:g}" for r in rows if r["class"] not in ONCE)
        text += f" Of each of {types} image types: {per}. A single wrong count would have shown."
        return Answer("passed", text, _settings(rows), "", values)


def _settings(rows: list[dict]) -> str:
    """Where the number a type is not the one that PyRadiomics has: not an error, but a setting nobody named."""
    other = [
        f"{row['class']} {row['per_image_type']:g} of {row['pyradiomics']}"
        for row in rows
        if row["pyradiomics"] is not None and row["per_image_type"] != row["pyradiomics"]
    ]
    shared = "Every image type has the same features; shape is computed once."
    if other:
        return f"{shared} PyRadiomics has more of some ({', '.join(other)}): which ones were left out is not said."
    return shared
