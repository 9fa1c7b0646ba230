"""Families that rest on networks are in no draw of a resampling: the pages say so where they would be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.driving import choose, labels, open_page, text

SAYS = "RadiomicsDL is not drawn anew: its network saw the labels and patients as they are"


@pytest.mark.parametrize(
    ("page", "part", "button"),
    [
        ("Classifiers", "Overfitting", "Repeat the cross-validation"),
        ("Classifiers", "Chance", "Permute the labels"),
        ("Centers", None, "Leave each center out"),
        ("Selection", None, "Repeat the selection"),
    ],
)
def test_a_family_of_networks(network_path: Path, page: str, part: str | None, button: str) -> None:
    app = open_page(page, part, family="RadiomicsDL")
    assert not app.exception
    assert SAYS in text(app)
    assert button not in labels(app.button)
    choose(app, family="Radiomics")
    assert not app.exception
    assert "is not drawn anew" not in text(app)
    assert button in labels(app.button)
