"""Notes on the case page: written, found again, hidden with label and scores, changed, withdrawn, refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.ui import store
from sgcore.ui.chosen_case import key_of
from sgcore.workflow import Seen
from tests.pages.driving import choose, field, first, labels, open_page, press, table_with, text, turn

BLIND, OPEN = Seen(label=False, scores=False, notes=False), Seen(label=True, scores=True, notes=True)


def _image(place: int = 0) -> tuple[str, str]:
    """An image of the store's study, and its key in a link."""
    study_id = store.studies()["study_id"].iloc[0]
    image_id = store.study(study_id).cases()["image_id"].iloc[place]
    return image_id, key_of(study_id, image_id)


def _rows() -> list[dict[str, Any]]:
    study_id = store.studies()["study_id"].iloc[0]
    return workflow.notes_of(store.store(), study_id).to_dict("records")


def _left(said: str, author: str = "Bo", seen: Seen = OPEN, place: int = 0) -> str:
    """A note that somebody left before."""
    study = store.study(store.studies()["study_id"].iloc[0])
    return workflow.write_note(store.store(), study, _image(place)[0], author=author, text=said, seen=seen)


def _open(place: int = 0, **chosen: str) -> AppTest:
    return open_page("Case", case=_image(place)[1], **chosen)


def _write(app: AppTest, said: str, author: str | None = "Ada") -> AppTest:
    if author is not None:
        field(app.text_input, "Your name").set_value(author)
    field(app.text_area, "Note on this image").set_value(said)
    return press(app, "Save note")


def _notes(app: AppTest) -> list[str]:
    return [element.value for element in app.text]


def _blind(app: AppTest) -> AppTest:
    field(app.toggle, "Hide label and scores").set_value(True)
    return app.run()


def test_a_note_is_found_again_with_name_time_and_what_was_visible(store_path: Path) -> None:
    app = _open()
    assert "No notes on this image yet." in text(app)
    _write(app, "**Not** bold <b>at</b> all:\n[a cyst](http://x.y) $x$")
    assert not app.exception
    assert [element.value for element in app.success] == [r"Saved\."]
    assert field(app.text_area, "Note on this image").value == ""
    (row,) = _rows()
    assert (row["saw_label"], row["saw_scores"]) == (True, True)
    assert row["analysis_id"] == app.session_state["view"].analysis_id
    again = _open()
    assert _notes(again) == ["**Not** bold <b>at</b> all:\n[a cyst](http://x.y) $x$"]
    said = text(again)
    assert (
        f"**Ada** :small[{row['written_at']:%Y-%m-%d %H:%M} UTC · label and scores visible when written"
        in said
    )
    assert field(again.text_input, "Your name").value == ""
    assert _notes(choose(again, case=_image(1)[1])) == []


def test_a_blinded_note_says_so(store_path: Path) -> None:
    # Another image: what was on the page of this one was seen.
    app = turn(_blind(_open(1)), "Case", case=_image()[1])
    assert "It will say: label and scores hidden when written." in text(app)
    _write(app, "looks benign")
    assert (_rows()[0]["saw_label"], _rows()[0]["saw_scores"], _rows()[0]["saw_notes"]) == (False,) * 3
    assert _notes(app) == ["looks benign"]
    field(app.toggle, "Hide label and scores").set_value(False)
    app.run()
    _write(app, "malignant after all", None)
    assert [row["saw_label"] for row in _rows()] == [False, True]
    assert _notes(app) == ["malignant after all", "looks benign"]


def test_notes_that_may_give_the_label_away_are_hidden_until_asked_for(store_path: Path) -> None:
    _left("blind, by another", seen=BLIND)
    _left("own, with the label in view", "Ada")
    _left("own and blind", "Ada", BLIND)
    app = _open()
    field(app.text_input, "Your name").set_value("Ada")
    app.run()
    assert len(_notes(app)) == 3
    assert app.get("download_button")
    assert "csv_case-notes" in _keys(app)
    _blind(app)
    assert _notes(app) == ["own and blind"]
    assert "2 notes may give label or scores away." in text(app)
    assert "csv_case-notes" not in _keys(app)
    field(app.toggle, "Show all notes of this image").set_value(True)
    app.run()
    assert len(_notes(app)) == 3
    assert "label and scores visible when written" in text(app)
    _write(app, "after reading others", None)
    assert [_rows()[-1][name] for name in ("saw_label", "saw_scores", "saw_notes")] == [True, True, True]


def _keys(app: AppTest) -> str:
    return " ".join(button.proto.id for button in app.get("download_button"))


def test_scores_of_a_what_if_that_are_closed_count_as_hidden(what_if_path: Path) -> None:
    study_id = store.studies()["study_id"].iloc[0]
    cases = store.study(study_id).cases().reset_index(drop=True)
    place = int(cases.index[cases["subset"] == "external"][0])
    tried = store.analyses(study_id)["analysis_id"].iloc[-1]
    app = _open(place, analysis=tried)
    assert "its scores are closed" in first(app)
    _write(app, "before the scores")
    assert (_rows()[0]["saw_label"], _rows()[0]["saw_scores"]) == (True, False)
    assert "label visible, scores hidden" in text(app)


def test_what_was_typed_survives_turning_to_another_image(store_path: Path) -> None:
    app = _open()
    field(app.text_input, "Your name").set_value("Ada")
    field(app.text_area, "Note on this image").set_value("half a thought")
    press(app, "Next")
    assert field(app.text_area, "Note on this image").value == ""
    assert field(app.text_input, "Your name").value == "Ada"
    press(app, "Previous")
    assert field(app.text_area, "Note on this image").value == "half a thought"
    assert _rows() == []
    press(app, "Save note")
    assert _rows()[0]["image_id"] == _image()[0]


@pytest.mark.parametrize(
    ("said", "author", "message"),
    [
        ("  ", "Ada", "The note is empty"),
        ("a cyst", " ", "The name is empty"),
        ("x" * 4_001, "Ada", "The note has 4,001 letters"),
    ],
)
def test_what_is_refused_stays_in_the_field(store_path: Path, said: str, author: str, message: str) -> None:
    app = _write(_open(), said, author)
    assert not app.exception
    assert message in app.error[0].value.replace("\\", "")
    assert field(app.text_area, "Note on this image").value == said
    assert _rows() == []
    assert not app.run().error


def test_a_store_that_cannot_be_written_keeps_the_text(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> None:
        raise duckdb.IOException("Cannot write: the file is opened in read-only mode")

    app = _open()
    monkeypatch.setattr("sgcore.store.notes.utc_now", refused)
    _write(app, "a cyst")
    assert not app.exception
    assert "cannot be written. Check the rights of the file" in app.error[0].value.replace("\\", "")
    assert field(app.text_area, "Note on this image").value == "a cyst"


def test_only_own_notes_are_changed_and_withdrawn(store_path: Path) -> None:
    _left("by Bo")
    note_id = _left("by Ada", "Ada")
    app = _open()
    assert "Yes, withdraw it" not in labels(app.button)
    field(app.text_input, "Your name").set_value("Ada")
    app.run()
    assert labels(app.button).count("Yes, withdraw it") == 1
    field(app.text_area, "Note").set_value("by Ada, once more")
    press(app, "Save the change")
    assert _notes(app) == ["by Ada, once more", "by Bo"]
    assert "No longer shown, but on record and in the download: 1 replaced." in text(app)
    press(app, "Yes, withdraw it")
    assert _notes(app) == ["by Bo"]
    assert "1 replaced and 1 withdrawn." in text(app)
    assert [row["status"] for row in _rows()] == ["stands", "replaced", "withdrawn", "withdrawal"]
    assert _rows()[1]["note_id"] == note_id


def test_a_note_withdrawn_in_another_tab_is_not_changed_here(store_path: Path) -> None:
    _left("by Ada", "Ada")
    one, other = _open(), _open()
    for app in (one, other):
        field(app.text_input, "Your name").set_value("Ada")
        app.run()
    press(one, "Yes, withdraw it")
    field(other.text_area, "Note").set_value("changed")
    press(other, "Save the change")
    assert not other.exception
    assert "changed or withdrawn meanwhile" in other.error[0].value
    assert _notes(other) == []
    assert [row["status"] for row in _rows()] == ["withdrawn", "withdrawal"]
    # What was typed is not lost with the note that it was to replace.
    assert "field for a new note" in other.error[0].value
    assert [box.value for box in other.text_area] == ["changed"]


def test_many_notes_are_folded_and_all_can_be_reached(store_path: Path) -> None:
    for number in range(45):
        _left(f"note {number}")
    app = _open()
    assert _notes(app) == [f"note {number}" for number in range(44, 4, -1)]
    assert "25 earlier notes" in labels(app.expander)
    picker = field(app.selectbox, "Notes")
    assert picker.options == ["21 to 40", "41 to 45"]
    picker.select_index(1)
    app.run()
    assert _notes(app)[20:] == [f"note {number}" for number in range(4, -1, -1)]


def test_the_gallery_finds_images_with_a_note(store_path: Path) -> None:
    app = open_page("Gallery", subset="train")
    assert "Notes" not in labels(app.selectbox)
    image_id, _ = _image()
    _left("a cyst")
    every = len(table_with(app.run(), "Image"))
    field(app.selectbox, "Notes").select("with")
    app.run()
    assert not app.exception
    assert list(table_with(app, "Image")["Image"]) == [image_id]
    field(app.selectbox, "Notes").select("without")
    assert len(table_with(app.run(), "Image")) == every - 1


@pytest.mark.parametrize("name", ["it's \"one\" of 'them'", "x" * 200])
def test_an_image_with_a_strange_name_has_notes_too(store_path: Path, name: str) -> None:
    before, _ = _image()
    store.store().close()
    with duckdb.connect(str(store_path)) as raw:
        tables = raw.execute(
            "SELECT table_name FROM duckdb_columns() WHERE column_name = 'image_id'"
        ).fetchall()
        for (table,) in tables:
            raw.execute(f'UPDATE "{table}" SET image_id = ? WHERE image_id = ?', [name, before])
        raw.execute("UPDATE study_tables SET id = $1 WHERE id = $2 AND kind <> 'patients'", [name, before])
        raw.execute(
            "UPDATE study_tables SET row = replace(row::VARCHAR, $2, $1)::JSON",
            [json.dumps(name), json.dumps(before)],
        )
    st.cache_data.clear()
    st.cache_resource.clear()
    app = _write(_open(), "a cyst")
    assert not app.exception
    assert name.split(maxsplit=1)[0] in first(app)
    assert (_rows()[0]["image_id"], _notes(_open())) == (name, ["a cyst"])
