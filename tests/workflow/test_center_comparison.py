"""Two analyses by center: the numbers of the statistics on the cases of both, and a reason where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from sgcore import stats, workflow
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig, with_changes
from sgcore.domain import Unit
from sgcore.errors import UsageError
from sgcore.workflow import Analysis
from tests.support.studies import make_features_study

QUICK = AnalysisConfig(
    selection=SelectionConfig(n_alphas=20), models=ModelConfig(classifiers=("LR",), folds=2)
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Analysis, Analysis]]:
    folder = tmp_path_factory.mktemp("compared")
    centers = {"Alpha": 40, "Zeta": 14, "Beta": 12, "Gamma": 4}
    path = make_features_study(folder / "study", centers=centers, one_label=("Gamma",), effect=1.0)
    with workflow.open_store(folder / "s.duckdb") as store:
        study = workflow.import_study(path, store)
        other = with_changes(QUICK, models__classifiers=("RF",))
        first, second = (workflow.run(study, config, store) for config in (QUICK, other))
        yield first, second


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_numbers_are_those_of_the_statistics(both: tuple[Analysis, Analysis], unit: Unit) -> None:
    found = workflow.compare_by_center(*both, "Radiomics", unit)
    assert (found.classifier, found.reference_classifier) == ("LR", "RF")
    assert found.rows["role"].tolist() == ["development", *["external"] * 3, "together"]
    assert found.rows["center"].dropna().tolist() == ["Alpha", "Zeta", "Beta", "Gamma"]
    a, b = (each.frame("predictions").query("family == 'Radiomics' and subset != 'train'") for each in both)
    cases = a.assign(y_score_b=a["image_id"].map(b.set_index("image_id")["y_score"]))
    for row in found.rows.to_dict("records"):
        own = cases[cases["subset"] == row["subset"]]
        own = own if row["role"] == "together" else own[own["center"] == row["center"]]
        if unit == "patient":
            own = own.groupby("patient_id", as_index=False)[["y_true", "y_score", "y_score_b"]].mean()
        groups = own["patient_id"] if unit == "image" else None
        direct = stats.compare_auc(own["y_true"], own["y_score"], own["y_score_b"], groups)
        names = ("auc", "reference_auc", "delta", "ci_low", "ci_high", "p")
        expected = [direct.auc_a, direct.auc_b, direct.delta, direct.ci_low, direct.ci_high, direct.p]
        np.testing.assert_allclose([row[name] for name in names], expected)
        assert row["n_patients"] == direct.n_patients
    assert found.headline is not None
    assert found.headline["n_patients"] == 30


def test_a_center_of_one_label_keeps_its_row_and_is_no_comparison(both: tuple[Analysis, Analysis]) -> None:
    rows = workflow.compare_by_center(*both, "Radiomics", "patient").rows
    gamma = rows[rows["center"] == "Gamma"].iloc[0]
    assert np.isnan(gamma["delta"])
    assert gamma["reason"].startswith("one class only")
    centers = rows[rows["role"] != "together"]
    np.testing.assert_array_equal(centers["p_adjusted"], stats.adjust(centers["p"]))
    assert np.isnan(rows["p_adjusted"].iloc[-1])


def test_the_other_way_round_turns_the_sign(both: tuple[Analysis, Analysis]) -> None:
    rows, turned = (
        workflow.compare_by_center(*pair, "Radiomics", "image").rows for pair in (both, both[::-1])
    )
    assert rows["delta"].abs().max() > 0
    np.testing.assert_allclose(rows["delta"], -turned["delta"])
    np.testing.assert_allclose(rows["ci_low"], -turned["ci_high"])
    np.testing.assert_allclose(rows["p"], turned["p"])


def test_an_analysis_beside_itself_says_so(both: tuple[Analysis, Analysis]) -> None:
    first = workflow.compare_by_center(both[0], both[0], "Radiomics", "patient").headline
    assert first is not None
    assert (first["delta"], first["reason"]) == (0, "both scores rank every case alike")


def test_what_cannot_be_compared_is_refused(both: tuple[Analysis, Analysis]) -> None:
    first, second = both
    with pytest.raises(UsageError, match="different studies"):
        workflow.compare_by_center(first, replace(second, study_id="other"), "Radiomics", "patient")
    with pytest.raises(UsageError, match="no model of the family DL"):
        workflow.compare_by_center(first, second, "DL", "patient")
    with pytest.raises(UsageError, match=r"has no model Radiomics \(LR\)"):
        workflow.compare_by_center(first, second, "Radiomics", "patient", "LR")
