"""Text of the dashboard's theme has a contrast of 4.5 to 1, marks of 3 to 1 (WCAG 2), light and dark."""

from __future__ import annotations

import tomllib

import pytest

from sgcore import plots
from tests.support.app import ROOT
from tests.support.contrast import contrast

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


@pytest.mark.parametrize("name", plots.THEMES)
def test_contrast(name: str) -> None:
    theme = CONFIG["theme"][name]
    # Streamlit writes white on a primary button, and draws marks of widgets in the primary color.
    assert contrast("#FFFFFF", theme["primaryColor"]) >= 4.5
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], ground) >= 4.5
        assert contrast(theme["linkColor"], ground) >= 4.5
        assert contrast(theme["primaryColor"], ground) >= 3


@pytest.mark.parametrize("name", plots.THEMES)
def test_figures_stand_on_the_page(name: str) -> None:
    theme, figures = CONFIG["theme"][name], plots.THEMES[name]
    assert (figures.paper, figures.box, figures.text) == (
        theme["backgroundColor"],
        theme["secondaryBackgroundColor"],
        theme["textColor"],
    )


def test_tables_export_through_their_own_download() -> None:
    assert CONFIG["client"]["disableDataExport"] is True
