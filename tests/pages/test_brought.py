"""Models made elsewhere: a table through the import page, then beside the families or by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from sgcore import stats, workflow
from sgcore.domain import Study
from sgcore.ui import store
from tests.pages.bringing import PART, bring, families, read, stored_study
from tests.pages.driving import (
    charts,
    choose,
    field,
    finish,
    first,
    labels,
    open_page,
    press,
    table_with,
    text,
    turn,
)
from tests.support.brought import by_patient, scores_of, write


def test_a_table_goes_beside_the_families(store_path: Path, tmp_path: Path) -> None:
    app = read(write(scores_of(stored_study()), tmp_path))
    assert not app.exception
    assert "6 columns" in first(app)
    assert field(app.selectbox, "Label").value == "diagnosis"
    assert field(app.selectbox, "Positive value").value == "secondary"
    assert field(app.multiselect, "Columns of scores, one a model").value == ["net", "other net"]
    assert field(app.selectbox, "Patient").value == "patient"
    assert field(app.selectbox, "Center").value == "site"
    assert field(app.selectbox, "Image identifier of the study").value == "image"
    finish(press(app, "Check and store"))
    assert not app.exception
    assert "scores.csv is stored: 2 models" in first(app)
    assert "found in the study by image" in first(app)
    app = families()
    assert not app.exception
    assert first(app).startswith("**net has the highest AUC of 2 models made elsewhere on the external set, ")
    assert " over Radiomics" in first(app) or " over US" in first(app)
    assert "which flatters the families" in text(app)
    found = table_with(app, "Made by")
    assert found["Model"].tolist()[-2:] == ["net", "other net"]
    assert "made elsewhere" in found["Made by"].tolist()
    pairs = table_with(app, "Test")
    assert len(pairs) == len(found) * (len(found) - 1) // 2
    assert set(pairs["Test"]) == {"DeLong, paired"}
    assert charts(app) == 2


def test_unit_and_center_are_those_of_the_page(store_path: Path, tmp_path: Path) -> None:
    bring(write(scores_of(stored_study()), tmp_path))
    by_patient_ = first(families())
    by_image = families(unit="image")
    assert first(by_image) != by_patient_
    assert set(table_with(by_image, "Test")["Test"]) == {"DeLong, paired, clustered by patient"}
    beta = families(unit="patient", center="Beta")
    assert "in Beta" in first(beta)
    assert table_with(beta, "Made by")["Patients"].tolist()[-1] == 10


def test_without_a_file_the_next_step_is_named(store_path: Path) -> None:
    app = families()
    assert not app.exception
    assert first(app) == "**No model made elsewhere is stored for this study yet.**"


def test_by_patient_and_unmatched(store_path: Path, tmp_path: Path) -> None:
    bring(write(by_patient(scores_of(stored_study())), tmp_path, "patients.csv"))
    app = families(unit="image")
    assert not app.exception
    assert "count by patient" in first(app)
    frame = scores_of(stored_study()).drop(columns=["image"])
    bring(write(frame, tmp_path, "nameless.csv"))
    app = families(unit="patient")
    assert not app.exception
    assert "no comparison is possible" in first(app)
    assert "on the file's own cases" in first(app)
    aucs = table_with(app, "Made by")["AUC (95% interval)"]
    assert aucs.str.fullmatch(r"0\.\d{3} \(.+ to .+\)").tolist() == [True] * 3


def test_by_itself_beside_a_study_and_in_an_empty_store(store_path: Path, tmp_path: Path) -> None:
    app = read(write(scores_of(stored_study()), tmp_path))
    field(app.radio, "Compare with").set_value(False)
    app.run()
    assert "Image identifier of the study" not in labels(app.selectbox)
    finish(press(app, "Check and store"))
    assert not app.exception
    assert "compared by itself" in first(app)
    assert "has the highest AUC, " in text(app)
    found = table_with(app, "Center")
    assert found["Center"].tolist()[:4] == ["all cases", "all cases", "Alpha", "Alpha"]
    assert "No model made elsewhere" in first(families())


def test_empty_store(empty_store: Path, tmp_path: Path) -> None:
    path = tmp_path / "alone.csv"
    path.write_text("y,a,b\n" + "".join(f"{i % 2},{i % 7}.5,{i % 5 + i % 2}.25\n" for i in range(40)))
    app = bring(path)
    assert not app.exception
    assert "is stored: 2 models" in first(app)
    assert (
        "b has the highest AUC, 0.680 (0.501 to 0.818; 40 cases); +0.186 (-0.046 to +0.419) over a"
        in text(app)
    )
    found = table_with(app, "Center")
    assert found["AUC (95% interval)"].tolist() == ["0.494 (0.320 to 0.669)", "0.680 (0.501 to 0.818)"]
    assert "Patients" not in found
    assert "Of 2 models b has the highest AUC by case, 0.680 (40 cases); " in text(app)
    assert "possible permutations)" in text(app)
    assert not any("\\\\" in shown.value for shown in (*app.caption, *app.markdown))
    assert text(app).count("each case counts as one, which is too narrow where patients have several") >= 2
    again = bring(path)
    assert "was stored before" in first(again)
    assert len(store.store().predictions.list()) == 1


def test_declared_probabilities_of_a_file_by_itself_are_calibrated(empty_store: Path, tmp_path: Path) -> None:
    path = tmp_path / "risks.csv"
    path.write_text("y,risk\n" + "".join(f"{i % 2},0.{i % 7 + 1 + i % 2}5\n" for i in range(60)))
    app = read(path)
    field(app.radio, "They are").set_value("probability")
    app = finish(press(app.run(), "Check and store"))
    assert not app.exception
    found = next(table.value for table in app.table if "Measure" in table.value).set_index("Measure")
    y, risk = (pd.read_csv(path)[name] for name in ("y", "risk"))
    slope = stats.calibration(y, risk, replicates=0).slope
    values = found.filter(like="Value").iloc[:, 0]
    assert values.index[1].startswith("Slope")
    said = f"{slope.estimate:.3f} ({slope.ci_low:.3f} to {slope.ci_high:.3f})"
    assert values.iloc[1].replace("\\", "") == said
    assert found["Cases"].astype(int).tolist() == [60] * 4


def test_the_studys_own_table_is_offered(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = scores_of(stored_study()).rename(columns={"image": "image_id"})
    own = wide.melt("image_id", ["net", "other net"], "model", "score")
    stored = workflow.stored_study

    def with_table(opened: Any, study_id: str) -> Study:
        from dataclasses import replace

        return replace(stored(opened, study_id), predictions=own, predictions_kind="score")

    monkeypatch.setattr(workflow, "stored_study", with_table)
    st.cache_resource.clear()
    app = families()
    assert not app.exception
    assert field(app.selectbox, "File").value == "study"
    assert "of 2 models made elsewhere on the external set" in first(app)
    assert "the study's predictions table" in text(app)


def test_held_out_results_of_a_what_if_are_counted_here_too(what_if_path: Path, tmp_path: Path) -> None:
    bring(write(scores_of(stored_study()), tmp_path))
    app = open_page("Selection")
    field(app.number_input, "p below").set_value(0.01)
    app = finish(press(app, "Apply"))
    turn(app, "Families", PART)
    assert "by training folds" in first(app)
    assert "the file does not say" in text(app)
    assert "was counted" not in text(app)
    choose(app, what_if_subset="external")
    assert not app.exception
    assert "made elsewhere on the external set" in first(app)
    assert "look 1 of this study" in text(app)
