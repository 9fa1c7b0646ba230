"""Labels that hang on something else than the lesion: nothing, its size, the device, the center and its coding.

Pictures stay as they are. Labels that are dealt anew change places: every center and subset has as many of each as
before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.cohort.phantoms.planted import choose
from sgcore.cohort.phantoms.planted.copy import StudyCopy
from sgcore.cohort.phantoms.truth import NEGATIVE, POSITIVE


def at_random(copy: StudyCopy, rng: np.random.Generator) -> None:
    _deal(copy, pd.Series(rng.random(len(copy.patients)), copy.patients["patient_id"]))


def by_size(copy: StudyCopy, rng: np.random.Generator) -> None:
    """The patients with the largest lesions, by the area in mm² of the masks, are the positive ones."""
    spacing = copy.images["pixel_spacing_mm"].astype(float)
    pixels = pd.Series([copy.mask(path).sum() for path in copy.images["mask"]], copy.images.index)
    _deal(copy, (pixels * spacing**2).groupby(copy.images["patient_id"]).mean())


def by_device(copy: StudyCopy, rng: np.random.Generator) -> None:
    """Devices last in the alphabet have the positive patients of their center."""
    names = sorted(copy.images["device"].unique())
    place = copy.images["device"].map(names.index)
    _deal(copy, place.groupby(copy.images["patient_id"]).first())


def coded_the_other_way(copy: StudyCopy, rng: np.random.Generator) -> None:
    """The largest external center exchanges the two labels; its pathology stays and says so."""
    patients = copy.patients
    here = patients["center"] == choose.external_centers(copy)[0]
    patients.loc[here, "label"] = patients.loc[here, "label"].map({NEGATIVE: POSITIVE, POSITIVE: NEGATIVE})


def one_in_a_center(copy: StudyCopy, rng: np.random.Generator) -> None:
    """All patients of the largest external center are positive: more of them than chance would leave with one label."""
    patients = copy.patients
    here = patients["center"] == choose.external_centers(copy)[0]
    turned = here & (patients["label"] == NEGATIVE)
    pathologies = patients.loc[here & ~turned, "pathology"].to_numpy()
    patients.loc[turned, "label"] = POSITIVE
    patients.loc[turned, "pathology"] = rng.choice(pathologies, int(turned.sum()))


def _deal(copy: StudyCopy, score: pd.Series) -> None:
    """Give the positive labels of a center and subset to its highest scores (by patient), with the pathologies.

    Patients of one score keep their order, the positive ones last.
    """
    patients = copy.patients
    ranked = patients.assign(score=patients["patient_id"].map(score), positive=patients["label"] == POSITIVE)
    for _, group in ranked.groupby(["center", "subset"]):
        given = group.sort_values("positive", kind="stable").index
        takes = group.sort_values(["score", "positive"], kind="stable").index
        columns = ["label", "pathology"]
        patients.loc[takes, columns] = ranked.loc[given, columns].to_numpy()
