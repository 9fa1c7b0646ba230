"""What costly audit jobs found comes back as it was, is written once, and goes into an export."""

from __future__ import annotations

import pandas as pd

from sgcore.store import open_store

FOUND = pd.DataFrame({"a": ["x", None], "auc": [0.1 + 0.2, None], "n": [1, 2], "same": [True, False]})


def test_a_frame_comes_back_with_every_digit_and_stays_the_first(tmp_path):
    with open_store(tmp_path / "s.duckdb") as store:
        assert list(store.evidence.frame("study", "pairs").columns) == []
        store.evidence.add("study", "pairs", FOUND)
        store.evidence.add("study", "pairs", FOUND.iloc[:0])
    with open_store(tmp_path / "s.duckdb") as store:
        again = store.evidence.frame("study", "pairs")
        assert list(again.columns) == list(FOUND.columns)
        assert again["auc"].iloc[0] == 0.1 + 0.2
        assert again.isna().to_numpy().tolist() == FOUND.isna().to_numpy().tolist()
        assert again["same"].tolist() == [True, False]
        assert list(store.evidence.frame("another", "pairs").columns) == []


def test_nothing_found_is_told_from_not_looked_for(tmp_path):
    with open_store(tmp_path / "s.duckdb") as store:
        store.evidence.add("study", "pairs", FOUND.iloc[:0])
        found = store.evidence.frame("study", "pairs")
    assert found.empty
    assert list(found.columns) == list(FOUND.columns)


def test_an_export_holds_it(tmp_path):
    with open_store(tmp_path / "s.duckdb") as store:
        store.evidence.add("study", "pairs", FOUND)
        store.mutings.add("study", "SGA003", "Ada", "one image each")
        store.export(tmp_path / "out")
    with open_store(tmp_path / "again.duckdb") as store:
        store.restore(tmp_path / "out")
        assert len(store.evidence.frame("study", "pairs")) == 2
        assert store.mutings.of("study")["reason"].tolist() == ["one image each"]
