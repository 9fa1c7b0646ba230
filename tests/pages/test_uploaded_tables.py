"""Tables through the import page's uploader: what is refused, and that no copy outlives its use."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.ui import store
from tests.pages.bringing import PART, families, problems, read, stored_study
from tests.pages.driving import field, finish, first, labels, open_page, press, table_with, text
from tests.support.brought import scores_of
from tests.support.hostile_tables import HOSTILE, HOSTILE_ROLES


def _upload(app: AppTest, name: str, content: str) -> AppTest:
    field(app.get("file_uploader"), "Or the table itself").set_value((name, content.encode(), "text/csv"))
    return finish(press(app.run(), "Take it and read its columns"))


def _copies(path: Path) -> list[str]:
    folder = path.parent / "uploads"
    return sorted(copy.name for copy in folder.rglob("*") if copy.is_file()) if folder.exists() else []


def test_the_copy_goes_once_its_content_is_stored(empty_store: Path) -> None:
    content = "y,a,b\n" + "".join(f"{n % 2},{n % 7}.5,{n % 5 + n % 2}.25\n" for n in range(40))
    app = _upload(open_page("Import", PART), "first.csv", content)
    assert _copies(empty_store) == ["first.csv"]
    app = _upload(app, "second.csv", content)
    assert _copies(empty_store) == ["second.csv"]  # the first one was replaced
    app = _upload(app, "empty.csv", "")
    assert "empty.csv cannot be stored yet" in first(app)
    assert _copies(empty_store) == []
    app = _upload(app, "third.csv", content.replace("0.5", "half"))
    field(app.multiselect, "Columns of scores, one a model").set_value(["a", "b"])
    app = finish(press(app.run(), "Check and store"))
    assert "third.csv cannot be stored yet" in first(app)
    assert _copies(empty_store) == ["third.csv"]  # other roles may still do
    field(app.multiselect, "Columns of scores, one a model").set_value(["b"])
    app = finish(press(app.run(), "Check and store"))
    assert not app.exception
    assert "third.csv is stored: 1 model" in first(app)
    assert list((empty_store.parent / "uploads").iterdir()) == []
    assert len(workflow.every_brought_file(store.store())) == 1


def test_a_table_that_was_named_by_its_path_stays(empty_store: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("y,a\n" + "".join(f"{n % 2},{n % 7}.5\n" for n in range(40)))
    finish(press(read(path), "Check and store"))
    assert path.exists()


def test_hostile_tables(empty_store: Path) -> None:
    app = open_page("Import", PART)
    # Refused when its columns are read, and when it is checked; the command is tried on every one.
    for name in ("a column twice", "terminal"):
        table = HOSTILE[name]
        app = _upload(app, f"{name}.csv", table.content)
        assert ("Check and store" in labels(app.button)) == (name == "terminal")
        if name == "terminal":
            field(app.selectbox, "Label").set_value(HOSTILE_ROLES.label)
            app.run()
            field(app.selectbox, "Positive value").set_value(HOSTILE_ROLES.positive)
            field(app.multiselect, "Columns of scores, one a model").set_value(list(HOSTILE_ROLES.scores))
            app = finish(press(app.run(), "Check and store"))
        assert not app.exception, name
        assert f"{name}.csv cannot be stored yet" in first(app), name
        found = problems(app)
        found = found[found["Rule"].str.contains(table.rule, regex=False)]
        assert found["Row"].tolist() == [table.row], name
        assert table.fix in found["Fix"].item(), name
    assert workflow.every_brought_file(store.store()).empty


def test_independent_groups_are_declared(store_path: Path) -> None:
    frame = scores_of(stored_study()).drop(columns=["image"])
    frame["patient"] = "E" + frame["patient"]
    content = frame.to_csv(index=False)
    app = _upload(open_page("Import", PART), "others.csv", content)
    field(app.selectbox, "Patient").set_value("patient")
    app = finish(press(app.run(), "Check and store"))
    assert "the same people may have other names" in first(app)
    assert "the same patients may be in both" in first(families(unit="image"))
    app = _upload(open_page("Import", PART), "others.csv", content)
    field(app.selectbox, "Patient").set_value("patient")
    field(app.checkbox, "No patient of the file is in the study").set_value(True)
    app = finish(press(app.run(), "Check and store"))
    assert not app.exception
    assert "its patients are others, as was declared" in first(app)
    app = families(unit="image")
    assert not app.exception
    assert "as independent groups of patients" in first(app)
    assert "declared to be of other patients" in text(app)
    assert table_with(app, "Test")["Test"].str.contains("unpaired").any()
