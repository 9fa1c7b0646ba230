"""Rows of the list that are chosen, and names that would be the same in words."""

from __future__ import annotations

from typing import Any

import pytest

from sgcore.ui import browsed_list


def _put(monkeypatch: pytest.MonkeyPatch, rows: list[int]) -> dict[str, Any]:
    """What the session holds after these rows of the list were chosen."""
    session: dict[str, Any] = {"list": {"selection": {"rows": rows, "columns": []}}}
    monkeypatch.setattr(browsed_list.st, "session_state", session)
    browsed_list._choose_row("list", ["entropy", "energy", "contrast"])
    return session


def test_a_chosen_row_is_the_feature_of_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _put(monkeypatch, [2])["put_feature"] == "contrast"


def test_a_row_that_is_let_go_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "put_feature" not in _put(monkeypatch, [])


def test_names_that_are_the_same_in_words_keep_their_own() -> None:
    names = {"original_shape_X": "X", "original_shape2D_X": "X", "y": "Y"}
    assert browsed_list._distinct(names) == {
        "original_shape_X": "X [original_shape_X]",
        "original_shape2D_X": "X [original_shape2D_X]",
        "y": "Y",
    }
