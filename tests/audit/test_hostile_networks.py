"""Frames of networks as no analysis should have them: every check answers, and in words for people."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sgcore.audit import CHECKS
from tests.audit.planted import (
    STRICT,
    by_code,
    evaluation,
    evidence,
    grad_cam,
    many_patients,
    network,
    occlusion,
    randomization,
    scores,
    study,
)

STUDY = many_patients(4)
NUMBERS = ("auc", "ci_low", "ci_high", "naive_ci_low", "naive_ci_high", "design_effect", "threshold")
NOTHING = {
    **dict.fromkeys([*NUMBERS, "sensitivity", "specificity"], np.nan),
    "reason": "no image has a score",
}


def _known(of, score=0.5, ratio=1.2, rho=0.2, answer=0.0, networks=None, **changed):
    """Frames of one network whose scores, ratios and correlations are the same everywhere."""
    cases = of.cases()
    rows = [
        evaluation(family, classifier, unit=unit, subset=subset, **changed)
        for family, classifier in (("DL", "resnet18"), ("RadiomicsDL", "SVM"))
        for unit in ("patient", "image")
        for subset in ("train", "external")
    ]
    picks = [("DL", "resnet18", None), ("RadiomicsDL", "SVM", None)]
    return {
        "networks": pd.DataFrame([network()] if networks is None else networks),
        "evaluations": pd.DataFrame(rows),
        "picks": pd.DataFrame(picks, columns=["family", "classifier", "evaluated_on"]),
        "predictions": scores(cases, score),
        "grad_cam": grad_cam(cases, [(ratio, ratio)] * len(cases)),
        "map_randomization": randomization(cases, [(rho, rho)] * len(cases)),
        "occlusion": occlusion(cases, answer, answer, answer),
    }


HALF = occlusion(STUDY.cases().iloc[::2], 1.0, np.nan, 1.0)
OTHERS = HALF.assign(image_id="gone-" + HALF["image_id"])
ONE = study(pd.DataFrame({"patient_id": ["a"], "y": [1], "subset": "train"}))
BROUGHT = {
    "origin": "brought", "weights": "unknown", "network_id": None, "weights_file": None, "weights_sha256": None,
    "epoch": np.nan, "device": None, "n_train": np.nan, "n_validation": np.nan,
}  # fmt: skip
HOSTILE = {
    "maps without a number": (STUDY, _known(STUDY, ratio=np.nan, rho=np.nan, answer=np.nan)),
    "answers of half the images": (STUDY, {**_known(STUDY), "occlusion": HALF}),
    "answers of other images": (
        STUDY,
        {**_known(STUDY), "occlusion": OTHERS},
    ),
    "one patient": (ONE, _known(ONE, n_patients=1, **NOTHING)),
    "constant scores": (STUDY, _known(STUDY, auc=0.5, ci_low=0.5, ci_high=0.5)),
    "scores that are no numbers": (STUDY, _known(STUDY, score=np.nan, **NOTHING)),
    "brought without folds": (STUDY, _known(STUDY, networks=[network(**BROUGHT)])),
    "no predictions": (STUDY, {**_known(STUDY), "predictions": pd.DataFrame()}),
    "no evaluations": (STUDY, {"networks": pd.DataFrame([network()])}),
    "maps alone": (STUDY, {name: _known(STUDY)[name] for name in ("grad_cam", "map_randomization")}),
}
#: What the checks of networks must say of each, in the order of CODES.
CODES = ("SGA023", "SGA030", "SGA070", "SGA071", "SGA072")
NONE = "not_applicable"
EXPECTED = {
    "maps without a number": ("finding", "passed", NONE, NONE, "passed"),
    "answers of half the images": ("finding", "passed", "passed", "passed", "passed"),
    "answers of other images": ("finding", "passed", "passed", "passed", "passed"),
    "one patient": ("finding", "passed", NONE, NONE, "passed"),
    "constant scores": ("finding", "passed", "passed", "passed", "passed"),
    "scores that are no numbers": ("finding", "passed", NONE, "passed", "passed"),
    "brought without folds": ("finding", "passed", "passed", "passed", "finding"),
    "no predictions": ("finding", "passed", NONE, "passed", "passed"),
    "no evaluations": (NONE, NONE, NONE, NONE, "passed"),
    "maps alone": (NONE, NONE, NONE, "passed", NONE),
}


@pytest.mark.parametrize("config", [None, STRICT], ids=["paper", "strict"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_frames_are_answered_in_words(name, config):
    of, known = HOSTILE[name]
    found = by_code(evidence(known, of, **({"config": config} if config else {})))
    assert set(found) == {check.code for check in CHECKS}
    assert tuple(found[code].status for code in CODES) == EXPECTED[name]
    for each in found.values():
        assert each.message
        assert not re.search(r"\b(nan|None|NaN|inf)\b(?! of)", each.message), each.message
        assert each.remedy or each.status != "finding"
