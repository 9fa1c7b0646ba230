"""Each check of a publication finds its planted fault, passes a sound paper, and says when it does not apply."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sgcore.audit.published import PAPER_CHECKS, audit_paper
from tests.audit.published.papers import SOUND, answer, made, sound

EXTERNAL = SOUND["sets"][0]
AUCS, ROWS, FEATURES = SOUND["aucs"], SOUND["proportions"], SOUND["features"]
PICK = {"what": "classifiers", "candidates": 6, "set": "external"}
SMALL = {**EXTERNAL, "patients": 29, "images": 55, "patients_positive": 14, "images_positive": 27}
BARE = [{"set": "external", "model": "A", "value": "0.807"}]

#: code, sections with the fault, words of its arithmetic, sections to which it does not apply.
PLANTED: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("SGP001", {"features": {**FEATURES, "total": 198}}, "= 197; the paper says 198", {"features": None}),
    (
        "SGP002",
        {"features": {**FEATURES, "image_types": ["original", "wavelet-LLL", "wavelet-LLH", "wavelet-HLL"]}},
        "1 of 3 wavelet images",
        {"features": None},
    ),
    ("SGP003", {"features": {**FEATURES, "p_passed": 12}}, "9.9 features are expected", {"features": None}),
    (
        "SGP010",
        {"aucs": [{**AUCS[0], "interval": ["0.84", "0.86"]}]},
        "the printed interval is 0.020 wide",
        {"aucs": []},
    ),
    ("SGP011", {"sets": [SMALL], "aucs": BARE}, "1.90 images a patient", {"aucs": []}),
    (
        "SGP012",
        {
            "sets": [{"name": "external", "role": "external", "patients": 6, "patients_positive": 3}],
            "aucs": [{"set": "external", "model": "A", "value": "0.807"}],
        },
        "6 patients: none of 1 if the AUCs were rounded, none of 1",
        {"aucs": []},
    ),
    (
        "SGP013",
        {"proportions": [{**ROWS[0], "accuracy": "0.790"}]},
        "none of 1 class split(s) (A not even alone)",
        {"proportions": []},
    ),
    (
        "SGP014",
        {"proportions": [{**ROWS[0], "sensitivity": "0.986", "specificity": "0.981"}]},
        "any curve through the point has an AUC of 0.967 to 1.000, reported is 0.850",
        {"proportions": []},
    ),
    (
        "SGP020",
        {"picks": [PICK]},
        "The best of 6 classifiers was picked on the set 'external'",
        {"picks": []},
    ),
    (
        "SGP021",
        {"sets": [SMALL], "aucs": [{**BARE[0], "value": "0.700"}], "picks": [PICK]},
        "so that chance might explain it",
        {"picks": []},
    ),
    (
        "SGP022",
        {"sets": [SMALL], "aucs": [BARE[0], {"set": "external", "model": "B", "value": "0.763"}]},
        "B, the next, is 0.044 away",
        {"aucs": [], "comparisons": []},
    ),
    (
        "SGP030",
        {"development": {"candidates": 1288, "patients": 111, "events": 57}},
        "0.04 events a candidate",
        {"development": None},
    ),
    ("SGP031", {"sets": [SMALL], "aucs": BARE}, "293 are needed", {"aucs": []}),
    ("SGP090", {"development": None}, "Events in the development", None),
]


def _paper(changes: dict[str, Any]) -> dict[str, Any]:
    """The sound paper with changes; what speaks of models that a change took away goes with them."""
    raw = sound(**changes)
    named = {(auc["set"], auc["model"]) for auc in raw["aucs"]}
    raw["comparisons"] = [
        row for row in raw["comparisons"] if {(row["set"], row["a"]), (row["set"], row["b"])} <= named
    ]
    return raw


@pytest.mark.parametrize(("code", "fault", "words", "without"), PLANTED, ids=[row[0] for row in PLANTED])
def test_a_planted_fault_is_found_and_a_sound_paper_passes(
    code: str, fault: dict[str, Any], words: str, without: dict[str, Any] | None
) -> None:
    found = answer(code, _paper(fault))
    assert found.status == "finding"
    assert words in found.arithmetic
    assert found.remedy
    assert found.assumption
    if without is not None:
        assert answer(code, _paper(without)).status == "not_applicable"


def test_the_faults_are_of_every_check() -> None:
    codes = [check.code for check in PAPER_CHECKS]
    assert [row[0] for row in PLANTED] == codes == sorted(set(codes))


def test_no_check_raises_a_finding_on_a_sound_paper() -> None:
    findings = {finding.code: finding for finding in audit_paper(made(sound()))}
    assert {code: f.status for code, f in findings.items() if f.status != "passed"} == {
        "SGP011": "not_applicable",
        "SGP021": "not_applicable",
    }
    one_each = answer("SGP011", _paper({"aucs": BARE}))
    assert one_each.status == "passed"
    far = _paper({"aucs": [{**BARE[0], "value": "0.900"}], "picks": [PICK]})
    assert answer("SGP021", far).status == "passed"


def test_an_auc_that_nothing_gives_is_an_error_and_a_unit_narrows_the_search() -> None:
    tiny = {"name": "external", "role": "external", "patients": 6, "images": 55}
    both = answer("SGP012", _paper({"sets": [tiny], "aucs": BARE}))
    assert both.severity is None
    assert "therefore computed by image" in both.arithmetic
    by_patient = answer("SGP012", _paper({"sets": [tiny], "aucs": [{**BARE[0], "unit": "patient"}]}))
    assert by_patient.severity == "error"


def test_a_p_that_no_correlation_gives_is_a_warning() -> None:
    pair = [{"set": "external", "a": "A", "b": "B", "p": "0.900"}]
    found = answer("SGP022", sound(comparisons=pair))
    assert found.status == "finding"
    # Hanley and McNeil's standard errors only come near DeLong's, so that it is no error.
    assert found.severity is None
    assert "none by patient (it would have to be" in found.arithmetic
    assert "which only come near DeLong's" in found.arithmetic
    too_small = [{"set": "external", "a": "A", "b": "B", "p": "<0.000000000001"}]
    high = [
        {"set": "external", "model": m, "value": v, "unit": "patient"}
        for m, v in (("A", "0.990"), ("B", "0.900"))
    ]
    found = answer("SGP022", sound(comparisons=too_small, aucs=high))
    assert found.status == "finding"
    assert found.values["comparisons"][0]["correlation_needed"] > 1


def test_an_assumed_split_excludes_nothing() -> None:
    pair = [{"set": "external", "a": "A", "b": "B", "p": "0.900"}]
    found = answer("SGP022", sound(comparisons=pair, sets=[{**EXTERNAL, "split_assumed": True}]))
    assert found.status == "passed"
    assert "are not printed" in found.assumption


def test_two_aucs_of_one_model_are_no_two_models() -> None:
    by_image = {**AUCS[0], "value": "0.840", "unit": "image"}
    alone = [AUCS[0], {key: value for key, value in by_image.items() if key != "interval"}]
    assert answer("SGP022", sound(aucs=alone, comparisons=[])).status == "not_applicable"
    assert answer("SGP090", sound(aucs=alone, comparisons=[])).status == "passed"
    row = answer("SGP022", sound(aucs=[*alone, AUCS[1]])).values["rows"][0]
    assert (row["best"], row["second"], row["difference"]) == ("A", "B", pytest.approx(0.21))
    assert "Differences between models" in answer("SGP090", sound(comparisons=[])).arithmetic


@pytest.mark.parametrize(
    ("threshold", "passed", "status"),
    # 289 of 1288 features are 44.2 of 197; one more than the 2.0 that are expected at 0.01 is no signal.
    [("0.01", 3, "finding"), ("0.01", 45, "passed"), ("0.05", 44, "finding"), ("0.10", 190, "finding")],
)
def test_a_count_of_small_p_values_has_the_limit_that_was_measured(threshold, passed, status) -> None:
    found = answer("SGP003", sound(features={**FEATURES, "p_threshold": threshold, "p_passed": passed}))
    assert found.status == status
    assert ("not at a looser limit" in found.arithmetic) == (threshold == "0.10")
    assert ("for so many features at p < 0.05." in found.arithmetic) == (status == "passed")


def test_a_dent_is_told_and_no_finding() -> None:
    point = [{**ROWS[0], "sensitivity": "0.900", "specificity": "0.900"}]
    found = answer("SGP014", sound(proportions=point))
    assert found.status == "passed"
    assert "Only a curve with a dent gives" in found.arithmetic


def test_a_volume_has_no_residue_and_silence_is_no_volume() -> None:
    wavelets = {**FEATURES, "image_types": ["wavelet-LLH"], "classes": {}}
    assert answer("SGP002", sound(features={**wavelets, "slices": "volume"})).status == "passed"
    silent = {key: value for key, value in wavelets.items() if key != "slices"}
    assert answer("SGP002", sound(features=silent)).status == "not_applicable"


def test_uneven_counts_and_another_number_than_pyradiomics() -> None:
    uneven = {**FEATURES, "total": 198, "classes": {**FEATURES["classes"], "ngtdm": 21}}
    assert "ngtdm 21 cannot be shared out equally" in answer("SGP001", sound(features=uneven)).arithmetic
    fewer = {**FEATURES, "total": 189, "classes": {**FEATURES["classes"], "glcm": 88}}
    found = answer("SGP001", sound(features=fewer))
    assert found.status == "passed"
    assert "glcm 22 of 24" in found.assumption


def test_a_narrow_interval_by_image_is_found_only_below_every_plausible_one() -> None:
    by_image = [
        {"set": "external", "model": "A", "value": "0.807", "unit": "image", "interval": ["0.78", "0.83"]}
    ]
    found = answer("SGP010", _paper({"sets": [SMALL], "aucs": by_image}))
    assert "the printed interval is 0.050 wide" in found.arithmetic
    wide = [{**by_image[0], "interval": ["0.664", "0.899"]}]
    assert answer("SGP010", _paper({"sets": [SMALL], "aucs": wide})).status == "passed"


def test_an_accuracy_alone_needs_no_class_counts() -> None:
    rows = [{"set": "external", "model": "A", "accuracy": "0.700"}]
    unknown = {"name": "external", "role": "external", "patients": 28}
    assert answer("SGP013", _paper({"sets": [unknown], "proportions": rows})).status == "finding"
    assert (
        answer("SGP013", _paper({"sets": [{**unknown, "patients": 30}], "proportions": rows})).status
        == "passed"
    )


def test_a_huge_set_is_answered_at_once() -> None:
    huge = {"name": "external", "role": "external", "patients": 9_000_000, "images": 9_000_000}
    raw = _paper(
        {"sets": [huge], "aucs": BARE, "proportions": [], "picks": [{**PICK, "candidates": 5_000_000}]}
    )
    started = time.perf_counter()
    assert {finding.status for finding in audit_paper(made(raw))} <= {"finding", "passed", "not_applicable"}
    assert time.perf_counter() - started < 5
