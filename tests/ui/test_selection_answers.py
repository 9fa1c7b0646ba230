"""What the tests say by image and by patient, in one sentence."""

from __future__ import annotations

import pandas as pd

from sgcore.ui.selection_answers import by_patient, selection, untested


def _said(univariate: int, clustered: object, both: object) -> str:
    return by_patient(
        pd.Series({"univariate": univariate, "univariate_clustered": clustered, "both": both}), 0.05
    )


def test_both_ways_of_counting() -> None:
    assert _said(436, 212, 212) == (
        "436 features have p < 0.05 when images are counted as independent, 212 when patients are."
    )
    assert (
        _said(1, 0, 0)
        == "1 feature has p < 0.05 when images are counted as independent, 0 when patients are."
    )


def test_features_that_only_patients_bring() -> None:
    assert _said(436, 212, 210).endswith("212 when patients are (2 of which are not among those).")


def test_an_analysis_without_the_test_gives_no_number() -> None:
    assert _said(436, pd.NA, pd.NA).endswith(
        "this analysis was stored before patients could be counted as well."
    )


def test_features_that_nobody_could_test() -> None:
    constant = "constant: the same value in all training images"
    fates = pd.DataFrame({"reason": [constant, constant, "missing in 3 of 40 training images", None]})
    assert untested(fates, "q") == (
        f"No feature has a q value: all 4 were left out before testing (2: {constant}; 1: missing in 3 of 40 "
        "training images; 1: no reason stored)."
    )
    counts = pd.Series({"features": 4, "usable": 0, "univariate": 0, "correlation": 0, "lasso": 0})
    assert selection(counts, "Radiomics", 0.05) == (
        "All 4 features were left out before testing, and Radiomics gives everybody the same score."
    )
