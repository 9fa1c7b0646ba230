"""Tables that the import page must refuse or show as they are: disagreeing, damaged, hostile, very wide."""

from __future__ import annotations

from pathlib import Path

from sgcore.ui import store
from tests.pages.bringing import bring, families, problems, read, stored_study
from tests.pages.driving import field, finish, first, labels, press, table_with, text
from tests.support.brought import scores_of, write


def test_a_disagreeing_label_is_listed_and_nothing_stored(store_path: Path, tmp_path: Path) -> None:
    frame = scores_of(stored_study())
    frame.loc[4, "diagnosis"] = "secondary" if frame.loc[4, "diagnosis"] == "primary" else "primary"
    app = bring(write(frame, tmp_path))
    assert not app.exception
    assert "cannot be stored yet: 1 problem to mend" in first(app)
    found = problems(app)
    assert found["Row"].tolist() == [6]
    assert "disagrees with the study" in found["Rule"][0]
    assert store.store().predictions.list().empty
    assert "Check and store" in labels(app.button)


def test_what_is_no_table_is_a_problem(store_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text('image,net\n"a,1\n')
    app = read(path)
    assert not app.exception
    assert "bad.csv cannot be stored yet" in first(app)
    assert "a quote is not closed" in problems(app)["Rule"].item()
    assert "Check and store" not in labels(app.button)


def test_percentages_and_missing_roles(store_path: Path, tmp_path: Path) -> None:
    frame = scores_of(stored_study()).astype({"net": str})
    frame.loc[2, "net"] = "87%"
    frame.loc[4, "diagnosis"] = "secondary" if frame.loc[4, "diagnosis"] == "primary" else "primary"
    app = bring(write(frame, tmp_path))
    found = problems(app)
    assert found["Row"].tolist() == [4, 6]  # of the table, and of what it says about the study
    assert (found["Column"][0], found["Value"][0]) == ("net", "87%")
    field(app.selectbox, "Label").select_index(0)
    app.run()
    assert field(app.button, "Check and store").disabled
    assert "Still to choose: the label" in text(app)


def test_probabilities_outside_0_to_1(store_path: Path, tmp_path: Path) -> None:
    app = read(write(scores_of(stored_study()), tmp_path))
    field(app.radio, "They are").set_value("probability")
    finish(press(app, "Check and store"))
    assert "a probability from 0 to 1" in " ".join(problems(app)["Rule"])


def test_a_column_in_two_roles_is_a_message(store_path: Path, tmp_path: Path) -> None:
    app = read(write(scores_of(stored_study()), tmp_path))
    field(app.selectbox, "Center").set_value("net")
    finish(press(app.run(), "Check and store"))
    assert not app.exception
    assert any("named for two purposes" in text.value for text in app.error)


def test_formulas_and_markup_stay_text(store_path: Path, tmp_path: Path) -> None:
    hostile = {"net": '=HYPERLINK("http://x")', "other net": "<b>{x}</b> [a](http://b)"}
    app = bring(write(scores_of(stored_study()).rename(columns=hostile), tmp_path, "=cmd [x](y).csv"))
    assert not app.exception
    assert "is stored: 2 models" in first(app)
    app = families()
    assert not app.exception
    assert set(hostile.values()) <= set(table_with(app, "Made by")["Model"])
    figures = "".join(str(chart.proto.spec) for chart in app.get("plotly_chart"))
    assert "<b>{x}" not in figures
    assert "&lt;b" in figures


def test_fifty_models_are_shown_four_at_a_time(store_path: Path, tmp_path: Path) -> None:
    frame = scores_of(stored_study())
    for number in range(48):
        frame[f"model {number}"] = frame["net"] * (number % 3 - 1) + frame["other net"] * number
    app = bring(write(frame.drop(columns=["other net"]), tmp_path))
    assert not app.exception
    assert "49 models" in first(app)
    app = families()
    assert not app.exception
    picker = next(widget for widget in app.multiselect if widget.label.startswith("Models, up to 4"))
    assert len(picker.value) == 4
    assert "has the highest AUC of 4 shown models" in first(app)
    picker.set_value(picker.value[:1])
    assert ", made elsewhere, has AUC" in first(app.run())
    picker = next(widget for widget in app.multiselect if widget.label.startswith("Models, up to 4"))
    picker.set_value([])
    app.run()
    assert not app.exception
    assert "Choose at least one" in first(app)
