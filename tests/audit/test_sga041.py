"""SGA041: centers that differ, labels coded the other way, centers left out of training, and too few to tell."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, norm

from sgcore.audit.center_differences import CentersDiffer
from sgcore.audit.label_coding import Contradiction, contradictions
from tests.audit.planted import STRICT, evidence, study
from tests.audit.planted_models import NAN, RADIOMICS, center, means

CHECK = CentersDiffer()
THREE = (center("B"), center("C", auc=0.7, ci_low=0.5, ci_high=0.85), center("D"))


def run(*rows, pooled=None, drawn=None, of=None):
    known = {
        "picks": pd.DataFrame([{"family": "Radiomics"}]),
        "centers": pd.DataFrame(rows),
        "center_means": means() if pooled is None else pooled,
    }
    return CHECK.run(replace(evidence(known, of=of, config=STRICT), draws=lambda _kind: drawn))


def left_out(*rows, complete=True, reason=None):
    """Draws in which each center is left out of training."""
    mean = {
        "family": "Radiomics",
        "unit": "patient",
        "measure": "mean",
        "auc": 0.66,
        "ci_low": 0.4,
        "ci_high": 0.85,
    }
    detail = pd.DataFrame([mean | {"reason": "", "spread": "I2 20%, tau 0.40, from 4 centers"}])
    return SimpleNamespace(
        draws=len(rows), usual=4, complete=complete, rows=pd.DataFrame(rows), detail=detail, reason=reason
    )


def test_a_pass_names_spread_k_and_what_it_could_have_seen():
    found = run(*THREE)
    assert found.status == "passed"
    assert "Radiomics (SVM) 0.70 to 0.80, I2 0% and tau 0.00 from 3 centers, p = 0.60" in found.message
    assert "(B 40, C 40 and D 40 patients" in found.message
    assert "So few centers show no agreement" in found.message
    # The usual interval is 0.25 wide, 3.92 standard errors; Q of three is 5.99 at p = 0.05.
    apart = 0.25 / (2 * norm.isf(0.025)) * np.sqrt(2 * chi2.isf(0.05, 2))
    assert f"had to lie about {apart:.2f} apart, the others halfway between." in found.message


def test_two_centers_are_told_apart_by_intervals_that_do_not_meet():
    one = center("B", auc=0.8, ci_low=0.65, ci_high=0.9)
    two = center("C", auc=0.5, ci_low=0.35, ci_high=0.6)
    pooled = means(k=2, i2=NAN, tau=NAN, p=NAN)
    assert "Radiomics (the intervals of B and C do not meet)" in run(one, two, pooled=pooled).message
    near = run(one, center("C", auc=0.6, ci_low=0.45, ci_high=0.7), pooled=pooled)
    assert near.status == "passed"
    # Half of each interval, 0.25 wide.
    assert (
        "For intervals that do not meet the best and the worst center of a model had to lie about 0.25"
        in (near.message)
    )


def test_intervals_that_do_not_meet_say_nothing_beyond_cochrans_q():
    low = center("E", auc=0.52, ci_low=0.4, ci_high=0.64)
    found = run(*THREE, low, pooled=means(k=4, p=0.06))
    assert found.status == "passed"
    assert "do not meet" not in found.message
    aside = run(*THREE, low | {"not_pooled": "it has no variance"}, pooled=means(k=3, p=0.06))
    assert "Radiomics (the intervals of B and E do not meet)" in aside.message


def test_a_whole_interval_below_one_half_is_named():
    found = run(*THREE, center("E", auc=0.2, ci_low=0.08, ci_high=0.41))
    assert found.status == "finding"
    assert "E (Radiomics 0.20, 0.08 to 0.41, 40 patients): labels may be coded the other way" in found.message
    assert run(*THREE, center("E", auc=0.3, ci_low=0.1, ci_high=0.7)).status == "passed"


def test_cochrans_p_counts_after_holm_over_the_models():
    assert "Cochran's p 0.0300 after Holm over 1 models" in run(*THREE, pooled=means(p=0.03)).message
    other = means(family="US", p=0.9)
    assert run(*THREE, pooled=pd.concat([means(p=0.03), other])).status == "passed"
    assert run(*THREE, pooled=pd.concat([means(p=0.02), other])).status == "finding"


def test_intervals_that_do_not_meet_are_found_without_heterogeneity():
    """A center whose AUC is 1 has no logit and enters no pooling."""
    two = means(k=1, i2=NAN, tau=NAN, p=NAN, auc=NAN, ci_low=NAN, ci_high=NAN, reason="1 center(s)")
    perfect = center(
        "D", auc=1.0, ci_low=0.84, ci_high=1.0, not_pooled="its AUC is 1, which has no finite logit"
    )
    found = run(center("B", auc=0.6, ci_low=0.45, ci_high=0.75), perfect, pooled=two)
    assert found.status == "finding"
    assert "Radiomics (the intervals of B and D do not meet)" in found.message
    assert "Not among the centers of tau and I2: D of Radiomics (its AUC is 1" in found.message
    assert "I2 0%" not in found.message
    assert run(center("B"), perfect, pooled=two).status == "passed"


def test_from_five_centers_on_a_new_one_is_predicted():
    pooled = means(k=5)
    pooled.loc[1, ["ci_low", "ci_high"]] = [0.55, 0.93]
    found = run(*THREE, center("E"), center("F"), pooled=pooled)
    assert "a new center 0.55 to 0.93" in found.message
    assert "So few centers" not in found.message


def test_centers_left_out_of_training_count_too():
    row = {
        **RADIOMICS,
        "unit": "patient",
        "center": "A",
        "n_patients": 78,
        "n_pos": 40,
        "n_neg": 38,
        "reason": "",
    }
    good = row | {"auc": 0.7, "ci_low": 0.55, "ci_high": 0.8}
    image = row | {"unit": "image", "auc": 0.1, "ci_low": 0.05, "ci_high": 0.2}
    found = run(*THREE, drawn=left_out(good, image, complete=False))
    assert found.status == "passed"
    assert "(2 of 4 centers so far)" in found.message
    assert "Radiomics 0.66 (0.40 to 0.85; I2 20%, tau 0.40, from 4 centers)" in found.message
    bad = run(*THREE, drawn=left_out(row | {"auc": 0.2, "ci_low": 0.1, "ci_high": 0.35}))
    assert bad.status == "finding"
    assert "A (Radiomics 0.20, 0.10 to 0.35, 78 patients, left out of training)" in bad.message
    assert bad.table["left_out"].tolist() == [False, False, False, True]


def test_what_is_not_computed_or_cannot_be_is_said():
    assert "has not been computed yet" in run(*THREE, drawn=left_out()).message
    one = run(center("B"), drawn=left_out(reason="the study has one center"))
    assert one.status == "not_applicable"
    assert "One external center alone (B) has an AUC" in one.message
    assert "No center can be left out of training: the study has one center." in one.message
    nobody = run(center("B", auc=NAN, ci_low=NAN, ci_high=NAN, reason="one class only (all positive), n = 3"))
    assert "No external center has an AUC" in nobody.message
    inside = center("A", role="development", auc=0.1, ci_low=0.0, ci_high=0.2)
    assert run(inside).status == "not_applicable"
    assert "no analysis" in CHECK.run(evidence({})).message


def test_intervals_too_wide_to_tell_anything_apart_are_said_to_be():
    wide = [center(name, auc=0.6, ci_low=0.1, ci_high=0.95) for name in "BC"]
    assert "For intervals that do not meet the best and" in run(*wide, pooled=means(i2=NAN, p=NAN)).message
    wide = [center(name, auc=0.5, ci_low=0.0, ci_high=1.0) for name in "BCDEF"]
    found = run(*wide, pooled=means(k=5))
    assert "intervals are too wide: no difference between centers would have been seen" in found.message
    scale = run(*(center(name, auc=0.6, ci_low=0.2, ci_high=0.85) for name in "BCD"))
    assert "halfway between; a useless model and a perfect one are 0.50 apart." in scale.message


def cohort(flip="", patients=24, column="pathology"):
    """Three centers whose column tells the label, the other way round in the center ``flip``."""
    rows = [
        {"patient_id": f"{name}{n}", "center": name, "y": n % 2, column: ("adenoma", "metastasis")[n % 2]}
        for name in "ABC"
        for n in range(patients)
    ]
    made = study(pd.DataFrame(rows).assign(subset="train"))
    names = made.patients["patient_id"].str[0]
    y = made.patients["y"].where(names != flip, 1 - made.patients["y"])
    return replace(made, patients=made.patients.assign(center=names, y=y))


def test_a_column_that_says_the_opposite_in_one_center_is_found_without_any_model():
    of = cohort(flip="B")
    assert contradictions(of) == [Contradiction("B", "pathology", 0, 24, 1.0)]
    found = CHECK.run(evidence({}, of=of))
    assert found.status == "finding"
    assert found.message == (
        "In B 0 of 24 patients have the label that their 'pathology' has elsewhere (there 100%): its labels are "
        "probably coded the other way."
    )
    assert contradictions(cohort()) == []


@pytest.mark.parametrize(("patients", "found"), [(6, 0), (8, 1)])
def test_a_few_contradictions_may_be_chance(patients, found):
    assert len(contradictions(cohort(flip="B", patients=patients))) == found


def test_columns_that_do_not_go_with_labels_say_nothing():
    of = cohort(flip="B")
    noise = of.patients.assign(pathology=["x", "y", "y", "x"] * 18, ward=None)
    assert contradictions(replace(of, patients=noise)) == []
    many = of.patients.assign(pathology=[f"level {n // 2}" for n in range(72)])
    assert contradictions(replace(of, patients=many)) == []
