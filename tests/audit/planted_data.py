"""Faults of tables and images: patients that contradict themselves, images that are there twice, gaps, places."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sgcore.audit import CHECKS, Evidence, audit
from sgcore.domain import FeatureTable, Problem
from tests.audit.planted import EMPTY, PAPER, reader, study

PAIRS = ["image_a", "image_b", "distance", "correlation", "near"]
#: The import's words for a patient in two subsets.
TWO_SUBSETS = Problem(
    "images.csv",
    "patient 'p00-' is in two subsets: train, validation",
    "All images of a patient belong to one subset",
    row=3,
    column="split",
    value="validation",
    severity="warning",
    patient="p00-",
)


def places(n=24, images_per_patient=2, entangled=False):
    """Patients of two centers by turns, with devices, ages and files; ``entangled`` gives a label to each device."""
    number = np.arange(n)
    patients = pd.DataFrame(
        {"patient_id": [f"p{i:02d}-" for i in number], "y": number // 2 % 2, "subset": "train"}
    ).assign(age=40.0 + number, sex=np.where(number % 3, "F", "M"))
    made = study(patients, images_per_patient)
    people = made.patients.assign(center=np.where(number % 2, "X", "Y"))
    owner = people.set_index("patient_id").loc[made.images["patient_id"]]
    first = owner["y"] == 0 if entangled else np.isin(owner.index, people["patient_id"][number % 8 < 4])
    images = made.images.assign(
        image=made.images["image_id"] + ".png",
        mask=made.images["image_id"] + "-mask.png",
        image_sha256=[f"{i:064d}" for i in range(len(made.images))],
        device=np.where(first, "Scanner A", "Scanner B"),
        pixel_spacing_mm=0.1,
    )
    return replace(made, patients=people, images=images, split_column="split")


def contradicting(of, *problems):
    """The study as an import for audit only gives it."""
    return replace(of, warnings=problems, conflicts=tuple(map(str, problems)))


def table(of, n_features=5, **columns):
    """Random radiomics features of the study's images, with these columns beside them."""
    values = np.random.default_rng(0).normal(size=(len(of.images), n_features))
    index = pd.Index(of.images["image_id"], name="image_id")
    frame = pd.DataFrame(values, index, [f"f{i}" for i in range(n_features)]).assign(**columns)
    return FeatureTable("radiomics", "", "", frame, pd.DataFrame(), EMPTY.features.residue)


def pairs(*rows):
    return pd.DataFrame(rows, columns=PAIRS)


def seen(of, features=None, **known):
    """Evidence of these tables, features and frames."""
    return Evidence(of, PAPER, table(of) if features is None else features, reader(known))


def _faulty():
    made = places(entangled=True)
    ages = made.patients["age"].where(made.patients["center"] == "X")
    made = replace(made, patients=made.patients.assign(age=ages))
    found = table(made, level=1.0)
    near = pairs(("p00-0", "p01-0", 12, 0.97, True))
    return seen(contradicting(made, TWO_SUBSETS), found, image_pairs=near)


FAULTY = _faulty()
CLEAN = seen(places(), image_pairs=pairs(("p00-0", "p01-0", 96, 0.41, False)))
#: Checks of tables and images, which two patients are too few for: their faulty and their clean evidence.
OWN = dict.fromkeys(("SGA001", "SGA002", "SGA011", "SGA043", "SGA090"), (FAULTY, CLEAN))
#: What is said of a study that has patients and no more, where that is an answer.
OF_EMPTY = {"SGA001": "passed"}


def answer(code, of):
    """What the check of this code says."""
    (finding,) = audit(of, tuple(check for check in CHECKS if check.code == code))
    return finding
