"""SGA003: images of a patient in the selection's tests and in the intervals of AUCs."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sgcore.audit.clustering import ImagesAsIndependent
from sgcore.config import with_changes
from tests.audit.planted import PAPER, clustered_counts, evaluation, evidence, many_patients

CHECK = ImagesAsIndependent()
ROWS = pd.DataFrame([evaluation(subset="external")])


def _found(tested=None, of=None, **settings):
    known = {"evaluations": ROWS, "tested_by_patient": pd.DataFrame() if tested is None else tested}
    return CHECK.run(evidence(known, of, with_changes(PAPER, **settings)))


def test_tests_by_image_are_a_finding_with_both_counts():
    found = _found(clustered_counts())
    assert found.status == "finding"
    assert (
        "24 of 24 patients have more than one image (up to 2). The p-values of the feature selection count"
        in (found.message)
    )
    assert "Features with p below 0.05: Radiomics 5 of 9 by image, 2 clustered by patient." in found.message
    assert "0.600 to 0.900 clustered by patient, 0.700 to 0.850 if images were independent" in found.message


@pytest.mark.parametrize(("correction", "name"), [("bh", "Benjamini and Hochberg"), ("holm", "Holm")])
def test_counts_are_those_of_the_selections_own_rule(correction, name):
    found = _found(clustered_counts(), selection__correction=correction, selection__p_threshold=0.1)
    assert f"Features with p adjusted by {name} below 0.1: Radiomics 5 of 9" in found.message


def test_counts_that_are_not_there_are_not_told():
    old = _found(clustered_counts(univariate_clustered=None))
    assert old.status == "finding"
    assert "Features with" not in old.message
    assert "Features with" not in _found(clustered_counts(), selection__p_threshold=1.0).message


def test_without_tests_of_features_everything_is_clustered():
    found = _found()
    assert found.status == "passed"
    assert "p-values of the feature selection" not in found.message
    assert "Intervals of AUCs are clustered by patient, and no p-value counts images" in found.message
    assert "Largest design effect of an AUC: 1.70" in found.message


def test_tests_of_training_patients_with_an_image_each_count_patients():
    made = many_patients()
    first = made.images.drop_duplicates("patient_id")["image_id"]
    away = made.patients.loc[made.patients["subset"] == "external", "patient_id"]
    kept = made.images["image_id"].isin(first) | made.images["patient_id"].isin(away)
    found = _found(clustered_counts(), replace(made, images=made.images[kept]))
    assert found.status == "passed"
    assert "12 of 24 patients have more than one image" in found.message
