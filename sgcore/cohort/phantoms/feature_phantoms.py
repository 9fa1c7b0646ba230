"""Phantoms without pixels: a study of precomputed features that carry the same traits, for simulations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sgcore.cohort.phantoms.counts import PAPER_COUNTS, Group
from sgcore.cohort.phantoms.people import draw_patients, image_rows
from sgcore.cohort.phantoms.streams import stream
from sgcore.cohort.phantoms.study_toml import study_toml
from sgcore.cohort.phantoms.traits import draw_traits
from sgcore.cohort.phantoms.truth import TRAITS, Truth

#: Features of each trait; blocks that no trait moves, and the features of each; features of their own.
PER_TRAIT, BLOCKS, PER_BLOCK, ALONE = 4, 12, 8, 68
FEATURES = PER_TRAIT * len(TRAITS) + BLOCKS * PER_BLOCK + ALONE
#: Correlation of a feature with its trait, and with what its block has in common.
TRAIT_LOADING, BLOCK_LOADING = 0.8, 0.95
#: Standard deviation over centers of a feature's shift, in standard deviations of the feature.
CENTER_SD = 0.3


def write_feature_study(
    folder: Path, truth: Truth | None = None, seed: int = 0, *, counts: Sequence[Group] = PAPER_COUNTS
) -> Path:
    """Write ``study.toml`` and its tables patients, images and features; returns the path of the study file."""
    truth = Truth() if truth is None else truth
    people = draw_patients(counts, seed)
    images = image_rows(people)
    values = feature_values(people, truth, seed)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "patients": people.drop(columns="n_images"),
        "images": images,
        "features": pd.concat([images["image_id"], values], axis=1),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6f", lineterminator="\n")
    path = folder / "study.toml"
    path.write_text(
        study_toml("Salivary gland feature phantoms (synthetic)", people, list(tables)), encoding="utf-8"
    )
    return path


def feature_values(people: pd.DataFrame, truth: Truth, seed: int) -> pd.DataFrame:
    """(images, :data:`FEATURES`) values, rows as ``image_rows`` orders them, unit variance within label and center.

    ``trait_...`` carry a trait and noise, ``block_...`` are alike within a block, ``alone_...`` are noise; all of
    them are alike within a patient by ``truth.icc``, and all are shifted by center.
    """
    rng = stream(seed, "features")
    rows = np.repeat(np.arange(len(people)), people["n_images"])

    def alike(width: int) -> np.ndarray:
        own = rng.normal(size=(len(people), width))[rows]
        return np.sqrt(truth.icc) * own + np.sqrt(1 - truth.icc) * rng.normal(size=own.shape)

    def loaded(common: np.ndarray, each: int, loading: float) -> np.ndarray:
        wide = np.repeat(common, each, axis=1)
        return loading * wide + np.sqrt(1 - loading**2) * alike(wide.shape[1])

    traits = draw_traits(people, truth, stream(seed, "traits"))
    values = np.hstack(
        [
            loaded(traits.to_numpy(), PER_TRAIT, TRAIT_LOADING),
            loaded(alike(BLOCKS), PER_BLOCK, BLOCK_LOADING),
            alike(ALONE),
        ]
    )
    centers, names = pd.factorize(people["center"], sort=True)
    values += CENTER_SD * rng.normal(size=(len(names), FEATURES))[centers[rows]]
    columns = [f"trait_{trait}_{k}" for trait in TRAITS for k in range(1, PER_TRAIT + 1)]
    columns += [f"block_{b:02d}_{k}" for b in range(1, BLOCKS + 1) for k in range(1, PER_BLOCK + 1)]
    columns += [f"alone_{k:02d}" for k in range(1, ALONE + 1)]
    return pd.DataFrame(values, columns=columns)
