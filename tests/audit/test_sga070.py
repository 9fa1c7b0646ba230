"""SGA070: maps beside the lesion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.config import DeepConfig, with_changes
from sgcore.explain.map_checks import summarize
from sgcore.stats import auc, compare_auc
from tests.audit.planted import PAPER, by_code, evidence, grad_cam, many_patients, network, occlusion, scores

STUDY = many_patients()
CASES = STUDY.cases()
#: The network answers the positive class for every second image.
ANSWERS = np.where(np.arange(len(CASES)) % 2 == 0, 0.8, 0.3)
TRAIN = (CASES["subset"] == "train").to_numpy()
NOISE = np.random.default_rng(0).uniform(-0.2, 0.2, len(CASES))


def _maps(ratio, other=9.0):
    """``ratio`` for the map of the class that is answered, ``other`` for that of the other class."""
    ratio = np.broadcast_to(ratio, len(CASES))
    positive = ANSWERS >= 0.5
    return grad_cam(CASES, np.c_[np.where(positive, other, ratio), np.where(positive, ratio, other)])


def _found(maps, study=STUDY, of=None, **more):
    known = {
        "networks": pd.DataFrame([network()]),
        "predictions": scores(CASES, ANSWERS) if of is None else of,
        "grad_cam": maps,
        **more,
    }
    return by_code(evidence(known, study))["SGA070"]


def test_maps_beside_the_lesion_are_found_with_the_cases():
    ratio = np.where(TRAIN, 1.4, 0.7) + NOISE
    found = _found(_maps(ratio))
    assert (found.status, found.severity, found.page) == ("finding", "warning", "cases-case")
    assert found.message.startswith("In the external set the maps lie less on the lesion")
    external = summarize(ratio[~TRAIN], CASES.loc[~TRAIN, "patient_id"])
    assert (
        f"external set {external.mean:.2f} ({external.ci_low:.2f} to {external.ci_high:.2f}; 12 patients)"
        in (found.message)
    )
    assert "training set 1.4" in found.message
    assert "24 of 48 ratios are below 1, the lowest first" in found.message
    table = found.evidence
    assert table["roi_ratio"].is_monotonic_increasing
    assert list(table.columns[:2]) == ["image_id", "subset"]
    assert (table["subset"] == "external").all()
    assert table["image_id"].iloc[0] == CASES["image_id"].iloc[int(np.argmin(ratio))]
    assert table["answer"].iloc[0] == ("p" if ANSWERS[int(np.argmin(ratio))] >= 0.5 else "n")


def test_training_patients_are_judged_alone():
    found = _found(_maps(np.where(TRAIN, 0.7, 1.4) + NOISE))
    assert found.message.startswith("In the training set the maps lie less")


def test_the_map_of_the_other_class_does_not_count():
    assert _found(_maps(1.4 + NOISE, other=0.1)).status == "passed"
    assert _found(_maps(0.7 + NOISE, other=5.0)).status == "finding"


def test_a_score_of_one_half_answers_positive():
    of = scores(CASES, 0.5)
    assert _found(grad_cam(CASES, [(0.2, 1.5)] * len(CASES)), of=of).status == "passed"


def test_maps_on_the_lesion_pass_with_what_could_have_been_found():
    ratio = 1.4 + NOISE
    found = _found(_maps(ratio))
    assert found.status == "passed"
    assert "None of 48 ratios is below 1." in found.message
    for name, rows in (("training", TRAIN), ("external", ~TRAIN)):
        known = summarize(ratio[rows], CASES.loc[rows, "patient_id"])
        assert f"{1 - (known.ci_high - known.ci_low) / 2:.2f} ({name} set)" in found.message
    assert "weak evidence" in found.message
    assert "not shown either" not in found.message


def test_chance_is_neither_a_finding_nor_praise():
    found = _found(_maps(1 + NOISE - NOISE.mean()))
    assert found.status == "passed"
    assert "it is not shown either that the maps prefer the lesion" in found.message
    assert len(found.evidence) > 5


def test_chance_is_seldom_a_finding():
    rng = np.random.default_rng(1)
    # As of maps that miss the lesion more often than not, and lie on it else; their mean is 1.
    draws = [
        _found(_maps(rng.choice([0.4, 2.2], len(CASES), p=[2 / 3, 1 / 3]))).status == "finding"
        for _ in range(60)
    ]
    # Up to 5% in each of two subsets.
    assert sum(draws) <= 10


def test_each_patient_counts_once():
    # One patient, with a single ratio, whose map misses the lesion; all others have two on it.
    ratio = 1.3 + NOISE
    ratio[-2:] = 0.0, np.nan
    external = summarize(ratio[~TRAIN], CASES.loc[~TRAIN, "patient_id"])
    assert abs(external.mean - np.nanmean(ratio[~TRAIN])) > 0.03
    assert (
        f"external set {external.mean:.2f} ({external.ci_low:.2f} to {external.ci_high:.2f}; 12 patients)"
        in _found(_maps(ratio)).message
    )


def test_what_is_missing_is_counted_with_its_reason():
    ratio = 1.4 + NOISE
    ratio[:3] = np.nan
    found = _found(_maps(ratio), of=scores(CASES, np.r_[np.nan, ANSWERS[1:]]))
    assert "3 of 48 images have no value, most often because the map is zero everywhere." in found.message
    assert "None of 45 ratios is below 1." in found.message
    fewer = _found(_maps(1.4 + NOISE).query("image_id != @CASES.image_id[0]"))
    assert (
        "1 of 48 images have no value, most often because the network has no score or no map" in fewer.message
    )


def test_too_few_patients_are_no_pass():
    small = many_patients(2, 1)
    cases = small.cases()
    known = {
        "networks": pd.DataFrame([network()]),
        "predictions": scores(cases, 0.9),
        "grad_cam": grad_cam(cases, [(1, 0.5), (1, 1.9), (1, 0.6), (1, 1.8)]),
    }
    found = by_code(evidence(known, small))["SGA070"]
    assert found.status == "not_applicable"
    assert found.message.startswith("No interval could be a finding.")
    one = cases.iloc[[0, 2]]
    known["grad_cam"] = grad_cam(one, [(1, 0.5), (1, 0.5)])
    alone = by_code(evidence(known, small))["SGA070"]
    assert alone.status == "not_applicable"
    assert "one patient: no interval" in alone.message


@pytest.mark.parametrize(
    ("networks", "reason"),
    [
        ([], "The analysis has no networks."),
        ([network(origin="brought")], "not the networks: there are no Grad-CAM maps"),
        ([network()], "No Grad-CAM maps of the network are stored"),
    ],
)
def test_it_does_not_apply_without_maps(networks, reason):
    known = {"networks": pd.DataFrame(networks)}
    for code in ("SGA070", "SGA071"):
        found = by_code(evidence(known))[code]
        assert found.status == "not_applicable"
        assert reason in found.message


def test_maps_without_any_ratio_do_not_apply():
    found = _found(_maps(np.nan))
    assert found.status == "not_applicable"
    assert "most often because the map is zero everywhere" in found.message


def test_a_network_whose_scores_are_missing_has_no_map_to_judge():
    for of in (pd.DataFrame(), scores(CASES, ANSWERS, classifier="resnet50"), scores(CASES, np.nan)):
        found = _found(_maps(0.2 + NOISE), of=of)
        assert found.status == "not_applicable"
        assert "48 of 48 images have no value, most often because the network has no score" in found.message


RNG = np.random.default_rng(2)
#: Answers that tell the labels apart, and others that know nothing of them.
TOLD = np.where(CASES["y"] == 1, 2.0, -2.0) + RNG.normal(0, 1, len(CASES))
GUESSED = RNG.normal(0, 2, len(CASES))
ON_LESION = _maps(1.4 + NOISE)


def _asked(surroundings, lesion, maps=ON_LESION, whole=TOLD):
    return _found(maps, occlusion=occlusion(CASES, whole, surroundings, lesion))


def test_labels_that_are_told_without_the_lesion_are_found_though_the_maps_lie_on_it():
    found = _asked(TOLD, GUESSED)
    assert (found.status, found.severity) == ("finding", "warning")
    assert found.message.startswith(
        "In the external set the network tells the labels apart with the lesion painted over, and better than by the "
        "lesion alone."
    )
    own = CASES[~TRAIN]
    areas = [auc(own["y"], answers[~TRAIN], own["patient_id"]) for answers in (TOLD, TOLD, GUESSED)]
    difference = compare_auc(own["y"], TOLD[~TRAIN], GUESSED[~TRAIN], own["patient_id"])
    without, lesion = (f"{each.auc:.2f} [{each.ci_low:.2f} to {each.ci_high:.2f}]" for each in areas[1:])
    assert (
        f"lesion alone is {areas[0].auc:.2f}, {without} and {lesion} (difference {difference.delta:.2f}, "
        f"{difference.ci_low:.2f} to {difference.ci_high:.2f}; 24 images of 12 patients) in the external set."
        in found.message
    )
    assert "the maps lie less" not in found.message
    assert "the shadow below it" in found.remedy


def test_what_tells_the_labels_of_training_patients_alone_is_no_finding():
    found = _asked(np.where(TRAIN, TOLD, GUESSED), np.where(TRAIN, GUESSED, TOLD))
    assert found.status == "passed"
    assert "In the external set the lesion tells the labels apart better" in found.message


@pytest.mark.parametrize(
    ("deep", "backbones", "status"),
    [
        # One network was not chosen; of several one was, and early stopping chooses an epoch.
        (DeepConfig(pick="validation"), 1, "finding"),
        (DeepConfig(pick="validation"), 2, "passed"),
        (DeepConfig(pick="folds", folds=3), 2, "finding"),
        (DeepConfig(early_stopping=5), 1, "passed"),
    ],
)
def test_validation_patients_who_chose_the_network_decide_nothing(deep, backbones, status):
    study = many_patients()
    # The patients outside of the training set are the validation set here.
    patients = study.patients.assign(subset=study.patients["subset"].replace("external", "validation"))
    study = replace(study, patients=patients)
    cases = study.cases()
    known = {
        "networks": pd.DataFrame([network(name) for name in ("resnet18", "resnet50")[:backbones]]),
        "predictions": scores(cases, ANSWERS),
        "grad_cam": ON_LESION,
        "occlusion": occlusion(cases, TOLD, TOLD, GUESSED),
    }
    known["networks"]["picked"] = known["networks"]["backbone"] == "resnet18"
    found = by_code(evidence(known, study, config=with_changes(PAPER, deep=deep)))["SGA070"]
    assert found.status == status
    assert ("All patients trained or chose the network" in found.message) == (status == "passed")


def test_both_signs_of_looking_beside_the_lesion_are_told():
    found = _asked(TOLD, GUESSED, maps=_maps(np.where(TRAIN, 0.7, 1.4) + NOISE))
    assert found.message.startswith("In the external set the network tells the labels apart with the lesion")
    assert (
        "In the training set the maps lie less on the lesion than a map without any pattern." in found.message
    )


def test_the_cases_are_those_that_keep_their_answer_without_the_lesion_and_lose_it_by_the_lesion_alone():
    ratio = 1.4 + NOISE
    ratio[5] = 0.3
    found = _asked(TOLD, GUESSED, maps=_maps(ratio))
    table = found.evidence
    lost = ~TRAIN & ((TOLD >= 0) != (GUESSED >= 0))
    # Those told apart without the lesion come first, then those whose map lies beside it.
    assert list(table["image_id"]) == [*CASES.loc[lost, "image_id"], CASES["image_id"].iloc[5]]
    row = table.iloc[0]
    place = int(np.flatnonzero(lost)[0])
    assert row["score_surroundings"] == pytest.approx(1 / (1 + np.exp(-TOLD[place])))
    assert row["score_lesion"] == pytest.approx(1 / (1 + np.exp(-GUESSED[place])))
    assert f"change by the lesion alone: {row['image_id']}, " in found.message
    # Without a finding an answer that changes is nothing to look at.
    assert len(_asked(TOLD, TOLD * np.where(np.arange(len(CASES)) < 3, -1, 1)).evidence) == 0


def test_either_part_alone_is_no_finding_where_the_other_tells_as_much():
    both = _asked(TOLD + NOISE, TOLD - NOISE)
    assert both.status == "passed"
    assert "tells the labels apart better" not in both.message
    # Worse than a guess by the lesion, and a guess by the rest: nothing tells the labels apart.
    assert _asked(GUESSED, -TOLD).status == "passed"


def test_labels_told_the_wrong_way_round_are_no_praise_of_the_lesion():
    assert "tells the labels apart better" not in _asked(-TOLD, GUESSED).message


def test_an_area_without_variance_is_told_and_judged():
    sure = np.where(CASES["y"] == 1, 5.0, -5.0)
    turned = _asked(sure, -sure, whole=sure)
    assert turned.status == "finding"
    assert "and 0.00 [" in turned.message
    assert "no interval of the difference" in turned.message
    assert _asked(sure, sure, whole=sure).status == "passed"


def test_answers_by_chance_are_seldom_a_finding():
    """Images of a patient are alike, and neither part knows the label, or both know as much."""
    patient = CASES["patient_id"].factorize()[0]

    def noise():
        return RNG.normal(0, 2, patient.max() + 1)[patient] + RNG.normal(0, 1, len(CASES))

    nothing = [_asked(noise(), noise()).status == "finding" for _ in range(100)]
    equal = [_asked(TOLD + noise(), TOLD + noise()).status == "finding" for _ in range(100)]
    assert sum(nothing) <= 3
    assert sum(equal) <= 7


def test_images_that_could_not_be_asked_are_counted_with_their_reason():
    surroundings = TOLD.copy()
    surroundings[-2:] = np.nan
    found = _asked(surroundings, TOLD)
    assert "2 of 48 images have no value, most often because the lesion fills all" in found.message
    assert "22 images of 11 patients" in found.message
    nothing = _asked(np.nan, np.nan)
    assert (
        "The network could not be asked without the lesion. 48 of 48 images have no value" in nothing.message
    )
    assert nothing.status == "passed"
    assert _asked(np.nan, np.nan, maps=_maps(np.nan)).status == "not_applicable"


def test_one_label_has_no_areas():
    known = np.where(TRAIN | (CASES["y"] == 1), TOLD, np.nan)
    found = _asked(known, known)
    assert "not estimable (one class only" in found.message


def test_the_answers_speak_where_no_map_has_a_ratio():
    lesion = _asked(GUESSED, TOLD, maps=_maps(np.nan))
    assert lesion.status == "passed"
    assert lesion.message.startswith("No interval of the maps could lie below 1.")
    assert _asked(TOLD, GUESSED, maps=_maps(np.nan)).status == "finding"


def test_two_patients_a_label_are_too_few_for_the_answers():
    small = many_patients(4, 2)
    cases = small.cases()
    sure = np.where(cases["y"] == 1, 5.0, -5.0)
    known = {
        "networks": pd.DataFrame([network()]),
        "predictions": scores(cases, 0.9),
        "grad_cam": grad_cam(cases, [(np.nan, np.nan)] * len(cases)),
        "occlusion": occlusion(cases, sure, sure, RNG.normal(size=len(cases))),
    }
    found = by_code(evidence(known, small))["SGA070"]
    assert found.status == "not_applicable"
    assert "would have been a finding" not in found.message


def test_a_network_without_stored_answers_says_so():
    assert "without the lesion is not stored" in _found(ON_LESION).message
