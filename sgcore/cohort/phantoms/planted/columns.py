"""Columns of descriptors and features that are empty, constant, there twice, or the answer."""

from __future__ import annotations

import numpy as np

from sgcore.cohort.phantoms.planted import choose
from sgcore.cohort.phantoms.planted.copy import StudyCopy
from sgcore.cohort.phantoms.truth import NEGATIVE, POSITIVE

#: Descriptors that one center does not read.
UNREAD = ["margin", "posterior_acoustics"]
#: Standard deviations by which features of external centers are moved.
SHIFT = 2.0


def descriptors_missing(copy: StudyCopy, rng: np.random.Generator) -> None:
    """The largest external center leaves two descriptors empty."""
    copy.tables["descriptors"].loc[_largest(copy), UNREAD] = ""


def label_in_another_coding(copy: StudyCopy, rng: np.random.Generator) -> None:
    """A descriptor ``cytology`` has one word for each label."""
    words = copy.of_images("label").map({NEGATIVE: "class III", POSITIVE: "class V"})
    copy.tables["descriptors"] = copy.tables["descriptors"].assign(cytology=words)


def constant(copy: StudyCopy, rng: np.random.Generator) -> None:
    """A feature has one value in all images."""
    copy.tables["features"][_feature(copy, rng)] = "1.000000"


def constant_in_one_center(copy: StudyCopy, rng: np.random.Generator) -> None:
    """A feature has one value in all images of the largest external center."""
    copy.tables["features"].loc[_largest(copy), _feature(copy, rng)] = "1.000000"


def duplicated(copy: StudyCopy, rng: np.random.Generator) -> None:
    """A feature stands in the table a second time, under another name."""
    name = _feature(copy, rng)
    features = copy.tables["features"]
    copy.tables["features"] = features.assign(**{f"{name}_again": features[name]})


def missing_in_one_center(copy: StudyCopy, rng: np.random.Generator) -> None:
    """A feature has no value in the largest external center."""
    copy.tables["features"].loc[_largest(copy), _feature(copy, rng)] = ""


def shifted_outside(copy: StudyCopy, rng: np.random.Generator) -> None:
    """In every external center the features of the texture, which carry the label, are :data:`SHIFT` higher."""
    features, outside = copy.tables["features"], (copy.of_images("subset") == "external").to_numpy()
    for name in features.filter(like="trait_texture"):
        values = features[name].astype(float)
        features[name] = values.where(~outside, values + SHIFT * values.std()).map("{:.6f}".format)


def _largest(copy: StudyCopy) -> np.ndarray:
    """For each image (row of every table of images) whether it is of the largest external center."""
    return (copy.of_images("center") == choose.external_centers(copy)[0]).to_numpy()


def _feature(copy: StudyCopy, rng: np.random.Generator) -> str:
    names = copy.tables["features"].columns.drop("image_id")
    return str(names[rng.integers(len(names))])
