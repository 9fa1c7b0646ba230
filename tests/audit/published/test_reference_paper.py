"""The worked example: every expected figure of the reference paper, from the file that ships."""

from __future__ import annotations

import json

import pytest

from sgcore.audit.published import PAPER_CHECKS, audit_paper, read_paper
from sgcore.workflow import published_example

STEP = 1 / 210


@pytest.fixture(scope="module")
def found():
    return {finding.code: finding for finding in audit_paper(read_paper(published_example()))}


def test_every_check_answers_and_every_finding_says_what_to_do(found) -> None:
    assert list(found) == [check.code for check in PAPER_CHECKS]
    for finding in found.values():
        if finding.status == "finding":
            assert finding.message.startswith("Arithmetic: ")
            assert "Assumption: " in finding.message
            assert "What to do: " in finding.message
        json.dumps(finding.as_dict(), allow_nan=False)


def test_the_interval_by_images_and_by_patients(found) -> None:
    text = found["SGP010"].arithmetic
    assert "AUC 0.807: SE 0.060, 95% interval 0.664 to 0.899 by 55 images" in text
    assert "SE 0.083, 95% interval 0.594 to 0.923 by 29 patients" in text
    assert "14 of 29 patients are taken as positive" in found["SGP010"].assumption


def test_the_best_of_six_and_of_48_at_chance(found) -> None:
    rows = found["SGP021"].values["rows"]
    limits = {k: [r["percentile_95"] for r in rows if r["candidates"] == k] for k in (6, 48, 240)}
    # Both are simulations of 95th percentiles on a grid of 1 / 210.
    assert limits[6] == pytest.approx([0.743, 0.733, 0.714], abs=2 * STEP + 1e-3)
    assert limits[48] == pytest.approx([0.810, 0.771, 0.743], abs=2 * STEP + 1e-3)
    explains = {r["candidates"]: False for r in rows}
    for row in rows:
        explains[row["candidates"]] |= row["might_explain"]
    assert explains == {6: False, 48: True, 240: True}


def test_55_features_of_64(found) -> None:
    finding = found["SGP003"]
    assert finding.values["expected"] == pytest.approx(64.4)
    assert "neither for nor against" in finding.arithmetic
    for number in ("mean 63", "SD 81", "2 to 289"):
        assert number in finding.assumption


def test_four_of_eight_wavelet_images_are_residue(found) -> None:
    values = found["SGP002"].values
    assert values["residue_images"] == ["wavelet-LLH", "wavelet-LHH", "wavelet-HLH", "wavelet-HHH"]
    assert values["wavelet_images"] == 8
    assert (values["residue_features"], values["total"]) == (364, 1288)
    assert values["selected"] == ["wavelet-LHH_glcm_SumEntropy"]
    assert found["SGP001"].status == "passed"
    assert found["SGP001"].values["sum"] == 1288


def test_no_split_of_29_patients_gives_the_four_aucs(found) -> None:
    rows = {
        (row["unit"], row["rounding"]): row["splits"]
        for row in found["SGP012"].values["rows"]
        if row["set"] == "external"
    }
    assert rows["patient", "rounded"] == []
    # Cut off rather than rounded, one split of patients remains: the check says so.
    assert rows["patient", "truncated"] == [10]
    assert 27 in rows["image", "rounded"]
    assert 27 in rows["image", "truncated"]
    assert "AUCs that were rounded were therefore computed by image" in found["SGP012"].arithmetic


def test_three_picks_on_the_external_set(found) -> None:
    rows = found["SGP020"].values["rows"]
    assert [row["what"] for row in rows] == ["classifiers", "networks", "families"]
    assert all(row["held_out"] for row in rows)


def test_too_few_patients_to_compare_to_develop_and_to_validate(found) -> None:
    comparisons = {
        (r["b"], r["unit"]): r["correlation_needed"] for r in found["SGP022"].values["comparisons"]
    }
    assert comparisons["Radiomics", "image"] < 0.2 < comparisons["Radiomics", "patient"]
    assert found["SGP022"].values["rows"][0]["too_small"]
    assert found["SGP030"].values["events_per_candidate"] == pytest.approx(57 / 1288)
    assert found["SGP031"].values["rows"][0]["n_needed"] == 293


def test_what_the_text_does_not_give_is_listed_and_no_pass(found) -> None:
    assert found["SGP013"].status == found["SGP014"].status == "not_applicable"
    assert found["SGP013"].message == found["SGP013"].arithmetic
    figures = {row["figure"] for row in found["SGP090"].values["rows"]}
    assert "Class counts of 'external'" in figures
    assert "AUCs on 'training' by patient" in figures
