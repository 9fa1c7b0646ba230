"""SGA012: selected features under changed ROIs; those without an ICC, and before it is computed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sgcore.audit.roi_robustness import FragileFeatures
from sgcore.config import BROUGHT
from tests.audit.planted import FAULTY, PAPER, evidence, features, reader
from tests.audit.planted_models import NAN, icc

CHECK = FragileFeatures()
CONTRAST, ENTROPY = "original_glcm_Contrast", "wavelet-LHH_glcm_SumEntropy"


def selected(*names, step="selected"):
    rows = [("Radiomics", name, step) for name in names] + [("US", "margin", "selected")]
    return pd.DataFrame(rows, columns=["family", "feature", "step"])


def run(*rows, kind="icc", names=(CONTRAST, ENTROPY), **known):
    frames = {"selection": selected(*names), kind: pd.DataFrame(rows)} | known
    return CHECK.run(replace(FAULTY, frame=reader(frames)))


def test_features_below_the_limit_are_named_with_interval_and_patients():
    found = run(icc(CONTRAST, 0.80), icc(ENTROPY, 0.61, 0.7), icc("original_glcm_Idm", 0.2))
    assert found.status == "finding"
    assert found.message.startswith(
        "1 of 2 selected features do not survive a small change of the ROI, or are not shown to: "
        "wavelet-LHH_glcm_SumEntropy 0.70 (0.61 to 0.95)."
    )
    assert "(78 patients)" in found.message
    assert "Of all 3 features 2 are below." in found.message
    assert list(found.table["feature"]) == [ENTROPY, CONTRAST]
    assert "strict recipe" in found.remedy


def test_the_bound_counts_and_not_the_estimate():
    assert run(icc(CONTRAST, 0.7499, 0.99), icc(ENTROPY, 0.9)).status == "finding"
    passed = run(icc(CONTRAST, 0.75, 0.8), icc(ENTROPY, 0.9))
    assert passed.status == "passed"
    assert "The lowest of the selected: original_glcm_Contrast 0.80 (0.75 to 0.95)." in passed.message


def test_the_costly_job_counts_where_the_recipe_judged_no_rois():
    found = run(icc(CONTRAST, 0.3), icc(ENTROPY, 0.9), kind="roi_icc")
    assert found.status == "finding"


def test_before_the_job_has_run_it_says_so_and_passes_nothing():
    found = CHECK.run(replace(FAULTY, frame=reader({"selection": selected(ENTROPY)})))
    assert found.status == "not_applicable"
    assert "has not been computed yet" in found.message


def test_a_feature_that_several_families_selected_counts_once():
    both = pd.concat([selected(ENTROPY), selected(ENTROPY).assign(family="Combined")])
    found = run(icc(ENTROPY, 0.1), selection=both)
    assert "1 of 1 selected features" in found.message
    assert found.table["families"].tolist() == ["Radiomics, Combined"]


def test_features_without_an_icc_are_told():
    found = run(icc(CONTRAST, 0.8), icc(ENTROPY, NAN, NAN))
    assert found.status == "passed"
    assert "All 1 selected features survive" in found.message
    assert "Undefined, for want of a spread between patients: wavelet-LHH_glcm_SumEntropy." in found.message
    nothing = run(icc(CONTRAST, NAN, NAN), icc(ENTROPY, NAN, NAN))
    assert nothing.status == "not_applicable"
    assert "No selected feature has an ICC." in nothing.message


def test_reasons_not_to_judge():
    assert "No model has selected a radiomics feature." in run(names=()).message
    columns = pd.DataFrame(columns=list(icc("x", 1)))
    assert "Fewer than two training patients" in run(roi_icc=columns).message
    brought = replace(
        FAULTY, config=replace(PAPER, preset=BROUGHT), frame=reader({"selection": selected(ENTROPY)})
    )
    assert "The study brings its features" in CHECK.run(brought).message
    bare = evidence({"selection": selected(ENTROPY)})
    assert "No model has selected a radiomics feature." in CHECK.run(bare).message
    assert CHECK.run(replace(bare, features=features(1))).status == "not_applicable"
