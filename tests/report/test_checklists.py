"""The checklists are whole, and every item has an answer in every study."""

from __future__ import annotations

import json

import pytest

from sgcore.report import CHECKLISTS, Material, answered, as_json, counts
from sgcore.report.answers import ANSWERS

TRIPOD, CLEAR, METRICS = CHECKLISTS
#: Items of TRIPOD+AI (BMJ 2024;385:e078378) with sub-items, by their numbers.
PARTS = {
    "3": "abc", "5": "ab", "6": "abc", "8": "abc", "9": "abc", "12": "abcdefg", "18": "abcdef", "20": "abc",
    "23": "ab", "27": "abc",
}  # fmt: skip
#: Weights of items 1 to 30 of the METRICS tool (metricsscore.github.io; doi 10.1186/s13244-023-01572-w).
WEIGHTS = [
    0.037, 0.074, 0.092, 0.044, 0.029, 0.044, 0.029, 0.034, 0.022, 0.011, 0.062, 0.031, 0.041, 0.02, 0.02, 0.03, 0.02,
    0.06, 0.03, 0.035, 0.023, 0.018, 0.012, 0.029, 0.018, 0.037, 0.075, 0.007, 0.007, 0.007,
]  # fmt: skip


def test_all_items_are_there_in_their_order() -> None:
    wanted = [f"{n}{part}" for n in map(str, range(1, 28)) for part in PARTS.get(n, [""])]
    assert [item.id for item in TRIPOD.items] == wanted
    assert [item.id for item in CLEAR.items] == [str(n) for n in range(1, 59)]
    assert [(item.id, item.weight) for item in METRICS.items] == [
        (str(n), weight) for n, weight in enumerate(WEIGHTS, start=1)
    ]
    assert len(dict.fromkeys(item.section for item in METRICS.items)) == 9
    assert [each.scored for each in CHECKLISTS] == [False, False, True]


def test_every_answer_is_of_a_known_function_and_each_of_these_is_used() -> None:
    used = {item.answer for checklist in CHECKLISTS for item in checklist.items}
    helpers = set(ANSWERS) - used
    assert used <= set(ANSWERS)
    assert not helpers


@pytest.mark.parametrize("study", ["plain", "deep", "brought"])
def test_every_item_is_answered_in_every_study(study: str, request: pytest.FixtureRequest) -> None:
    material: Material = request.getfixturevalue(study)
    for checklist in CHECKLISTS:
        rows = answered(checklist, material)
        assert sum(counts(rows).values()) == len(checklist.items)
        for row in rows:
            assert row.answer.text.strip() == row.answer.text, row
            assert row.answer.text.endswith((".", "]")), row
            assert "nan" not in row.answer.text.split(), row
            # What people alone can say has no yes or no.
            assert row.answer.state not in ("human", "not_applicable") or row.answer.holds is None, row
        if checklist.scored:
            # A score needs a yes or a no of all that is answered from data.
            assert all(row.answer.holds is not None for row in rows if row.answer.state == "data")


def test_the_plain_form_is_json_with_all_items(deep: Material) -> None:
    found = as_json(METRICS, answered(METRICS, deep))
    again = json.loads(json.dumps(found))
    assert again == found
    assert len(found["items"]) == 30
    assert found["items"][2]["weight"] == 0.092
    assert sum(found["counts"].values()) == 30
    assert "weight" not in as_json(CLEAR, answered(CLEAR, deep))["items"][0]
