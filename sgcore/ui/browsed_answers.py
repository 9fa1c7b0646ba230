"""What the features page says of one feature: what it measures, its fate and why, its size and its stability."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.domain import Unit
from sgcore.plots import words
from sgcore.stats import TEST_NAMES

#: What the features of each class describe, after the documentation of PyRadiomics 3.0.1.
_ABOUT = {
    "firstorder": "how gray values are distributed over the ROI, wherever they lie",
    "shape": "the form and size of the ROI",
    "shape2D": "the form and size of the ROI",
    "glcm": "which gray values lie side by side",
    "gldm": "how many pixels around one have a gray value like it",
    "glrlm": "how long the runs of one gray value are",
    "glszm": "how large the connected zones of one gray value are",
    "ngtdm": "how far a pixel's gray value is from the mean around it",
    "deep": "how a network sees the image (a principal component of its deep features), which has no plain "
    "meaning",
}
#: What was done to the image before, by the first word of the image type.
_FILTERS = {
    "wavelet": "after a wavelet filter ({})",
    "square": "after squaring the gray values",
    "squareroot": "after taking the square root of the gray values",
    "logarithm": "after taking the logarithm of the gray values",
    "exponential": "after taking the exponential of the gray values",
    "gradient": "in the image of how steeply gray values change",
    "log": "after a filter for edges of one size (Laplacian of Gaussian, {})",
    "lbp": "in the image of local binary patterns ({})",
}
#: Size of a Spearman correlation from which a feature is said to follow the size of the lesion.
_FOLLOWS = 0.7
#: And which the end of its interval nearer to zero must reach.
_SURELY = 0.5


def nothing(family: str, features: int) -> str:
    """Why there is no feature to look at: the family has none, or none of its ``features`` passes the filters."""
    if features:
        return f"None of the {words.count(features, 'feature')} of {family} passes these filters."
    return f"{family} has no features to look at: its scores are a network's own."


def class_name(feature_class: str) -> str:
    """A class as people read it."""
    other = {"deep": "Deep feature", "other": "Other"}
    return words.CLASSES.get(feature_class, other.get(feature_class, feature_class))


def about(row: pd.Series) -> str:
    """What a feature describes, in plain words; empty for descriptors and names of a study's own."""
    text = _ABOUT.get(row["feature_class"], "")
    kind, _, detail = str(row["image_type"] or "").partition("-")
    if not text or row["feature_class"].startswith("shape"):
        return text
    done = _FILTERS.get(kind, "")
    return f"{text}, {done.format(detail)}" if done else text


def sentence(row: pd.Series, *, family: str, threshold: float, correction: str, partner: str) -> str:
    """Numerical residue first; then the feature's name, what it describes, its fate and why.

    ``row`` of :func:`sgcore.workflow.list_features`; ``partner`` is what its near copy is called.
    """
    name = words.named(row["feature"], row["residue"])
    name = f"{name[0].upper()}{name[1:]}"
    what = fate(row, family=family, threshold=threshold, correction=correction, partner=partner)
    if row["residue"]:
        return (
            f"{name}: on one slice its filter responds with rounding error alone, so that it does "
            f"not measure what its name says. It {what}."
        )
    described = about(row)
    return f"{name} {what}." if not described else f"{name} is about {described}. It {what}."


def fate(row: pd.Series, *, family: str, threshold: float, correction: str, partner: str) -> str:
    """``is in the Radiomics model (coefficient +0.123 per SD): p = 0.012 by Welch's t test``."""
    tested = _tested(row, correction)
    reason = "no reason stored" if words.missing(row["reason"]) else row["reason"]
    if row["step"] == "selected":
        weight = (
            ""
            if words.missing(row["coefficient"])
            else f" (coefficient {words.signed(row['coefficient'])} per SD)"
        )
        return f"is in the {family} model{weight}: {tested or 'it was not tested alone'}"
    if row["step"] == "univariate":
        if not tested:
            return f"was dropped at the first test without a p value: {reason}"
        return f"was dropped at the first test: {tested}, not below the limit of {threshold:g}"
    if row["step"] == "correlation":
        copied = f"a near copy of {partner} (Spearman {row['rho']:.2f}), whose p is not larger"
        return f"was dropped as {copied}; {tested}"
    if row["step"] == "lasso":
        return f"was dropped by the LASSO ({reason}) after passing the first test: {tested}"
    if row["step"] == "multivariable":
        return f"was dropped beside the other descriptors ({reason}); alone it has {tested}"
    return f"was left out before testing: {reason}"


def _tested(row: pd.Series, correction: str) -> str:
    """``p = 0.012 by Welch's t test, 0.034 with patients counted``; empty for what was not tested."""
    if words.missing(row["p"]):
        return ""
    value = words.p_value(row["p"])
    text = f"p {value}" if value.startswith("<") else f"p = {value}"
    if not words.missing(row["test"]):
        text += f" by {TEST_NAMES.get(row['test'], row['test'])}"
    if correction != "none":
        text += f", {words.CORRECTED[correction]} {words.p_value(row['q'])}"
    if not words.missing(row["p_clustered"]):
        text += f", {words.p_value(row['p_clustered'])} with patients counted"
    return text


def size(row: pd.Series, *, measure: str, unit: Unit) -> str:
    """How a feature goes with the size of the lesion; ``measure`` says what stands for the size."""
    start = f"Spearman correlation with lesion size ({measure})"
    if words.missing(row["size_rho"]):
        return f"{start}: none, {row['size_reason']}."
    n = words.count(int(row["size_n"]), f"training {unit}")
    rho = row["size_rho"]
    if unit == "patient":
        text = f"{rho:.2f} ({words.interval(row['size_low'], row['size_high'], 2)}; {n})"
    else:
        text = f"{rho:.2f} ({n}; no interval, since images of one patient are not independent)"
    sure = unit == "patient" and min(abs(row["size_low"]), abs(row["size_high"])) >= _SURELY
    follows = ", so that it goes with the size" if abs(rho) >= _FOLLOWS and sure else ""
    return f"{start}: {text}{follows}."


def agreement(row: pd.Series) -> str:
    """How far a feature survives a change of the ROI, where that was computed."""
    if words.missing(row["icc_patients"]):
        return ""
    patients = words.count(int(row["icc_patients"]), "training patient")
    if words.missing(row["icc"]):
        return f"ICC over changed ROIs: undefined ({patients})."
    inside = words.interval(row["icc_low"], row["icc_high"], 2)
    return f"ICC over changed ROIs: {row['icc']:.2f} ({inside}; {patients})."


def caption(rows: pd.DataFrame, *, unit: Unit, levels: bool, harmonized: bool) -> str:
    """What the figure shows, and how many cases it cannot show."""
    if levels:
        whose = "most frequent level of a patient's images" if unit == "patient" else "level of each image"
        return f"The {whose}, by center and label."
    whose = "a patient, the mean of the images" if unit == "patient" else "an image"
    text = f"One point is {whose}; a box has quartiles and median, from five cases on."
    text += " Tests, correlation and ICC are those of training images: held-out cases decide nothing."
    if harmonized:
        text += " Values are as measured, before ComBat."
    known = finite(rows["value"])
    lacking = len(rows) - len(known)
    if lacking:
        verb = "is" if lacking == 1 else "are"
        text += f" {words.count(lacking, unit)} without a finite value {verb} not drawn."
    if len(known) > 1 and (known == known[0]).all():
        text += f" The value is {significant(known[0])} everywhere."
    return text


def finite(values: pd.Series) -> np.ndarray:
    """The values that can be drawn."""
    numbers = values.to_numpy(float)
    return numbers[np.isfinite(numbers)]


def distribution(rows: pd.DataFrame, labels: tuple[str, str], lines: list[tuple[str, str]]) -> pd.DataFrame:
    """Counts, quartiles and range of a feature, a row a center, subset and label; ``lines`` gives the order."""
    names = ("Median", "Lower quartile", "Upper quartile", "Lowest", "Highest")
    values = dict(list(rows.groupby(["center", "subset", "y"])["value"]))
    found = []
    for center, subset in lines:
        for y, label in enumerate(labels):
            own = values.get((center, subset, y), pd.Series(dtype=float))
            known = finite(own)
            numbers = np.quantile(known, [0.5, 0.25, 0.75, 0.0, 1.0]) if len(known) else np.full(5, np.nan)
            place = {"Center": center, "Cases": words.SUBSETS[subset], "Label": label, "n": len(known)}
            quartiles = dict(zip(names, map(significant, numbers), strict=True))
            found.append(place | quartiles | {"Without a value": len(own) - len(known)})
    return pd.DataFrame(found)


def significant(value: float) -> str:
    """Four figures, also of a value of 1e-16 or 1e12, which three decimals would hide."""
    return "–" if words.missing(value) else f"{value:#.4g}".rstrip(".")


def level_counts(
    rows: pd.DataFrame, labels: tuple[str, str], lines: list[tuple[str, str]], levels: list[str]
) -> pd.DataFrame:
    """How many cases of each center, subset and label have each level."""
    found = []
    for center, subset in lines:
        for y, label in enumerate(labels):
            own = rows[(rows["center"] == center) & (rows["subset"] == subset) & (rows["y"] == y)]
            place = {"Center": center, "Cases": words.SUBSETS[subset], "Label": label}
            # A level called like a column would take its place.
            counts = {f"Level: {level}": int((own["value"] == level).sum()) for level in levels}
            found.append(place | counts)
    return pd.DataFrame(found)
