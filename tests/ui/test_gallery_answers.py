"""What the gallery says of a set and of one tile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sgcore.domain import EvaluationSet
from sgcore.ui import gallery_answers as says

STUDY: Any = SimpleNamespace(negative="primary", positive="secondary")
BY_IMAGE = EvaluationSet("external", None, "image")
BY_PATIENT = EvaluationSet("external", "Beta", "patient")


def _cases(**changes: Any) -> pd.DataFrame:
    """Three images of two patients: one wrong, one disagreed on, one beside the ROI."""
    return pd.DataFrame(
        {
            "image_id": ["a", "b", "c"],
            "patient_id": ["p", "p", "q"],
            "center": "Beta",
            "subset": "external",
            "y": [1, 1, 0],
            "score": [0.7, 0.7, 0.2],
            "threshold": 0.5,
            "estimate": "fitted",
            "called": [1.0, 1.0, 0.0],
            "wrong": [1.0, 1.0, 0.0],
            "margin": [0.2, 0.2, -0.3],
            "n_families": 2,
            "n_positive": [1, 1, 0],
            "disagreement": [0.5, 0.5, 0.0],
            "roi_ratio": [0.4, np.nan, 1.2],
        }
    ).assign(**changes)


def test_a_set_by_image_and_by_patient() -> None:
    network = "the network looks at the ROI less than by chance in 1 of 2 images"
    assert says.sentence(_cases(), "US (LR)", BY_IMAGE, STUDY) == (
        f"US (LR) calls 2 of 3 external images wrong at its threshold of 0.500; families disagree on 2; {network}."
    )
    assert says.sentence(_cases(), "US (LR)", BY_PATIENT, STUDY) == (
        "US (LR) calls 1 of 2 external patients of Beta wrong at its threshold of 0.500; families disagree on 1; "
        f"{network}."
    )


def test_what_is_not_known_is_not_said() -> None:
    alone = _cases(disagreement=np.nan, roi_ratio=np.nan)
    text = says.sentence(alone, "US (LR)", BY_IMAGE, STUDY)
    assert text == "US (LR) calls 2 of 3 external images wrong at its threshold of 0.500."
    partly = alone.assign(score=[0.7, 0.7, np.nan], wrong=[1.0, 1.0, np.nan])
    assert "2 of 2 external images wrong" in says.sentence(partly, "US (LR)", BY_IMAGE, STUDY)
    assert says.sentence(partly, "US (LR)", BY_IMAGE, STUDY).endswith("; 1 without a score.")


@pytest.mark.parametrize(("threshold", "label"), [(-np.inf, "secondary"), (np.inf, "primary")])
def test_a_threshold_at_infinity_calls_everybody_alike(threshold: float, label: str) -> None:
    text = says.sentence(_cases(threshold=threshold), "US (LR)", BY_IMAGE, STUDY)
    assert text.startswith(f"US (LR) calls everybody {label}, 2 of 3 external images wrong; ")


def test_without_scores_or_threshold_nothing_is_called() -> None:
    uncalled = _cases(called=np.nan, wrong=np.nan, threshold=np.nan)
    assert says.sentence(uncalled, "US (LR)", BY_IMAGE, STUDY) == (
        "US (LR) has no threshold to hold against its scores of the 3 external images."
    )
    unscored = uncalled.assign(score=np.nan)
    assert says.sentence(unscored, "US (LR)", BY_PATIENT, STUDY) == (
        "US (LR) has no score of the 2 external patients of Beta."
    )


def test_hidden_and_closed() -> None:
    hidden = says.without_results(_cases(), BY_PATIENT, hidden=True)
    assert hidden == "3 external images of 2 patients of Beta: label and scores are hidden."
    assert says.without_results(_cases(), BY_IMAGE, hidden=False).endswith(": their scores are closed.")


def _row(**changes: Any) -> Any:
    return next(_cases(**changes).head(1).itertuples(index=False))


def test_lines_of_a_tile() -> None:
    row = _row()
    assert says.score(row, by_patient=False) == "Score 0.700, threshold 0.500"
    assert says.score(row, by_patient=True) == "Mean score 0.700, threshold 0.500"
    assert says.called(row, STUDY) == "Called secondary"
    assert says.families(row, STUDY) == "1 of 2 families call it secondary"
    assert says.looked(row) == "Network beside the ROI (0.40)"
    assert says.looked(_row(roi_ratio=1.0)) == "Network at the ROI (1.00)"
    assert says.looked(_row(roi_ratio=0.998)) == "Network beside the ROI (just below 1)"
    assert says.score(_row(threshold=np.inf), by_patient=False) == "Score 0.700, no threshold"
    unknown = _row(score=np.nan, called=np.nan, n_families=1, roi_ratio=np.nan)
    assert says.score(unknown, by_patient=False) == "No score"
    assert {says.called(unknown, STUDY), says.families(unknown, STUDY), says.looked(unknown)} == {""}


def test_training_cases_say_who_scored_them() -> None:
    at = EvaluationSet("train", None, "image")
    fitted, honest = (says.reading(_cases(estimate=how), at, STUDY) for how in ("fitted", "out_of_fold"))
    assert "scored by models that were fitted on the patient, and the threshold was chosen on them" in fitted
    assert "scored by models that left the patient out, and the threshold was chosen on them" in honest
    assert "threshold was chosen" not in says.reading(_cases(), BY_IMAGE, STUDY)
    assert "Grad-CAM" not in says.reading(_cases(roi_ratio=np.nan), BY_IMAGE, STUDY)


def test_the_table_holds_what_may_be_seen() -> None:
    table = says.table(_cases(), STUDY, "image")
    assert list(table["Label"]) == ["secondary", "secondary", "primary"]
    assert list(table["Wrong"]) == ["yes", "yes", "no"]
    bare = _cases()[["image_id", "patient_id", "center", "subset"]]
    assert list(says.table(bare, STUDY, "image").columns) == ["Image", "Patient", "Center", "Cases"]
