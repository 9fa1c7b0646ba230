"""Who or what a fault is planted in; a cohort that offers nothing is told so."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.cohort.phantoms.planted.copy import StudyCopy
from sgcore.errors import SgauditError


def one(candidates: pd.Series, what: str, rng: np.random.Generator) -> str:
    """One of them at random. ``SgauditError``: there is none."""
    if candidates.empty:
        raise SgauditError(
            f"The cohort has no {what}, so that a fault cannot be planted. Give more patients."
        )
    return str(candidates.iloc[rng.integers(len(candidates))])


def patient(copy: StudyCopy, subset: str, rng: np.random.Generator, *, images: int = 1) -> str:
    """A patient of the subset with at least so many images."""
    owners = copy.images["patient_id"].value_counts()
    enough = copy.patients["patient_id"].map(owners) >= images
    chosen = copy.patients.loc[enough & (copy.patients["subset"] == subset), "patient_id"]
    return one(chosen, f"patient in the subset {subset!r} with {images} image(s)", rng)


def external_centers(copy: StudyCopy) -> list[str]:
    """Names of the external centers, that of most patients first. ``SgauditError``: there is none."""
    outside = copy.patients.loc[copy.patients["subset"] == "external", "center"]
    if outside.empty:
        raise SgauditError("The cohort has no external center, so that a fault cannot be planted. Give one.")
    return [
        str(center)
        for center in outside.value_counts(sort=False).sort_values(ascending=False, kind="stable").index
    ]
