"""Who the phantoms belong to: patients by center, subset and label, and their images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sgcore.cohort.phantoms.counts import MAX_VIEWS, Group
from sgcore.cohort.phantoms.streams import stream
from sgcore.cohort.phantoms.truth import NEGATIVE, POSITIVE

VIEWS = ("transverse", "longitudinal", "oblique")
#: Diagnoses and how many of a hundred have them: an assumption. That most metastases are squamous cell carcinomas of
#: head and neck is known (He 2023); the WHO names the primary ones.
PATHOLOGY = {
    NEGATIVE: {
        "mucoepidermoid carcinoma": 32,
        "MALT lymphoma": 18,
        "adenoid cystic carcinoma": 16,
        "acinic cell carcinoma": 14,
        "carcinoma ex pleomorphic adenoma": 10,
        "salivary duct carcinoma": 10,
    },
    POSITIVE: {
        "metastasis of squamous cell carcinoma": 60,
        "metastasis of nasopharyngeal carcinoma": 16,
        "metastasis of melanoma": 10,
        "metastasis of thyroid papillary carcinoma": 7,
        "metastasis of lung adenocarcinoma": 7,
    },
}


def draw_patients(counts: Sequence[Group], seed: int) -> pd.DataFrame:
    """One row a patient: ``patient_id, center, label, age, sex, gland, pathology, subset`` and ``n_images``.

    Labels change places within a group and patients within a center, so that no number of a patient tells anything.
    Age, sex, gland and the number of images do not depend on the label, the pathology is a subtype of it.
    """
    rng = stream(seed, "patients")
    groups = []
    for group in counts:
        labels = np.repeat([NEGATIVE, POSITIVE], [group.primary, group.secondary])
        groups.append(
            pd.DataFrame(
                {
                    "center": group.center,
                    "label": labels[rng.permutation(group.patients)],
                    "subset": group.subset,
                    "n_images": _divided(group, rng),
                }
            )
        )
    people = pd.concat(groups, ignore_index=True)
    people = people.iloc[rng.permutation(len(people))]
    people = people.sort_values("center", kind="stable", ignore_index=True)
    n = len(people)
    people["patient_id"] = [f"P{number:03d}" for number in range(1, n + 1)]
    people["age"] = np.clip(np.rint(rng.normal(57, 13, n)), 18, 90).astype(int)
    people["sex"] = np.where(rng.random(n) < 0.55, "M", "F")
    people["gland"] = np.where(rng.random(n) < 0.75, "parotid", "submandibular")
    people["pathology"] = _pathology(people["label"], stream(seed, "pathology"))
    return people[["patient_id", "center", "label", "age", "sex", "gland", "pathology", "subset", "n_images"]]


def image_rows(people: pd.DataFrame) -> pd.DataFrame:
    """One row an image: ``image_id, patient_id, view``, in the order of ``people``."""
    owner = people.loc[people.index.repeat(people["n_images"]), "patient_id"].reset_index(drop=True)
    number = owner.groupby(owner).cumcount()
    return pd.DataFrame(
        {
            "image_id": owner + "-" + (number + 1).astype(str),
            "patient_id": owner,
            "view": [VIEWS[view] for view in number],
        }
    )


def _divided(group: Group, rng: np.random.Generator) -> np.ndarray:
    """Images of each patient: one, and the others at random among the places that are left."""
    places = np.repeat(np.arange(group.patients), MAX_VIEWS - 1)
    more = rng.choice(places, group.images - group.patients, replace=False)
    return 1 + np.bincount(more, minlength=group.patients)


def _pathology(labels: pd.Series, rng: np.random.Generator) -> np.ndarray:
    place = rng.random(len(labels))
    found = np.empty(len(labels), dtype=object)
    for label, shares in PATHOLOGY.items():
        edges = np.cumsum(list(shares.values())) / sum(shares.values())
        here = (labels == label).to_numpy()
        found[here] = np.array(list(shares), dtype=object)[np.searchsorted(edges, place[here], side="right")]
    return found
