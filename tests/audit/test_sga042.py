"""SGA042: which features the models see, what chance reaches, and why centers cannot be told apart."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sgcore.audit.center_predictability import CenterToldFromFeatures
from tests.audit.planted import evidence, features, many_patients
from tests.audit.planted_models import NAN, center_signal

CHECK = CenterToldFromFeatures()


def run(*rows, of=None):
    known = {"picks": pd.DataFrame([{"family": "Radiomics"}]), "center_signal": pd.DataFrame(rows)}
    return CHECK.run(replace(evidence(known, of=of), features=features(1)))


def test_a_center_that_can_be_told_has_auc_p_and_counts():
    found = run(center_signal(auc=0.91, p=0.005, merged="D, E"))
    assert found.status == "finding"
    assert found.message.startswith("The center can be told from radiomics features as extracted.")
    assert "0.91 (p = 0.005, 199 permutations; 140 patients of 3 centers" in found.message
    assert "Taken together as one, being small: D, E." in found.message
    assert "harms no model" in found.message


def test_a_pass_says_from_which_auc_on_it_would_have_been_a_finding():
    found = run(center_signal(left_out="F"))
    assert found.status == "passed"
    assert found.message.startswith("Not shown that the center can be told.")
    assert "An AUC above 0.58 (radiomics features as extracted) would have been a finding" in found.message
    assert "Left out, being too small: F." in found.message


def test_after_combat_the_harmonized_features_count():
    raw = center_signal(auc=0.95, p=0.005)
    same = center_signal("same_patients", auc=0.94, p=0.005)
    found = run(center_signal("harmonized"), raw, same)
    assert found.status == "passed"
    assert "radiomics features as extracted 0.95 (p = 0.005" in found.message
    assert run(raw).status == "finding"


def test_deep_features_count_beside_radiomics():
    found = run(center_signal(), center_signal("deep", auc=0.8, p=0.01))
    assert found.status == "finding"
    assert "told from deep features of images that did not train the network" in found.message


def test_before_it_has_run_and_where_it_cannot():
    known = evidence({"picks": pd.DataFrame([{"family": "Radiomics"}])})
    assert "no analysis" in CHECK.run(known).message
    alone = many_patients()
    table = replace(features(1), values=pd.DataFrame({"f": 1.0}, index=alone.images["image_id"]))
    one = CHECK.run(replace(known, study=alone, features=table))
    assert one.status == "not_applicable"
    assert "all 24 patients are from one center" in one.message
    two = many_patients()
    two.patients["center"] = ["X", "Y"] * 12
    waiting = CHECK.run(replace(known, study=two, features=table))
    assert waiting.status == "not_applicable"
    assert "has not been computed yet" in waiting.message


def test_a_set_without_a_test_has_its_reason():
    found = run(center_signal(auc=NAN, p=NAN, reason="none of 3 features is complete and varies"))
    assert found.status == "not_applicable"
    assert "none of 3 features is complete and varies" in found.message
