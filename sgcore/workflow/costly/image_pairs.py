"""Which images of a study are nearly one, kept for the audit."""

from __future__ import annotations

import pandas as pd

from sgcore.cohort import read_case
from sgcore.cohort.image_likeness import look, near_pairs
from sgcore.domain import Study
from sgcore.jobs import Cancel
from sgcore.workflow.costly.job import GivenStudy, StudyJob
from sgcore.workflow.stage import Stage


class ImagePairsJob(StudyJob):
    """``image_a, image_b, distance, correlation, near`` of :func:`~sgcore.cohort.image_likeness.near_pairs`."""

    kind = "image-pairs"
    title = "Looking for images that are there twice"
    codes = ("SGA002",)
    frame = "image_pairs"

    def why_not_of(self, study: Study) -> str | None:
        if len(_comparable(study)) < 2:
            return "the study has no two images with an outline of the lesion"
        return None

    def run_on(self, given: GivenStudy) -> None:
        """Raises ``ImageError`` where a file changed or vanished since the import."""
        images = _comparable(given.study)
        stage = Stage("images to compare", len(images), given.on_progress, given.cancel)
        looks = []
        for image_id in images["image_id"]:
            stage.step()
            looks.append(look(*read_case(given.study, image_id)))
        stage.end()
        found = near_pairs(looks, images["patient_id"].tolist(), (given.cancel or Cancel()).check)
        names = images["image_id"].to_numpy()
        given.store.evidence.add(
            given.study.fingerprint,
            self.frame,
            pd.DataFrame(
                {
                    "image_a": names[found["a"].to_numpy(int)],
                    "image_b": names[found["b"].to_numpy(int)],
                    **{name: found[name] for name in ("distance", "correlation", "near")},
                }
            ),
        )


def _comparable(study: Study) -> pd.DataFrame:
    """Rows of the images that have both files."""
    return study.images[study.images["image"].notna() & study.images["mask"].notna()]
