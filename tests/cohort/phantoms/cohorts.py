"""Cohorts that tests draw: a small one, and large ones of latents."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.cohort.phantoms.counts import Group
from sgcore.cohort.phantoms.traits import draw_traits
from sgcore.cohort.phantoms.truth import NEGATIVE, POSITIVE, Truth

SMALL = (
    Group("Center A", "train", primary=2, secondary=2, images=6),
    Group("Center A", "validation", primary=1, secondary=1, images=2),
    Group("Center B", "external", primary=1, secondary=1, images=2),
    Group("Center C", "external", primary=1, secondary=1, images=2),
    Group("Center D", "external", primary=1, secondary=1, images=3),
)


def many(subset: str, *, patients: int = 2000, images: int = 2) -> pd.DataFrame:
    """Patients for ``draw_traits``, half of them secondary."""
    labels = np.where(np.arange(patients) % 2 == 1, POSITIVE, NEGATIVE)
    return pd.DataFrame({"label": labels, "subset": subset, "n_images": images})


def differences(subset: str, truth: Truth) -> pd.Series:
    """Mean of each trait in secondary minus primary lesions of many patients."""
    people = many(subset)
    traits = draw_traits(people, truth, np.random.default_rng(3))
    means = traits.groupby(np.repeat(people["label"].to_numpy(), people["n_images"])).mean()
    return means.loc[POSITIVE] - means.loc[NEGATIVE]
