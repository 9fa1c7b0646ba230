"""SGA002: two patients that share an image."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.audit.planted_data import answer, pairs, places, seen

FAR = ("p02-0", "p05-0", 96, 0.412, False)


def _found(of=None, known=None):
    return answer("SGA002", seen(of or places(), **({} if known is None else {"image_pairs": known})))


def _same_bytes(one, other):
    study = places()
    images = study.images.set_index("image_id")
    images.loc[other, "image_sha256"] = images.loc[one, "image_sha256"]
    return replace(study, images=images.reset_index())


def test_a_near_copy_is_found_with_both_patients():
    study = places()
    subset = study.patients["subset"].where(study.patients["patient_id"] != "p03-", "validation")
    study = replace(study, patients=study.patients.assign(subset=subset))
    found = _found(study, pairs(("p01-0", "p03-1", 14, 0.941, True), FAR))
    assert (found.status, found.severity) == ("finding", "error")
    assert found.message.startswith(
        "Among 48 images, two patients share nearly the same image in 1 pair (0 the very same file)"
    )
    assert "1 across subsets, 1 across labels, 0 across centers" in found.message
    assert (
        "p01-0 (patient p01-, train, n) and p03-1 (patient p03-, validation, p), correlation 0.94"
        in found.message
    )
    assert "side by side" in found.remedy
    row = found.evidence.iloc[0]
    assert (row["image_a"], row["patient_b"], row["subset_b"], row["distance"]) == (
        "p01-0",
        "p03-",
        "validation",
        14,
    )
    assert len(found.evidence) == 1


def test_the_same_file_is_found_before_images_were_compared():
    found = _found(_same_bytes("p00-0", "p01-0"))
    assert found.status == "finding"
    assert "in 1 pair (1 the very same file)" in found.message
    assert "sgaudit audit --complete" in found.message
    both = _found(_same_bytes("p00-0", "p01-0"), pairs(("p00-0", "p01-0", 0, 1.0, True)))
    assert len(both.evidence) == 1
    assert "--complete" not in both.message


def test_a_pair_is_counted_once_whichever_image_comes_first():
    found = _found(_same_bytes("p00-0", "p01-0"), pairs(("p01-0", "p00-0", 0, 1.0, True)))
    assert len(found.evidence) == 1


def test_images_of_one_patient_are_counted_and_no_finding():
    found = _found(known=pairs(("p00-0", "p00-1", 3, 0.99, True), ("p04-0", "p04-1", 3, 0.98, True), FAR))
    assert found.status == "passed"
    assert "4 images of 2 patients (p00-, p04-) are nearly another image of the same patient" in found.message
    assert "SGA003" in found.message


def test_a_pass_says_how_alike_the_most_alike_are_and_what_is_not_seen():
    found = _found(known=pairs(FAR))
    assert found.status == "passed"
    assert "No two patients share an image among 48 images" in found.message
    assert "the most alike are p02-0 and p05-0, correlation 0.41." in found.message
    assert "mirrored" in found.message


def test_it_waits_for_the_comparison():
    found = _found()
    assert found.status == "not_applicable"
    assert "has not been computed yet" in found.message
    assert _found(_same_bytes("p00-0", "p00-1")).status == "not_applicable"


@pytest.mark.parametrize("gone", ["image", "mask"])
def test_images_without_file_or_outline_are_said_and_are_no_pass(gone):
    study = places()
    images = study.images.assign(**{gone: study.images[gone].where(study.images.index > 3)})
    part = _found(replace(study, images=images), pairs(FAR))
    assert "among 44 images (of 48; the others have no file or no outline)" in part.message
    none = _found(replace(study, images=study.images.assign(**{gone: None})), pairs())
    assert none.status == "not_applicable"
    assert "0 of 48 images" in none.message
    bare = _found(replace(study, images=study.images[["image_id", "patient_id"]]))
    assert bare.status == "not_applicable"


def test_a_study_of_one_patient_passes():
    study = places(1)
    found = _found(study, pairs(("p00-0", "p00-1", 3, 0.99, True)))
    assert found.status == "passed"
    assert "All images are of one patient." in found.message
    assert found.evidence is None
