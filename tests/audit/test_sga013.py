"""SGA013: models against lesion size: by family, on the set the study is judged by, and what has no answer."""

from __future__ import annotations

import pandas as pd
import pytest

from sgcore.audit.size_alone import NoMoreThanSize
from tests.audit.planted import evidence
from tests.audit.planted_models import NAN, size_gain

CHECK = NoMoreThanSize()


def run(*rows, **known):
    frames = {
        "picks": pd.DataFrame([{"family": "Radiomics"}]),
        "lesion_size": pd.DataFrame([{"image_id": "a", "size": 3.0}]),
        "size_gain": pd.DataFrame(rows),
    }
    return CHECK.run(evidence(frames | known))


def test_each_family_is_judged_by_the_interval_of_its_own_gain():
    found = run(size_gain(), size_gain(family="US", delta=0.1, ci_low=-0.1, ci_high=0.32, p=0.4, auc=0.7))
    assert found.status == "finding"
    assert found.message.startswith("Not shown to be more than lesion size: US. Shown to be more: Radiomics.")
    assert "has an AUC of 0.60 (0.40 to 0.77) in the external set, 29 patients." in found.message
    assert "larger counts as more positive, as among the 78 training patients, AUC 0.70" in found.message
    assert "US (SVM, AUC 0.70) +0.10 (-0.10 to 0.32)" in found.message
    assert "does not prove that a model is size alone" in found.message
    assert "zoom" in found.message
    assert "a gain has to be about 0.18" in found.message


def test_a_pass_names_gain_and_what_it_could_have_seen():
    found = run(size_gain())
    assert found.status == "passed"
    assert "+0.25 (0.10 to 0.40)" in found.message
    assert "a gain has to be about 0.15" in found.message


def test_size_that_ranks_the_wrong_way_round_makes_no_pass():
    """A gain over an AUC of 0.2 is no skill where the model's own may be 0.5."""
    found = run(size_gain(size_auc=0.2, auc=0.6, auc_low=0.45, delta=0.4, ci_low=0.2, ci_high=0.6))
    assert found.status == "finding"


@pytest.mark.parametrize(("delta", "p"), [(0.0, 1.0), (-0.2, 0.01)])
def test_a_model_that_ranks_as_size_does_or_worse_is_found(delta, p):
    low, high = (NAN, NAN) if delta == 0 else (-0.3, -0.1)
    found = run(
        size_gain(delta=delta, ci_low=low, ci_high=high, p=p, reason="both scores rank every case alike")
    )
    assert found.status == "finding"


def test_the_external_set_counts_before_the_validation_set():
    weak = size_gain(subset="validation", ci_low=-0.2)
    assert run(weak, size_gain()).status == "passed"
    alone = run(weak)
    assert alone.status == "finding"
    assert "validation set" in alone.message


def test_images_and_cases_that_are_left_out_are_told():
    found = run(size_gain(unit="image", n_left_out=3))
    assert "29 patients (55 images). 3 images have no score or no size." in found.message


def test_reasons_not_to_judge():
    one_class = size_gain(
        delta=NAN, ci_low=NAN, ci_high=NAN, p=NAN, reason="one class only (all positive), n = 4"
    )
    found = run(one_class)
    assert found.status == "not_applicable"
    assert "Radiomics (one class only (all positive), n = 4)" in found.message
    assert "Not estimated: Radiomics" in run(one_class, size_gain(family="US")).message
    assert "Neither features nor masks" in run(size_gain(), lesion_size=pd.DataFrame()).message
    assert "held out" in run().message
    assert "no analysis" in run(picks=pd.DataFrame()).message
