"""Each check finds its planted fault, passes without it, and says when it does not apply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore.audit import CHECKS, Evidence, audit
from sgcore.config import recipe, with_changes
from sgcore.domain import FeatureTable, Study

STRICT, PAPER = recipe("strict"), recipe("paper")


def _study(images_per_patient=2, muted=None):
    patients = pd.DataFrame(
        {"patient_id": ["a", "b"], "center": "X", "label": ["n", "p"], "y": [0, 1], "subset": "train"}
    )
    images = pd.DataFrame(
        [{"image_id": f"{p}{i}", "patient_id": p} for p in "ab" for i in range(images_per_patient)]
    )
    return Study(
        name="S",
        path=Path("study.toml"),
        negative="n",
        positive="p",
        development=("X",),
        external=("Y",),
        split_train=0.7,
        split_seed=0,
        split_column=None,
        patients=patients,
        images=images,
        descriptors=None,
        features=None,
        predictions=None,
        predictions_kind=None,
        warnings=(),
        notes=(),
        fingerprint="f",
        muted=muted or {},
    )


def _features(ratio):
    names = ["original_glcm_Contrast", "wavelet-LHH_glcm_SumEntropy"]
    residue = pd.DataFrame(
        [("a0", "wavelet-LHH", ratio), ("b0", "wavelet-LHH", ratio / 2)],
        columns=["image_id", "image_type", "ratio"],
    )
    values = pd.DataFrame(np.ones((2, 2)), index=["a0", "b0"], columns=names)
    return FeatureTable("radiomics", "paper-1288", "set", values, pd.DataFrame(), residue)


def _frames(evaluated_on="external", step="selected"):
    rows = [
        {
            "family": "Radiomics",
            "classifier": classifier,
            "subset": subset,
            "center": None,
            "estimate": "fitted",
            "unit": unit,
            "n_patients": 2,
            "n_images": 4,
            "auc": 0.8,
            "ci_low": 0.6,
            "ci_high": 0.9,
            "naive_ci_low": 0.7,
            "naive_ci_high": 0.85,
            "design_effect": 1.7,
            "threshold": 0.5,
            "sensitivity": 0.9,
            "specificity": 0.7,
            "picked": classifier == "SVM",
        }
        for classifier in ("LR", "SVM")
        for subset in ("train", "external")
        for unit in ("patient", "image")
    ]
    return {
        "evaluations": pd.DataFrame(rows),
        "picks": pd.DataFrame(
            [{"family": "Radiomics", "classifier": "SVM", "rule": "external", "evaluated_on": evaluated_on}]
        ),
        "selection": pd.DataFrame(
            [
                {
                    "family": "Radiomics",
                    "feature": "wavelet-LHH_glcm_SumEntropy",
                    "image_type": "wavelet-LHH",
                    "step": step,
                }
            ]
        ),
    }


def _reader(frames):
    return lambda kind: frames.get(kind, pd.DataFrame())


FAULTY = Evidence(_study(), PAPER, _features(1e-16), _reader(_frames()), looks=3)
CLEAN = Evidence(_study(1), STRICT, _features(0.2), _reader(_frames("training folds")))
EMPTY = Evidence(
    _study(),
    PAPER,
    FeatureTable("", "", "", pd.DataFrame(), pd.DataFrame(), _features(1).residue.iloc[:0]),
    _reader({}),
)


def _by_code(evidence):
    return {finding.code: finding for finding in audit(evidence)}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_planted_fault_is_found_and_a_clean_study_passes(check):
    assert check.run(FAULTY).status == "finding"
    assert check.run(FAULTY).remedy
    assert check.run(CLEAN).status == "passed"
    assert check.run(EMPTY).status == "not_applicable"
    assert all(check.run(evidence).message for evidence in (FAULTY, CLEAN, EMPTY))


def test_the_messages_hold_the_numbers():
    found = _by_code(FAULTY)
    assert "2 of 2 patients" in found["SGA003"].message
    assert "1.70" in found["SGA003"].message
    assert "1 of the 1 selected features" in found["SGA010"].message
    assert "wavelet-LHH_glcm_SumEntropy" in found["SGA010"].message
    assert "1 of 2 features are numerical residue" in found["SGA010"].message
    assert "SVM, best of 2 on the external set" in found["SGA030"].message
    assert "opened 3 time" in found["SGA030"].message
    assert "0.900 and specificity 0.700" in found["SGA031"].message


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_thresholds_say_their_unit_and_what_cannot_be_estimated(unit):
    frames = _frames()
    rows = frames["evaluations"]
    rows.loc[(rows["subset"] == "external"), "specificity"] = np.nan
    evidence = replace(FAULTY, config=replace(PAPER, unit=unit), frame=_reader(frames))
    said = _by_code(evidence)["SGA031"].message
    assert f"By {unit}: Radiomics: sensitivity 0.900 and specificity 0.700 in training, " in said
    assert said.endswith(
        "sensitivity 0.900 and specificity not estimable (no negative case) in the external set."
    )
    rows["threshold"] = -np.inf
    said = _by_code(evidence)["SGA031"].message
    assert said.endswith(f"By {unit}: Radiomics: no threshold tells training cases apart.")


def test_residue_that_was_left_out_passes_and_is_still_named():
    config = with_changes(PAPER, selection__drop_residue=True)
    outcome = _by_code(replace(FAULTY, config=config, frame=_reader(_frames(step="excluded"))))["SGA010"]
    assert outcome.status == "passed"
    assert "wavelet-LHH" in outcome.message
    assert "left out" in outcome.message


def test_one_real_response_clears_a_filter():
    residue = _features(1e-16).residue
    residue.loc[0, "ratio"] = 0.1
    features = replace(_features(1e-16), residue=residue)
    assert _by_code(replace(FAULTY, features=features))["SGA010"].status == "passed"


def test_muting_needs_a_finding_and_keeps_the_reason():
    muted = {"SGA003": "one image each in the main analysis"}
    found = _by_code(replace(FAULTY, study=_study(muted=muted)))
    assert found["SGA003"].status == "muted"
    assert muted["SGA003"] in found["SGA003"].message
    assert _by_code(replace(CLEAN, study=_study(1, muted)))["SGA003"].status == "passed"


def test_codes_are_in_order_and_once():
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))
