"""Missing families are said once, with the reason that they share."""

from __future__ import annotations

from sgcore.ui.page import _once


def test_a_shared_end_is_said_once() -> None:
    reasons = {
        "US": "no descriptors",
        "DL": "needs scores; the run left networks out",
        "Combined": "needs features; the run left networks out",
    }
    assert _once(reasons) == [
        "US: no descriptors",
        "DL (needs scores) and Combined (needs features): the run left networks out",
    ]


def test_reasons_of_their_own_stay_whole() -> None:
    assert _once({"DL": "needs scores; no network"}) == ["DL: needs scores; no network"]
    assert _once({"US": "too few", "DL": "too few"}) == ["US and DL: too few"]
    assert _once({}) == []
