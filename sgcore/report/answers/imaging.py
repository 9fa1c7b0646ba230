"""Answers on images: machines, outlines, what was done before features, which features."""

from __future__ import annotations

from typing import Any

from sgcore.config import BROUGHT
from sgcore.plots import words
from sgcore.report import described_extraction
from sgcore.report.answers.answer import Answer, begun, cited, confirm, human, more, no, yes
from sgcore.report.material import Material

#: Columns of the images table that tell of the imaging.
_PROTOCOL = ("device", "view", "pixel_spacing_mm")
_BROUGHT = "Features came with the study; its files do not say."


def protocol(material: Material) -> Answer:
    """Devices, views and spacing, where the images table has them."""
    images, parts = material.study.images, []
    for name in _PROTOCOL:
        if name not in images or images[name].isna().all():
            continue
        known = images[name].dropna()
        if name == "pixel_spacing_mm":
            parts.append(
                f"pixel spacing from {known.min():.3g} to {known.max():.3g} mm ({len(known)} of {len(images)} images)"
            )
        else:
            parts.append(f"{name}: {more(list(known.astype(str).value_counts().index), 8)}")
    if not parts:
        return human(material)
    return confirm(begun(f"{'; '.join(parts)}. Settings and preparation are the authors' to say."))


def segmentation(material: Material) -> Answer:
    number = int(material.study.images["mask"].notna().sum())
    if not number:
        return human(material)
    return confirm(
        f"{words.count(number, 'image')} of {len(material.study.images):,} came with a region. By hand, with help or "
        "automatic is the authors' to say."
    )


def automatic(material: Material) -> Answer:
    """Whether regions are automatic stands in no table, so that the condition stays open."""
    return Answer(
        "human", "Counts only if regions were outlined automatically, which the study's files do not say."
    )


def preprocessing(material: Material) -> Answer:
    if material.config.preset == BROUGHT:
        return Answer("human", _BROUGHT)
    return confirm(
        f"Images enter in gray levels as they are stored. {begun(described_extraction.discretization(material))}. "
        f"{resampling(material).text} What was done before they were stored is the authors' to say."
    )


def resampling(material: Material) -> Answer:
    found = _parameters(material)
    if isinstance(found, Answer):
        return found
    spacing = (found.get("setting") or {}).get("resampledPixelSpacing")
    return yes("Pixels were not resampled." if not spacing else f"Pixels were resampled to {spacing} mm.")


def discretization(material: Material) -> Answer:
    found = _parameters(material)
    return (
        found
        if isinstance(found, Answer)
        else yes(begun(f"{described_extraction.discretization(material)}."))
    )


def image_types(material: Material) -> Answer:
    found = _parameters(material)
    if isinstance(found, Answer):
        return found
    parts = [
        f"{name} ({', '.join(f'{key} {value}' for key, value in own.items())})" if own else name
        for name, own in (found.get("imageType") or {"Original": {}}).items()
    ]
    return yes(f"{', '.join(parts)}.")


def extraction(material: Material) -> Answer:
    text = described_extraction.extraction(material)
    return confirm(text) if material.config.preset == BROUGHT else yes(text)


def feature_classes(material: Material) -> Answer:
    found = _parameters(material)
    if isinstance(found, Answer):
        return found
    names = [words.CLASSES.get(name, name) for name in found.get("featureClass") or words.CLASSES]
    return yes(f"{words.join(list(dict.fromkeys(names)))}.")


def feature_count(material: Material) -> Answer:
    return yes(f"{material.evidence.features.values.shape[1]:,} an image.")


def defaults(material: Material) -> Answer:
    found = _parameters(material)
    if isinstance(found, Answer):
        return found
    return yes("The appendix has the parameter file; what it does not name is at the default of PyRadiomics.")


def parameters(material: Material) -> Answer:
    found = _parameters(material)
    if isinstance(found, Answer):
        return found
    return yes(f"The appendix has the parameter file {described_extraction.preset_name(material)}.")


def standard_software(material: Material) -> Answer:
    if material.config.preset == BROUGHT:
        return Answer("human", _BROUGHT)
    return yes(f"PyRadiomics {material.versions.get('pyradiomics', '')}.")


def reliability(material: Material) -> Answer:
    """Changed outlines, as far as they were tried; a second reader is nothing that a table shows."""
    icc = material.frame("icc")
    said = cited(material, "SGA012")
    if len(icc):
        low = int((icc["ci_low"] < 0.75).sum())
        said = (
            f"ICC of {len(icc):,} features over eroded, dilated and shifted outlines: {low:,} have a lower bound below "
            f"0.75. {said}"
        ).strip()
    if not said:
        return Answer(
            "human",
            "No changed outlines were tried in this analysis; a second reader is the authors' to name.",
        )
    return confirm(f"{said} A second reader is the authors' to name.")


def robust(material: Material) -> Answer:
    """Whether features that depend on the outline were left out."""
    least = material.config.selection.icc_min
    if least is not None:
        return yes(
            f"Features whose ICC over changed outlines has a lower bound below {least:g} were left out."
        )
    if material.config.preset == BROUGHT:
        return confirm("Not in this analysis; whether it was done before is the authors' to say.", False)
    return no("Features that depend on the outline were kept (icc_min is not set).")


def _parameters(material: Material) -> dict[str, Any] | Answer:
    """The parameter file, or what to answer where there is none."""
    found = described_extraction.parameters(material)
    if found is not None:
        return found
    return Answer(
        "human", _BROUGHT if material.config.preset == BROUGHT else "The parameter file has changed since."
    )
