"""Notes on cases: whose, on which image, with what in view; what cannot be kept is refused in words."""

from __future__ import annotations

import duckdb
import pytest

from sgcore import workflow
from sgcore.domain import Study
from sgcore.errors import SgauditError, StoreError, UsageError
from sgcore.workflow import Seen, Store

BLIND = Seen(label=False, scores=False, notes=False)


def _write(store: Store, study: Study, text: str = "a cyst", author: str = "Ada", **settings: str) -> str:
    image = settings.pop("image_id", study.images["image_id"].iloc[0])
    return workflow.write_note(store, study, image, author=author, text=text, seen=BLIND, **settings)


def test_a_note_stores_what_was_in_view_and_how_it_was_written(store: Store, study: Study) -> None:
    first, second = study.images["image_id"].iloc[:2]
    workflow.write_note(
        store,
        study,
        first,
        author="  Ada \n Lovelace ",
        text="\r\n two lines,\r\nindented: \n  - here  \n",
        seen=Seen(label=True, scores=False, notes=True),
        analysis_id="a1",
    )
    workflow.write_note(store, study, second, author="Bo", text="=1+1", seen=BLIND)
    rows = workflow.notes_of(store, study.fingerprint)
    assert rows["author"].tolist() == ["Ada Lovelace", "Bo"]
    assert rows["text"].tolist() == ["two lines,\nindented: \n  - here", "=1+1"]
    assert rows["image_id"].tolist() == [first, second]
    assert rows[["saw_label", "saw_scores", "saw_notes"]].to_numpy().tolist() == [[1, 0, 1], [0, 0, 0]]
    assert rows["analysis_id"].tolist()[0] == "a1"
    assert rows["analysis_id"].isna().tolist() == [False, True]


def test_a_spreadsheet_runs_nothing_of_a_note(store: Store, study: Study) -> None:
    _write(store, study, "=HYPERLINK(1)", author="@sum")
    row = workflow.inert(workflow.notes_of(store, study.fingerprint)).iloc[0]
    assert (row["text"], row["author"]) == ("'=HYPERLINK(1)", "'@sum")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"text": " \n\t "}, "note is empty"),
        ({"text": "\u200b\u2060"}, "note is empty"),
        ({"author": "  "}, "name is empty"),
        ({"text": "x" * 4_001}, r"note has 4,001 letters; at most 4,000 .* Nothing was stored"),
        ({"author": "x" * 101}, "name has 101 letters; at most 100"),
        ({"text": "bell \x07"}, r"cannot be shown \(U\+0007\)"),
        ({"text": "half \ud83e"}, r"cannot be shown \(U\+D83E\)"),
        ({"text": "color \x9b31m \x7f"}, r"cannot be shown \(U\+007F, U\+009B\)"),
        ({"author": "turned \u202e round"}, r"cannot be shown \(U\+202E\)"),
        ({"text": "nothing \x00"}, r"cannot be shown \(U\+0000\)"),
        ({"image_id": "unknown"}, "has no image 'unknown'"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    store: Store, study: Study, given: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        _write(store, study, **given)
    assert workflow.notes_of(store, study.fingerprint).empty


def test_the_longest_note_and_name_are_kept_whole(store: Store, study: Study) -> None:
    _write(store, study, "🫀" * 4_000, author="ß" * 100)
    row = workflow.notes_of(store, study.fingerprint).iloc[0]
    assert (row["text"], row["author"]) == ("🫀" * 4_000, "ß" * 100)


def test_a_note_is_changed_and_withdrawn_by_its_author_alone(store: Store, study: Study) -> None:
    image = study.images["image_id"].iloc[0]
    first = _write(store, study)
    second = _write(store, study, "a solid mass", replaces=first)
    with pytest.raises(StoreError, match="by 'Ada', not by 'Bo'"):
        workflow.withdraw_note(store, study, image, second, author="Bo", seen=BLIND)
    with pytest.raises(UsageError, match="name is empty"):
        workflow.withdraw_note(store, study, image, second, author=" ", seen=BLIND)
    with pytest.raises(UsageError, match="has no image"):
        workflow.withdraw_note(store, study, "unknown", second, author="Ada", seen=BLIND)
    workflow.withdraw_note(store, study, image, second, author=" Ada ", seen=Seen(True, True, True))
    rows = workflow.notes_of(store, study.fingerprint)
    assert rows["status"].tolist() == ["replaced", "withdrawn", "withdrawal"]
    assert rows["text"].tolist()[:2] == ["a cyst", "a solid mass"]
    with pytest.raises(StoreError, match="meanwhile"):
        workflow.withdraw_note(store, study, image, second, author="Ada", seen=BLIND)


def test_a_full_disk_is_said_and_the_next_note_is_kept(
    store: Store, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise duckdb.IOException("IO Error: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("sgcore.store.notes.utc_now", full)
        with pytest.raises(SgauditError, match="is full"):
            _write(store, study)
    assert workflow.notes_of(store, study.fingerprint).empty
    _write(store, study)
    assert len(workflow.notes_of(store, study.fingerprint)) == 1
