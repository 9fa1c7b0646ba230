"""SGA001: patients in more than one subset, center or label."""

from __future__ import annotations

from dataclasses import replace

from sgcore.domain import Problem
from tests.audit.planted_data import TWO_SUBSETS, answer, contradicting, places, seen


def _problem(patient, column, rule):
    return Problem(
        "patients.csv", rule, "Keep one", row=9, column=column, severity="warning", patient=patient
    )


def _found(of):
    return answer("SGA001", seen(of))


def test_each_contradiction_is_named_with_its_patient_and_place():
    label = _problem("p01-", "label", "patient 'p01-' has two labels: 'n' and 'p'")
    center = _problem("p01-", "center", "patient 'p01-' has two centers: 'X' and 'Y'")
    twice = _problem("p02-", "patient_id", "patient 'p02-' has more than one row")
    found = _found(contradicting(places(), TWO_SUBSETS, label, center, twice))
    assert (found.status, found.severity) == ("finding", "error")
    assert "The entries of 3 of 24 patients contradict each other" in found.message
    assert "p00- (subset), p01- (label, center), p02- (two rows)." in found.message
    assert "keep one row a patient" in found.remedy
    table = found.evidence
    assert table["patient_id"].tolist() == ["p00-", "p01-", "p01-", "p02-"]
    assert table["contradiction"].tolist() == ["subset", "label", "center", "two rows"]
    assert table.loc[0, ["file", "row"]].tolist() == ["images.csv", 3]


def test_many_patients_are_counted_and_some_named():
    problems = [_problem(f"p{i:02d}-", "label", f"patient {i} has two labels") for i in range(5)]
    said = _found(contradicting(places(), *problems)).message
    assert said.startswith("The entries of 5 of 24 patients")
    assert "p02- (label) and 2 more" in said


def test_other_warnings_and_shared_images_are_no_contradiction_of_a_patient():
    other = replace(TWO_SUBSETS, rule="the patient has no image", column="patient_id")
    shared = replace(TWO_SUBSETS, rule="the same image as in row 2, under another patient", column="image")
    study = replace(contradicting(places(), shared), warnings=(shared, other))
    assert _found(study).status == "passed"


def test_a_clean_study_passes_and_says_what_is_not_seen():
    found = _found(places())
    assert found.status == "passed"
    assert "Each of the 24 patients has one center, one label and one subset" in found.message
    assert "One person under two identifiers is not seen here" in found.message
    assert "lesion" not in found.message


def test_lesions_of_one_patient_may_differ():
    study = places()
    lesions = replace(study, images=study.images.assign(lesion_id=study.images["image_id"]))
    found = _found(lesions)
    assert found.status == "passed"
    assert "24 patients have several lesions" in found.message
    assert "no contradiction" in found.message
