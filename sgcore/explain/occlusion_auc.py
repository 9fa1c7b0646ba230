"""What tells the labels apart in a network's answers: the lesion, or what lies around it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sgcore.domain import SUBSETS, Subset
from sgcore.stats import AucComparison, AucResult, auc, compare_auc, newcombe_interval

#: Columns of the frame ``occlusion``: the log odds of the whole image, without the lesion, of the lesion alone.
ANSWERS = ["whole", "surroundings", "lesion"]


@dataclass(frozen=True)
class OcclusionAuc:
    """AUC by image, clustered by patient, of the answers to whole images, without the lesion and of the lesion alone.

    ``difference`` is the AUC without the lesion minus that of the lesion alone (DeLong, paired). ``n_left_out`` counts
    the images without all three answers, which count for none.
    """

    whole: AucResult
    surroundings: AucResult
    lesion: AucResult
    difference: AucComparison
    n_left_out: int

    @property
    def by_surroundings(self) -> bool:
        """Whether whole intervals say that the surroundings tell the labels apart, and better than the lesion."""
        return self._tells(self.surroundings, self.lesion, self.difference.ci_low > 0)

    @property
    def by_lesion(self) -> bool:
        """The same of the lesion."""
        return self._tells(self.lesion, self.surroundings, self.difference.ci_high < 0)

    def _tells(self, better: AucResult, other: AucResult, differs: bool) -> bool:
        if pd.isna(self.difference.ci_low):
            # Two areas of 0, 0.5 or 1 may have no variance between them: then each speaks by its own interval.
            differs = better.ci_low > other.ci_high
        return bool(better.ci_low > 0.5 and differs)

    @property
    def detectable(self) -> float:
        """The difference from which on this many patients could have shown one; NaN where they could show none."""
        counts = self.surroundings.groups_pos, self.surroundings.groups_neg
        if pd.isna(self.surroundings.auc) or newcombe_interval(1.0, *counts)[0] <= 0.5:
            return float("nan")
        half = (self.difference.ci_high - self.difference.ci_low) / 2
        if pd.isna(half):
            half = max(
                self.lesion.ci_high - self.lesion.auc, self.surroundings.auc - self.surroundings.ci_low
            )
        return half if half < 1 - self.lesion.auc else float("nan")


def occlusion_auc(rows: pd.DataFrame) -> OcclusionAuc:
    """Compare the answers of one set of images.

    ``rows`` : ``patient_id, y, whole, surroundings, lesion``.
    """
    known = rows.dropna(subset=ANSWERS)
    y, patients = known["y"], known["patient_id"]
    whole, surroundings, lesion = (auc(y, known[name], patients) for name in ANSWERS)
    difference = compare_auc(y, known["surroundings"], known["lesion"], patients)
    return OcclusionAuc(whole, surroundings, lesion, difference, len(rows) - len(known))


def occlusion_by_subset(answers: pd.DataFrame, cases: pd.DataFrame) -> dict[Subset, OcclusionAuc]:
    """The subsets in their order, without those that no image with an answer is of.

    ``answers`` : the frame ``occlusion``. ``cases`` : ``image_id, patient_id, subset, y``.
    """
    rows = cases.merge(answers, on="image_id", validate="one_to_one")
    there = set(rows.loc[rows[ANSWERS].notna().all(axis=1), "subset"])
    return {subset: occlusion_auc(rows[rows["subset"] == subset]) for subset in SUBSETS if subset in there}
