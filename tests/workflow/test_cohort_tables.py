"""Table 2 by patient and by image: independent tests of one value a patient, clustered tests of all images."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sgcore import stats
from sgcore.domain import Study
from sgcore.workflow import cohort_tables


def _row(study: Study, unit: str, descriptor: str) -> pd.Series:
    rows = cohort_tables(study, unit)["descriptors"]
    return rows[(rows["descriptor"] == descriptor) & (rows["subset"] == "train")].iloc[0]


def _train(study: Study) -> pd.DataFrame:
    table = study.descriptors.merge(study.cases(), on="image_id")
    return table[table["subset"] == "train"].assign(
        label=lambda rows: rows["y"].map({0: "primary", 1: "secondary"})
    )


@pytest.mark.parametrize("descriptor", ["aspect_ratio", "margin"])
def test_by_image_is_the_clustered_test(study: Study, descriptor: str) -> None:
    train = _train(study)
    expected = stats.compare_groups_clustered(train[descriptor], train["label"], train["patient_id"])
    row = _row(study, "image", descriptor)
    assert row["test"] == expected.test_name
    assert row["p"] == expected.p
    assert (row["smd"], row["smd_low"], row["smd_high"]) == (
        expected.smd,
        expected.smd_low,
        expected.smd_high,
    )
    assert row["n_images"] == len(train) > row["n_patients"] == train["patient_id"].nunique()
    assert "patient" in row["test"]


def test_by_patient_is_the_test_of_the_patients_means(study: Study) -> None:
    patients = _train(study).groupby("patient_id").agg({"aspect_ratio": "mean", "label": "first"})
    expected = stats.compare_groups(patients["aspect_ratio"], patients["label"])
    row = _row(study, "patient", "aspect_ratio")
    assert row["test"] == expected.test_name
    assert row["p"] == pytest.approx(expected.p, rel=1e-9)
    assert row["n_patients"] == len(patients)
    assert "n_images" not in row


def test_the_unit_leaves_tables_of_patients_alone(study: Study) -> None:
    by_patient, by_image = cohort_tables(study, "patient"), cohort_tables(study, "image")
    for name in ("baseline", "centers"):
        pd.testing.assert_frame_equal(by_patient[name], by_image[name])
    assert (by_patient["baseline"]["n_patients"] == 38).all()


def test_missing_values_are_counted_and_left_out(study: Study) -> None:
    train = _train(study)
    first = train["image_id"].iloc[0]
    gone = study.descriptors.assign(
        margin=study.descriptors["margin"].where(study.descriptors["image_id"] != first)
    )
    row = _row(replace(study, descriptors=gone), "image", "margin")
    assert row["n_images"] == len(train) - 1
    assert "(1 missing)" in row["primary"] + row["secondary"]


def test_groups_that_cannot_be_compared_say_why(study: Study) -> None:
    patients = study.patients
    outside = patients["subset"] == "external"
    words = patients["label"].where(~outside, patients["label"].str.upper())
    changed = replace(
        study,
        patients=patients.assign(histology=words, age=pd.Series(50.0 + outside.index).where(outside)),
    )
    rows = cohort_tables(changed)["baseline"].set_index("variable")
    assert rows.loc["histology", "reason"] == "the groups have no value in common"
    assert rows.loc["age", "reason"] == "no value in the development group"


def test_a_subset_and_a_center_restrict_who_is_counted(study: Study) -> None:
    tables = cohort_tables(study, by="label", subset="external", center="Beta")
    assert tables["centers"]["center"].tolist() == ["Beta"]
    assert tables["groups"]["patients"].sum() == 8
    assert (tables["baseline"]["n_patients"] == 8).all()
    assert tables["descriptors"]["subset"].unique().tolist() == ["external"]


def test_a_column_makes_the_groups_of_both_tables(study: Study) -> None:
    tables = cohort_tables(study, by="sex", subset="train")
    patients = study.patients[study.patients["subset"] == "train"]
    expected = stats.compare_groups(patients["age"], "sex " + patients["sex"].astype(str))
    row = tables["baseline"].set_index("variable").loc["age"]
    assert (row["p"], row["smd"]) == pytest.approx((expected.p, expected.smd), rel=1e-9)
    assert "sex" not in set(tables["baseline"]["variable"])
    images = _train(study).merge(study.patients[["patient_id", "sex"]], on="patient_id")
    clustered = stats.compare_groups_clustered(
        images["aspect_ratio"], "sex " + images["sex"].astype(str), images["patient_id"]
    )
    row = cohort_tables(study, "image", by="sex", subset="train")["descriptors"]
    row = row.set_index("descriptor").loc["aspect_ratio"]
    assert row["p"] == pytest.approx(clustered.p, rel=1e-9)


def test_of_three_groups_the_largest_difference_of_two_is_given(study: Study) -> None:
    row = cohort_tables(study, by="center")["baseline"].set_index("variable").loc["age"]
    by_center = dict(list(study.patients.groupby("center")["age"]))
    sizes = {
        f"center {a} and center {b}": abs(stats.standardized_means(by_center[a], by_center[b]).estimate)
        for a, b in (("Alpha", "Beta"), ("Alpha", "Gamma"), ("Beta", "Gamma"))
    }
    assert row["smd"] == pytest.approx(max(sizes.values()), rel=1e-9)
    assert row["smd_between"] == max(sizes, key=sizes.get)
    assert pd.isna(row["smd_low"])
    assert row["reason"] == ""
    rows = cohort_tables(study, "image", by="center")["descriptors"].set_index("descriptor")
    assert "three groups and more" in rows.loc["aspect_ratio", "reason"]
    assert "subset" not in rows


def test_of_three_groups_those_without_a_common_value_are_named(study: Study) -> None:
    patients = study.patients.copy()
    centers = list(dict.fromkeys(study.patients["center"]))
    patients["scanner"] = study.patients["center"].map(dict(zip(centers, "xyz", strict=True)))
    rows = cohort_tables(replace(study, patients=patients), by="center")["baseline"].set_index("variable")
    assert rows.loc["scanner", "reason"].endswith("have no value in common (and 2 other pairs of groups)")
    assert pd.isna(rows.loc["scanner", "smd"])


def test_groups_without_anybody_are_counted_and_have_no_column(study: Study) -> None:
    tables = cohort_tables(study, by="center", subset="external")
    assert tables["groups"].set_index("group")["patients"].to_dict() == {
        "center Alpha": 0,
        "center Beta": 8,
        "center Gamma": 6,
    }
    assert "center Alpha" not in tables["baseline"]
