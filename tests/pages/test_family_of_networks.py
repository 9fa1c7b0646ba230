"""Every part of every page over families that rest on networks: networks are candidates, too, beside classifiers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.driving import field, first, open_page
from tests.support.app import PAGES

FAMILY_PARTS = (
    "AUC",
    "Sensitivity and specificity",
    "Calibration",
    "Decision curve",
    "Models made elsewhere",
)
CLASSIFIER_PARTS = ("AUC", "Sensitivity and specificity", "Overfitting", "Chance")


@pytest.mark.parametrize("page", list(PAGES))
def test_every_page_opens(network_path: Path, page: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("subset", ["validation", "external"])
@pytest.mark.parametrize("part", FAMILY_PARTS)
def test_families(network_path: Path, part: str, subset: str) -> None:
    app = open_page("Families", part, subset=subset)
    assert not app.exception
    if part == "AUC":
        shown = {str(value) for table in app.dataframe for value in table.value.to_numpy().ravel()}
        assert {"US", "Radiomics", "DL", "RadiomicsDL", "Combined"} <= shown


@pytest.mark.parametrize("family", ["DL", "RadiomicsDL", "Combined"])
@pytest.mark.parametrize("part", CLASSIFIER_PARTS)
def test_classifiers(network_path: Path, part: str, family: str) -> None:
    app = open_page("Classifiers", part, family=family)
    assert not app.exception
    assert field(app.selectbox, "Family").value == family


@pytest.mark.parametrize("part", CLASSIFIER_PARTS)
def test_several_networks_are_candidates_of_their_family(brought_networks_path: Path, part: str) -> None:
    app = open_page("Classifiers", part, family="DL")
    assert not app.exception
    if part == "AUC":
        assert "was picked of 2" in first(app)


@pytest.mark.parametrize("family", ["DL", "RadiomicsDL", "Combined"])
def test_centers(network_path: Path, family: str) -> None:
    app = open_page("Centers", family=family)
    assert not app.exception


def test_another_network_in_the_centers(brought_networks_path: Path) -> None:
    app = open_page("Centers", family="DL")
    options = field(app.selectbox, "Classifier").options
    assert len(options) == 2
    field(app.selectbox, "Classifier").select_index(1).run()
    assert not app.exception
