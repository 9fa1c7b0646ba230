"""What tells the labels apart in a network's answers: the lesion, or what lies around it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sgcore.stats import AucComparison, AucResult, auc, compare_auc

#: Columns of the frame ``occlusion``: the log odds of the whole image, without the lesion, of the lesion alone.
ANSWERS = ("whole", "surroundings", "lesion")


@dataclass(frozen=True)
class PartedAnswers:
    """AUC by the answers to the whole image, without the lesion, and of the lesion alone.

    ``difference`` is the AUC without the lesion minus that of the lesion alone, paired (DeLong, clustered by patient).
    """

    whole: AucResult
    surroundings: AucResult
    lesion: AucResult
    difference: AucComparison

    @property
    def beside(self) -> bool:
        """Whether both whole intervals say it: the surroundings tell the labels apart, and better than the lesion."""
        return self.surroundings.ci_low > 0.5 and self.difference.ci_low > 0


def parted_answers(rows: pd.DataFrame) -> PartedAnswers:
    """Compare the answers of one set of images; those without all three count for none.

    ``rows`` : ``patient_id, y, whole, surroundings, lesion``.
    """
    known = rows.dropna(subset=list(ANSWERS))
    y, patients = known["y"], known["patient_id"]
    whole, surroundings, lesion = (auc(y, known[name], patients) for name in ANSWERS)
    difference = compare_auc(y, known["surroundings"], known["lesion"], patients)
    return PartedAnswers(whole, surroundings, lesion, difference)
