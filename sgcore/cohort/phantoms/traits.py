"""Traits of every image: standard normal, alike within a patient, moved by the label as the truth says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.cohort.phantoms.truth import POSITIVE, TRAITS, Truth


def draw_traits(people: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> pd.DataFrame:
    """(images, traits), rows as ``image_rows`` orders them; ``people`` has ``label, subset`` and ``n_images``.

    What is drawn does not depend on labels: they only move what was drawn, by ``truth.difference``.
    """
    own = rng.normal(size=(len(people), len(TRAITS)))
    rows = np.repeat(np.arange(len(people)), people["n_images"])
    values = np.sqrt(truth.icc) * own[rows] + np.sqrt(1 - truth.icc) * rng.normal(
        size=(len(rows), len(TRAITS))
    )
    sign = np.where(people["label"] == POSITIVE, 1.0, -1.0)[rows, None]
    inside = (people["subset"] != "external").to_numpy()[rows, None]
    differences = [
        [truth.difference(trait, development=place) for trait in TRAITS] for place in (True, False)
    ]
    return pd.DataFrame(values + sign / 2 * np.where(inside, *differences), columns=list(TRAITS))
