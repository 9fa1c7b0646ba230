"""Tables of models made elsewhere in the store: whole, once, exact, and part of an export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sgcore.errors import StoreError
from sgcore.store import Store, open_store

INDEX = pd.Index([2, 3, 5])
SCORES = pd.DataFrame({"=a": [1 / 3, np.nan, 1e-300], "b": [0.1, 0.2, 0.3]}, index=INDEX)
CASES = pd.DataFrame(
    {"image_id": ["007", "NA", "x"], "patient_id": ["1E5", "1E5", "p"], "center": None, "y_true": [0, 1, 1]},
    index=INDEX,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store.duckdb") as opened:
        yield opened


def _add(store: Store, file_id: str = "file", **changes: Any) -> bool:
    given: dict[str, Any] = {
        "study_id": "study",
        "name": "scores.csv",
        "settings": {"label": "y"},
        "cases": CASES,
        "scores": SCORES,
    }
    return store.predictions.add(file_id, **(given | changes))


def test_comes_back_as_it_was_given(store: Store) -> None:
    assert _add(store)
    record, cases, scores = store.predictions.load("file")
    assert record == {"study_id": "study", "name": "scores.csv", "settings": {"label": "y"}}
    pd.testing.assert_frame_equal(scores, SCORES, check_exact=True)
    assert cases.index.tolist() == [2, 3, 5]
    assert cases["image_id"].tolist() == ["007", "NA", "x"]
    assert cases["center"].isna().all()
    assert cases["y_true"].tolist() == [0, 1, 1]


def test_nothing_is_stored_twice_or_changed(store: Store) -> None:
    assert _add(store)
    assert not _add(store, name="other.csv", scores=SCORES * 2)
    assert _add(store, "second", study_id=None)
    files = store.predictions.list()
    assert files["file_id"].tolist() == ["second", "file"]
    assert files["name"].tolist() == ["scores.csv", "scores.csv"]
    assert files["models"].tolist() == [2, 2]
    assert files["cases"].tolist() == [3, 3]
    assert files["study_id"].isna().tolist() == [True, False]
    assert store.predictions.load("file")[2]["b"].tolist() == [0.1, 0.2, 0.3]


def test_a_table_is_stored_whole_or_not_at_all(store: Store) -> None:
    twice = CASES.set_axis([2, 2, 5]), SCORES.set_axis([2, 2, 5])
    with pytest.raises(StoreError):
        _add(store, cases=twice[0], scores=twice[1])
    assert store.predictions.list().empty


def test_an_unknown_table_is_named(store: Store) -> None:
    with pytest.raises(StoreError, match="no file of predictions 'other'"):
        store.predictions.load("other")


def test_export_and_restore_carry_it(store: Store, tmp_path: Path) -> None:
    _add(store)
    _add(store, "alone", study_id=None)
    store.export(tmp_path / "export")
    with open_store(tmp_path / "new.duckdb") as other:
        other.restore(tmp_path / "export")
        pd.testing.assert_frame_equal(other.predictions.list(), store.predictions.list())
        pd.testing.assert_frame_equal(other.predictions.load("alone")[2], SCORES, check_exact=True)
