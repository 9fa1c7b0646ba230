"""Scores of a network that a study brings along."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from sgcore.cohort.phantoms.planted.copy import StudyCopy

NETWORK = "brought"


def of_all(copy: StudyCopy, rng: np.random.Generator) -> None:
    """A network scores every image by the features of the texture, which carry the label, and some noise."""
    texture = copy.tables["features"].filter(like="trait_texture").astype(float).mean(axis=1)
    logit = (texture - texture.mean()) / texture.std() + rng.normal(size=len(texture))
    copy.tables["deep_scores"] = pd.DataFrame(
        {
            "image_id": copy.tables["features"]["image_id"],
            "backbone": NETWORK,
            "score": [f"{share:.6f}" for share in expit(logit)],
        }
    )


def of_some(copy: StudyCopy, rng: np.random.Generator) -> None:
    """Every third external image has no score."""
    outside = copy.images.loc[copy.of_images("subset") == "external", "image_id"]
    table = copy.tables["deep_scores"]
    copy.tables["deep_scores"] = table[~table["image_id"].isin(outside.iloc[::3])].reset_index(drop=True)
