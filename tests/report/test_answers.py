"""Answers follow the settings and results, also where these say no."""

from __future__ import annotations

import pandas as pd
import pytest

from sgcore.report import Material
from sgcore.report.answers import ANSWERS, Answer
from tests.report.changed import with_findings, with_frames, with_settings, with_study


def _ask(name: str, material: Material) -> Answer:
    return ANSWERS[name](material)


def test_fragile_features_were_kept_or_left_out(plain: Material, brought: Material) -> None:
    assert (_ask("robust", plain).state, _ask("robust", plain).holds) == ("data", False)
    stricter = _ask("robust", with_settings(plain, selection__icc_min=0.75))
    assert stricter.holds is True
    assert "0.75" in stricter.text
    # What was done before features came is not known.
    assert _ask("robust", brought).state == "confirm"


def test_copies_are_kept_where_no_correlation_is_too_high(plain: Material) -> None:
    assert _ask("redundant", plain).holds is True
    assert _ask("redundant", with_settings(plain, selection__rho=1.0)).holds is False


def test_external_centers_and_centers(plain: Material, brought: Material) -> None:
    assert _ask("external", plain).text == "2 external centers: Beta and Gamma."
    assert _ask("external", brought).holds is False
    assert (_ask("multicenter", plain).holds, _ask("multicenter", brought).holds) == (True, False)
    assert _ask("heterogeneity_results", brought).state == "not_applicable"


def test_parts_are_apart_unless_a_check_or_the_study_says_no(plain: Material) -> None:
    clean = with_findings(plain, {"code": "SGA001", "status": "passed"})
    assert _ask("partition", clean).holds is True
    waiting = _ask("partition", with_findings(plain, {"code": "SGA022", "status": "not_applicable"}))
    assert (waiting.state, waiting.holds) == ("confirm", None)
    assert "Without an answer yet: SGA022" in waiting.text
    shared = _ask("partition", with_findings(plain, {"code": "SGA002"}))
    assert (shared.state, shared.holds) == ("confirm", False)
    assert "SGA002 (A made check): finding" in shared.text
    assert _ask("partition", with_study(clean, conflicts=("P1 is in two subsets",))).holds is False


def test_a_check_that_does_not_apply_is_not_cited(plain: Material) -> None:
    assert (
        "SGA043"
        not in _ask("confounders", with_findings(plain, {"code": "SGA043", "status": "not_applicable"})).text
    )
    assert "SGA043" in _ask("confounders", with_findings(plain, {"code": "SGA043", "status": "passed"})).text


def test_names_of_devices_stay_as_they_are(plain: Material) -> None:
    images = plain.study.images.assign(device="GE LOGIQ E20")
    answer = _ask("protocol", with_study(plain, images=images))
    assert "GE LOGIQ E20" in answer.text
    assert answer.text.startswith("Device: ")
    bare = images.drop(columns=[name for name in ("device", "view", "pixel_spacing_mm") if name in images])
    assert _ask("protocol", with_study(plain, images=bare)).state == "human"


def test_few_cases_for_many_features(plain: Material) -> None:
    trace = plain.frame("selection")
    kept = trace.assign(step="selected")
    answer = _ask("dimensionality", with_frames(plain, selection=kept))
    assert (answer.state, answer.holds) == ("confirm", False)
    assert _ask("dimensionality", with_frames(plain, selection=trace.head(0))).holds is True


def test_the_family_without_radiomics_is_the_second_of_each_difference(plain: Material) -> None:
    assert _ask("non_radiomic", plain).holds is False
    picks = pd.DataFrame({"family": ["US", "Radiomics"], "classifier": "LR"})
    pair = {
        "kind": "families",
        "a": "US",
        "b": "Radiomics",
        "subset": "external",
        "center": None,
        "unit": plain.unit,
    }
    numbers = {"delta": -0.1, "ci_low": -0.3, "ci_high": 0.05}
    both = with_frames(plain, picks=picks, comparisons=pd.DataFrame([pair | numbers]))
    answer = _ask("non_radiomic", both)
    assert answer.holds is True
    assert "Radiomics − US +0.100 (-0.050 to +0.300)" in answer.text


def test_nothing_modelled_is_a_no_not_a_crash(plain: Material) -> None:
    nothing = pd.DataFrame()
    kinds = ("evaluations", "picks", "comparisons", "calibration", "counts", "centers", "center_means")
    empty = with_frames(plain, **dict.fromkeys(kinds, nothing))
    for name in ("measures", "uncertainty", "comparison", "calibrated", "internal", "external", "building"):
        assert _ask(name, empty).holds is False, name
    for name in ("redundant", "dimensionality", "reduction", "feature_statistics"):
        answer = _ask(name, empty)
        assert (answer.state, answer.holds, answer.text) == (
            "data",
            False,
            "No family could select features.",
        )


def test_algorithms_are_those_of_families_that_can_be(plain: Material) -> None:
    own = with_settings(plain, models__classifiers=("RF",), models__us_classifiers=("LR",))
    assert _ask("algorithms", own).text.startswith("Random forest and Logistic regression. ")
    assert _ask("algorithms", with_study(own, descriptors=None)).text.startswith("Random forest. ")


@pytest.mark.parametrize(
    "name", ["resampling", "discretization", "image_types", "feature_classes", "defaults"]
)
def test_features_that_came_leave_their_making_to_people(
    brought: Material, plain: Material, name: str
) -> None:
    assert _ask(name, brought).state == "human"
    assert _ask(name, plain).state == "data"
