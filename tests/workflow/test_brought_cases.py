"""Tables of models made elsewhere: which cases are the study's, whose patients they are, and what is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sgcore import stats, workflow
from sgcore.cohort import PredictionsError, Roles
from sgcore.domain import Study
from sgcore.errors import UsageError
from sgcore.workflow import Store
from tests.support.brought import bring, compare, scores_of, warned


def test_training_images_are_called_so(store: Store, study: Study, tmp_path: Path) -> None:
    absent = study.cases().query("subset == 'train'")["image_id"]
    frame = scores_of(study)
    brought = bring(store, study, tmp_path, frame[~frame["image"].isin(absent)], group=None)
    assert warned(brought, f"lacks {len(absent)} of {len(absent)} training images of the study")


def test_extra_and_missing_cases_are_counted_andwarned(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = scores_of(study)
    absent = study.cases().query("subset == 'external'")["image_id"].iloc[:3]
    frame = frame[~frame["image"].isin(absent)]
    extra = frame.iloc[:1].assign(image=absent.iloc[0].lower())
    brought = bring(store, study, tmp_path, pd.concat([frame, extra]), group=None)
    assert brought.match is not None
    assert brought.match.n_foreign == 1
    assert brought.match.lacking["external"][0] == 3
    unknown = f"1 of {len(frame) + 1} cases are not in the study ({extra['image'].iloc[0]})"
    assert warned(brought, unknown)
    assert any("Did you mean" in problem.fix for problem in brought.warnings)
    assert warned(brought, "lacks 3 of")
    result = compare(brought, study, predictions, unit="image")
    assert result.rows["n_left_out"].tolist() == [3, 3]
    assert result.pairs["n_left_out"].tolist() == [0, 3, 3, 3, 3, 3]


def test_a_label_that_disagrees_is_an_error_with_its_row(store: Store, study: Study, tmp_path: Path) -> None:
    frame = scores_of(study)
    frame.loc[4, "diagnosis"] = "secondary" if frame.loc[4, "diagnosis"] == "primary" else "primary"
    with pytest.raises(PredictionsError, match="1 problem") as caught:
        bring(store, study, tmp_path, frame)
    assert (caught.value.problems[0].row, caught.value.problems[0].column) == (6, "diagnosis")
    assert "disagrees with the study" in caught.value.problems[0].rule
    assert workflow.brought_files(store, study.fingerprint).empty


def test_the_other_positive_value_is_one_error(store: Store, study: Study, tmp_path: Path) -> None:
    with pytest.raises(PredictionsError) as caught:
        bring(store, study, tmp_path, scores_of(study), positive="primary")
    assert caught.value.total == 1
    assert "positive label is 'secondary'" in caught.value.problems[0].rule


def test_patients_and_centers_that_disagree_are_said_and_the_study_holds(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = scores_of(study)
    frame.loc[frame["site"] == "Beta", "site"] = "Delta"
    frame.loc[0, "patient"] = "somebody"
    brought = bring(store, study, tmp_path, frame)
    assert brought.match is not None
    assert warned(brought, "the center of")
    assert warned(brought, "the patient of 1 of")
    assert compare(brought, study, predictions, center="Beta").rows["n_patients"].tolist() == [8, 8]


def _elsewhere(study: Study) -> pd.DataFrame:
    """Names that the study does not know; whether the people are others they do not say."""
    return scores_of(study).assign(patient=lambda f: "E" + f["patient"], image=lambda f: "E" + f["image"])


@pytest.mark.parametrize("changes", [{}, {"image": None}, {"group": None}])
def test_other_names_are_no_other_patients(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path, changes: dict[str, Any]
) -> None:
    brought = bring(store, study, tmp_path, _elsewhere(study), **changes)
    assert brought.match is not None
    assert (brought.match.by, brought.match.other_patients) == (None, False)
    assert any("declare" in problem.fix for problem in brought.warnings)
    for unit in ("patient", "image"):
        pairs = compare(brought, study, predictions, unit=unit).pairs.set_index(["a", "b"])
        assert np.isnan(pairs.loc[("Radiomics", "net"), "p"])
        assert "the same patients may be in both" in pairs.loc[("Radiomics", "net"), "reason"]
        assert pairs["delta"].notna().tolist() == [True, False, False, False, False, True]


def test_a_file_that_names_no_patients_may_be_declared_too(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = _elsewhere(study).drop(columns=["patient", "image"])
    brought = bring(store, study, tmp_path, frame, group=None, image=None, other_patients=True)
    by_image, by_patients = (compare(brought, study, predictions, unit=unit) for unit in ("image", "patient"))
    row = by_image.pairs.set_index(["a", "b"]).loc[("US", "net")]
    assert "unpaired" in row["method"]
    assert row["method"].endswith(", cases of the file one by one")
    assert 0 <= row["p"] <= 1
    assert row[["n_patients", "n_images"]].isna().all()  # nobody knows how many people the file's cases are
    pairs = by_patients.pairs.set_index(["a", "b"])
    for family in ("US", "Radiomics"):
        assert pairs.loc[(family, "net"), ["delta", "p"]].isna().all()
        assert pairs.loc[(family, "net"), "reason"] == "the file names no patients"
    assert pairs["unit"].tolist() == ["patient"] * 5 + ["case"]
    # Whatever was asked for, the file's own AUC is by case, and never called by patient.
    for result in (by_image, by_patients):
        assert result.nameless
        assert result.rows["unit"].tolist() == ["case", "case"]
    assert by_patients.rows["auc"].tolist() == by_image.rows["auc"].tolist()


@pytest.mark.parametrize(
    ("column", "changes"), [("patient", {}), ("image", {"group": None}), ("patient", {"image": None})]
)
def test_a_declaration_that_names_contradict_is_refused(
    store: Store, study: Study, tmp_path: Path, column: str, changes: dict[str, Any]
) -> None:
    frame = _elsewhere(study)
    frame.loc[5, column] = scores_of(study).loc[5, column].lower()
    frame = frame.drop_duplicates("patient") if column == "patient" else frame
    with pytest.raises(PredictionsError) as caught:
        bring(store, study, tmp_path, frame, other_patients=True, **changes)
    (problem,) = caught.value.problems
    assert (problem.column, problem.value) == (column, str(frame.loc[5, column]))
    assert "declared to be of other patients" in problem.rule
    assert "Take the declaration back" in problem.fix
    assert workflow.every_brought_file(store).empty


def test_declared_patients_are_compared_as_independent(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = _elsewhere(study)
    stored = bring(store, study, tmp_path, frame, other_patients=True)
    assert stored.new
    assert bring(store, study, tmp_path, frame).new  # another statement, another file
    brought = workflow.load_brought(store, stored.file_id)
    assert brought.match is not None
    assert (brought.match.by, brought.match.shared_patients) == (None, 0)
    assert brought.match.other_patients
    assert not warned(brought, "cannot be found")
    result = compare(brought, study, predictions, unit="image")
    row = result.pairs[(result.pairs["a"] == "Radiomics") & (result.pairs["b"] == "net")].iloc[0]
    assert "unpaired" in row["method"]
    held_out = predictions[(predictions["subset"] == "external") & (predictions["estimate"] == "fitted")]
    ours = held_out[held_out["family"] == "Radiomics"]
    expected = stats.compare_auc(
        ours["y_true"],
        ours["y_score"],
        frame["net"],
        ours["patient_id"],
        (frame["diagnosis"] == "secondary").astype(int),
        frame["patient"],
    )
    assert row["p"] == pytest.approx(expected.p)
    gamma = compare(brought, study, predictions, center="Gamma")
    assert gamma.rows["n_patients"].tolist() == [6, 6]
    omega = compare(brought, study, predictions, center="Omega")
    assert "no case of" in omega.rows["reason"][0]
    assert not omega.nameless  # a file that has no case there still names its patients


def test_stored_once_and_read_back(store: Store, study: Study, tmp_path: Path) -> None:
    frame = scores_of(study)
    frame.loc[3, "net"] = np.nan
    first = bring(store, study, tmp_path, frame)
    again = bring(store, study, tmp_path, frame)
    alone = bring(store, None, tmp_path, frame)
    other = bring(store, study, tmp_path, frame, kind="score", scores=("net",))
    assert (first.new, again.new, alone.new, other.new) == (True, False, True, True)
    assert len({first.file_id, alone.file_id, other.file_id}) == 3
    files = workflow.brought_files(store, study.fingerprint)
    assert files["file_id"].tolist() == [other.file_id, first.file_id]
    assert files["models"].tolist() == [1, 2]
    assert workflow.brought_files(store)["file_id"].tolist() == [alone.file_id]
    back = workflow.load_brought(store, first.file_id)
    pd.testing.assert_frame_equal(back.table.scores, first.table.scores, check_names=False)
    for name in ("y", "groups", "centers", "images"):
        pd.testing.assert_series_equal(
            getattr(back.table, name), getattr(first.table, name), check_dtype=False, check_names=name != "y"
        )
    assert back.warnings == first.warnings
    assert back.match == first.match


def test_what_an_older_store_does_not_know_has_its_default() -> None:
    old = {"label": "y", "positive": "1", "scores": ["a"], "group": None, "kind": "score", "digest": "x"}
    assert Roles.of(old) == Roles("y", ("a",), "1")


def test_too_many_models_are_refused(store: Store, study: Study, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at most 100"):
        bring(store, study, tmp_path, scores_of(study), scores=tuple(f"m{i}" for i in range(101)))
