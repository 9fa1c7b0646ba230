"""A cohort of phantoms: its tables, and the scene and scanner of each image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sgcore.cohort.phantoms.appearance import Place, draw_scenes
from sgcore.cohort.phantoms.counts import PAPER_COUNTS, Group
from sgcore.cohort.phantoms.devices import SCANNERS, Scanner
from sgcore.cohort.phantoms.people import draw_patients, image_rows
from sgcore.cohort.phantoms.reader import Reader, read
from sgcore.cohort.phantoms.scene import Scene
from sgcore.cohort.phantoms.streams import stream
from sgcore.cohort.phantoms.traits import draw_traits
from sgcore.cohort.phantoms.truth import Truth

#: Seed of the cohort that ships as the demo study.
DEMO_SEED = 2025


@dataclass(frozen=True)
class PhantomCohort:
    """Tables of a study, and what to draw for each image.

    Attributes
    ----------
    patients : ``patient_id, center, label, age, sex, gland, pathology, subset``.
    images : ``image_id, patient_id, image, mask, device, pixel_spacing_mm, view``.
    descriptors : ``image_id`` and the seven of the reader.
    scenes, scanners : of each image, in the order of ``images``; a scanner has the gain of its center and patient.
    """

    patients: pd.DataFrame
    images: pd.DataFrame
    descriptors: pd.DataFrame
    scenes: tuple[Scene, ...]
    scanners: tuple[Scanner, ...]


def phantom_cohort(
    truth: Truth | None = None,
    seed: int = DEMO_SEED,
    *,
    counts: Sequence[Group] = PAPER_COUNTS,
    reader: Reader | None = None,
) -> PhantomCohort:
    """Draw a cohort; the same arguments give the same one.

    Raises
    ------
    ValueError : ``counts`` name a center that ``truth`` does not have, or one of its scanners is unknown.
    """
    truth = Truth() if truth is None else truth
    _check_centers(truth, counts)
    people = draw_patients(counts, seed)
    images = image_rows(people)
    traits = draw_traits(people, truth, stream(seed, "traits"))
    owner = people.set_index("patient_id").loc[images["patient_id"]]
    places = [
        Place(gland, truth.centers[center].log_size)
        for gland, center in zip(owner["gland"], owner["center"], strict=True)
    ]
    scenes = draw_scenes(traits, places, stream(seed, "scenes"))
    by_patient = dict(
        zip(people["patient_id"], _scanners(people, truth, stream(seed, "scanners")), strict=True)
    )
    scanners = tuple(by_patient[patient] for patient in images["patient_id"])
    words = read(scenes, stream(seed, "reader"), reader)
    return PhantomCohort(
        patients=people.drop(columns="n_images"),
        images=pd.DataFrame(
            {
                "image_id": images["image_id"],
                "patient_id": images["patient_id"],
                "image": "images/" + images["image_id"] + ".png",
                "mask": "masks/" + images["image_id"] + ".png",
                "device": [scanner.name for scanner in scanners],
                "pixel_spacing_mm": [scanner.pixel_spacing_mm for scanner in scanners],
                "view": images["view"],
            }
        ),
        descriptors=pd.concat([images["image_id"], words], axis=1),
        scenes=scenes,
        scanners=scanners,
    )


def _scanners(people: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> list[Scanner]:
    """The scanner of each patient with the gain of center and examination."""
    chosen, turned = rng.random(len(people)), rng.normal(0, truth.gain_sd_db, len(people))
    scanners = []
    for center, place, gain in zip(people["center"], chosen, turned, strict=True):
        effect = truth.centers[center]
        scanner = SCANNERS[effect.scanners[int(place * len(effect.scanners))]]
        scanners.append(replace(scanner, gain_db=scanner.gain_db + effect.gain_db + float(gain)))
    return scanners


def _check_centers(truth: Truth, counts: Sequence[Group]) -> None:
    for group in counts:
        if group.center not in truth.centers:
            raise ValueError(
                f"center {group.center!r} is not in the truth; centers are {', '.join(truth.centers)}."
            )
    for center, effect in truth.centers.items():
        unknown = [name for name in effect.scanners if name not in SCANNERS]
        if unknown or not effect.scanners:
            raise ValueError(
                f"scanners of {center!r}: {', '.join(unknown) or 'none given'}; "
                f"choose from {', '.join(SCANNERS)}."
            )
