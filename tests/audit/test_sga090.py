"""SGA090: what is missing, and by center or label."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import numpy as np
import pandas as pd
import pytest

from sgcore import stats
from tests.audit.planted import EMPTY, evidence
from tests.audit.planted_data import answer, places, seen, table

STUDY = places()
PEOPLE = STUDY.patients


def _found(of, values=None, **known):
    return answer("SGA090", seen(of, values, **known))


def _ages(missing):
    return replace(STUDY, patients=PEOPLE.assign(age=PEOPLE["age"].mask(missing)))


def test_what_a_center_lacks_is_found_with_its_counts():
    found = _found(_ages(PEOPLE["center"] == "Y"))
    assert (found.status, found.severity) == ("finding", "warning")
    tests = [stats.cramers_v(PEOPLE["center"] == "Y", PEOPLE[by]).p for by in ("center", "label")]
    q = stats.adjust(tests, "bh")[0]
    assert f"age is missing by center (Y 12 of 12, X 0 of 12; adjusted p {q:.2g})." in found.message
    assert found.message.startswith("1 of 5 columns lack values")
    assert "Ask the centers" in found.remedy
    rows = found.evidence.set_index("group")
    assert rows.loc["all patients", ["n_missing", "n_patients"]].tolist() == [12, 24]
    assert rows.loc["Y", "share"] == 1
    assert rows.loc["n", "n_missing"] == 6


def test_what_one_label_lacks_is_found():
    found = _found(_ages(PEOPLE["label"] == "p"))
    assert "age is missing by label (p 12 of 12, n 0 of 12" in found.message


def test_much_that_is_missing_everywhere_alike_is_found():
    found = _found(_ages(PEOPLE.index % 8 < 4))
    assert found.status == "finding"
    assert "Missing in 20% of the patients or more: age 12 of 24." in found.message
    assert "by center" not in found.message


def test_a_little_missing_passes_with_what_would_have_been_found():
    found = _found(_ages(PEOPLE["patient_id"] == "p00-"))
    assert found.status == "passed"
    assert "(age 1 of 24)" in found.message
    enough = next(k for k in range(1, 13) if comb(12, k) / comb(24, k) < 0.05)
    assert f"One column alone would be found from: {enough} patients, all of " in found.message
    # What it says would be found is found.
    first = PEOPLE.index[PEOPLE["center"] == "X"][: enough + 1]
    assert stats.cramers_v(PEOPLE.index.isin(first), PEOPLE["center"]).p < 0.05


def test_nothing_missing_passes():
    found = _found(STUDY)
    assert found.status == "passed"
    assert "have a value in all 24 patients" in found.message
    assert found.evidence is None


def test_descriptors_features_and_scores_count_by_patient():
    ids = STUDY.images["image_id"]
    owner = STUDY.images["patient_id"]
    lacks = owner < "p08-"
    words = pd.DataFrame({"image_id": ids, "margin": np.where(owner == "p00-", None, "clear")})
    kept = table(STUDY)
    values = replace(kept, values=kept.values[~lacks.to_numpy()])
    scores = pd.DataFrame({"image_id": ids, "model": "reader", "score": np.where(lacks, np.nan, 0.5)})
    deep = pd.DataFrame({"image_id": ids[~lacks], "backbone": "resnet", "score": 0.5})
    study = replace(STUDY, descriptors=words, predictions=scores, deep_scores=deep)
    rows = _found(study, values).evidence.query("by == 'all'").set_index("column")
    assert rows["n_missing"].to_dict() == {
        "margin": 1,
        "radiomics features of the image": 8,
        "score of reader": 8,
        "score of resnet": 8,
    }
    assert set(rows["source"]) == {"descriptors", "features", "predictions", "networks"}


def test_p_values_are_adjusted_together():
    missing = PEOPLE["center"] == "Y"
    study = replace(
        STUDY, patients=PEOPLE.assign(age=PEOPLE["age"].mask(missing), sex=PEOPLE["sex"].mask(missing))
    )
    rows = _found(study).evidence.query("by == 'all'")
    p = rows[["p_center", "p_label"]].to_numpy().ravel()
    assert rows[["q_center", "q_label"]].to_numpy().ravel() == pytest.approx(stats.adjust(p, "bh"))


def test_a_value_that_all_lack_has_no_difference_to_test():
    found = _found(replace(STUDY, images=STUDY.images.assign(pixel_spacing_mm=np.nan)))
    assert found.status == "finding"
    assert "pixel_spacing_mm 24 of 24" in found.message
    assert found.evidence.query("by == 'all'")["p_center"].isna().all()
    without = STUDY.images.assign(pixel_spacing_mm=np.nan, image=None, mask=None)
    assert "pixel_spacing" not in _found(replace(STUDY, images=without)).message


def test_many_columns_are_counted_and_some_named():
    missing = PEOPLE["center"] == "Y"
    more = {f"x{i}": pd.Series(["a", "b"] * 12).mask(missing) for i in range(5)}
    said = _found(replace(STUDY, patients=PEOPLE.assign(**more))).message
    assert "2 more columns differ likewise." in said
    assert said.count("is missing by center") == 3


def test_it_does_not_apply_where_nothing_could_be_missing():
    assert answer("SGA090", EMPTY).status == "not_applicable"
    bare = replace(evidence({}, replace(STUDY, patients=PEOPLE.head(0), images=STUDY.images.head(0))))
    assert answer("SGA090", bare).message == "The study has no patient."
