"""The METRICS score: weights of what applies, between all open items no and all yes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sgcore.report import CHECKLISTS, Answered, Material, answered, metrics_score
from sgcore.report.answers import Answer
from sgcore.report.checklists import Item
from sgcore.report.metrics_score import category

METRICS = CHECKLISTS[2]


def _rows(*answers: tuple[float, str, bool | None]) -> list[Answered]:
    return [
        Answered(Item(str(n), "", "", "", weight), Answer(state, "", holds))
        for n, (weight, state, holds) in enumerate(answers)
    ]


def test_the_range_by_hand() -> None:
    score = metrics_score(
        _rows(
            (0.3, "data", True),
            (0.2, "data", False),
            (0.1, "human", None),
            # A proposal counts as open until somebody has confirmed it.
            (0.2, "confirm", True),
            (0.2, "not_applicable", None),
        )
    )
    assert score.lowest == pytest.approx(100 * 0.3 / 0.8)
    assert score.highest == pytest.approx(100 * 0.6 / 0.8)
    assert (score.n_open, score.n_apart, score.n_items) == (2, 1, 5)
    assert "from 37.5% (low)" in score.sentence
    assert "to 75.0% (good)" in score.sentence


def test_all_yes_is_everything_and_all_no_nothing(deep: Material) -> None:
    rows = answered(METRICS, deep)
    for holds, percent in ((True, 100), (False, 0)):
        known = [replace(row, answer=Answer("data", "", holds)) for row in rows]
        score = metrics_score(known)
        assert (score.lowest, score.highest) == (pytest.approx(percent), pytest.approx(percent))


def test_nothing_that_applies_has_no_score() -> None:
    score = metrics_score(_rows((0.5, "not_applicable", None)))
    assert score.lowest != score.lowest
    assert score.sentence == "METRICS score: no item applies."


def test_conditions_of_the_tool(plain: Material, deep: Material, brought: Material) -> None:
    states = {
        name: {row.item.id: row.answer.state for row in answered(METRICS, material)}
        for name, material in (("plain", plain), ("deep", deep), ("brought", brought))
    }
    assert states["plain"]["17"] == "not_applicable"
    assert states["deep"]["17"] == "confirm"
    # Only people know whether regions are automatic, and what software gave features that were brought.
    assert states["plain"]["9"] == "human"
    assert states["brought"]["12"] == "human"
    assert states["plain"]["12"] == "data"


@pytest.mark.parametrize(
    ("percent", "name"),
    [(100, "excellent"), (80, "excellent"), (79.9, "good"), (40, "moderate"), (39.9, "low"), (0, "very low")],
)
def test_categories(percent: float, name: str) -> None:
    assert category(percent) == name
