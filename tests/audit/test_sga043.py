"""SGA043: label and center or device."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import numpy as np
import pandas as pd
import pytest

from sgcore import stats
from tests.audit.planted import two_patients
from tests.audit.planted_data import answer, places, seen


def _found(of):
    return answer("SGA043", seen(of))


def _with_images(study, **columns):
    return replace(study, images=study.images.assign(**columns))


def test_a_device_a_label_is_found_with_its_strength_and_counts():
    study = places(entangled=True)
    found = _found(study)
    assert (found.status, found.severity, found.page) == ("finding", "warning", "study-cohort")
    device = study.images.drop_duplicates("patient_id")["device"]
    expected = stats.cramers_v(device, study.patients["label"])
    assert found.message.startswith(
        "Label and device go together: Cramer's V (0: unrelated, 1: one tells the other)"
    )
    assert (
        f"device {expected.estimate:.2f} ({expected.ci_low:.2f} to {expected.ci_high:.2f}; 24 patients, 2 groups;"
        in found.message
    )
    assert expected.estimate == 1
    assert f"chance reaches {expected.chance_95:.2f})" in found.message
    assert "Over all groups not shown for center (up to 0." in found.message
    assert "within centers and devices" in found.remedy
    rows = found.evidence.set_index(["column", "group"])
    assert rows.loc[("device", "Scanner A"), ["n_n", "n_p"]].tolist() == [12, 0]
    assert rows.loc[("center", "X"), ["n_n", "n_p"]].tolist() == [6, 6]
    assert rows["cramers_v"].notna().sum() == rows.index.get_level_values("column").nunique()


def test_p_is_adjusted_for_the_columns_that_are_judged():
    study = places(entangled=True)
    rows = _found(study).evidence.dropna(subset=["cramers_v"]).set_index("column")
    judged = rows.loc[["center", "device"]]
    assert judged["p_adjusted"].to_numpy() == pytest.approx(stats.adjust(judged["p"]))
    assert np.isnan(rows.loc["sex", "p_adjusted"])


def _one_center_of(n):
    """A third center of the first ``n`` negative patients, and columns of the images that say nothing."""
    study = places()
    number = np.arange(len(study.images)) // 2
    study = _with_images(
        study, view=number // 4 % 2, mode=number // 8 % 2, probe=number % 3, preset=number // 5 % 2
    )
    people = study.patients
    third = people.index.isin(people.index[people["label"] == "n"][:n])
    return replace(study, patients=people.assign(center=people["center"].where(~third, "Z")))


def test_a_center_with_one_label_by_more_than_chance_is_found():
    found = _found(_one_center_of(6))
    assert found.status == "finding"
    # Of all ways to take 6 of 24 patients, 12 a label; three centers.
    p = 3 * 2 * comb(12, 6) / comb(24, 6)
    assert found.message.startswith(
        f"With one label alone, by more than chance: Z (6 patients, all 'n'; adjusted p {p:.2g}); no AUC exists there."
    )
    assert "Over all groups not shown for center (up to" in found.message
    assert "by Cramer's V (0: unrelated, 1: one tells the other)." in found.message


@pytest.mark.parametrize("n", [2, 5])
def test_a_small_center_has_one_label_by_chance_as_well(n):
    found = _found(_one_center_of(n))
    assert found.status == "passed"
    p = min(1, 3 * 2 * comb(12, n) / comb(24, n))
    said = f"With one label alone, as chance gives it, too: Z ({n} patients, all 'n'; adjusted p {p:.2g}); no AUC"
    assert said in found.message
    study = places()
    people = study.patients
    single = replace(study, patients=people.assign(center=people["center"].where(people.index > 0, "Z")))
    assert _found(single).status == "passed"
    assert "one label alone" not in _found(single).message


def test_a_weak_association_in_many_patients_is_no_finding():
    study = places(4000, 1)
    rng = np.random.default_rng(0)
    y = study.patients.set_index("patient_id")["y"].loc[study.images["patient_id"]].to_numpy()
    device = np.where(rng.random(4000) < 0.47 + 0.06 * y, "A", "B")
    found = _found(_with_images(study, device=device))
    row = found.evidence.dropna(subset=["cramers_v"]).set_index("column").loc["device"]
    assert row["p"] < 0.01
    assert row["cramers_v"] < 0.1
    assert found.status == "passed"


def test_a_pass_says_what_chance_reaches_and_who_is_unknown():
    study = places()
    device = study.images["device"].where(study.images["patient_id"] > "p03-")
    found = _found(_with_images(study, device=device))
    assert found.status == "passed"
    assert "20 patients, 4 unknown, 2 groups" in found.message
    assert "weaker than what chance reaches would not be seen" in found.message
    assert "unknown" in set(found.evidence.loc[found.evidence["column"] == "device", "group"])


def test_columns_of_patients_are_said_and_not_judged():
    study = places()
    people = study.patients
    sex = np.where(people["y"] == 1, "F", "M")
    sex[0] = "F"
    kind = np.where(people["y"] == 1, "metastasis", np.where(people.index % 4, "adenoma", "cyst"))
    found = _found(replace(study, patients=people.assign(sex=sex, pathology=kind)))
    assert found.status == "passed"
    assert "Of the patients themselves, not judged here: sex 0.9" in found.message
    assert "Left out, as each of its values has one label: pathology." in found.message


def test_one_division_under_two_names_counts_once():
    study = places(entangled=True)
    spacing = np.where(study.images["device"] == "Scanner A", 0.1, 0.2)
    found = _found(_with_images(study, pixel_spacing_mm=spacing, vendor=study.images["device"]))
    assert "Label and device go together" in found.message
    assert "pixel_spacing" not in found.message
    assert "vendor" not in found.message


def test_a_column_of_patients_with_the_same_division_hides_no_device():
    study = places(entangled=True)
    first = study.images.drop_duplicates("patient_id").set_index("patient_id")["device"]
    booked = study.patients["patient_id"].map(first)
    found = _found(replace(study, patients=study.patients.assign(booked_on=booked)))
    assert found.status == "finding"
    assert found.message.startswith("Label and device go together")
    assert "booked_on" not in found.message


def test_images_of_a_patient_that_differ_are_a_group_of_their_own():
    study = places()
    view = np.where(study.images.index % 2, "transverse", "longitudinal")
    view[:24] = "transverse"
    table = _found(_with_images(study, view=view)).evidence
    assert set(table.loc[table["column"] == "view", "group"]) == {"transverse", "several values"}


def test_it_does_not_apply_to_one_place_or_one_label():
    assert "one center alone" in _found(two_patients()).message
    study = places()
    one = _found(replace(study, patients=study.patients.assign(label="n", y=0)))
    assert one.status == "not_applicable"
    assert "one label" in one.message
    assert isinstance(_found(study).evidence, pd.DataFrame)
