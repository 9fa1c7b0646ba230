"""What is said beside a family's name where the name promises more than its model rests on."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from sgcore.ui.results import ratio_alone


def _view(*rows: tuple[str, str, str]) -> SimpleNamespace:
    trace = pd.DataFrame(rows, columns=["family", "feature", "step"])
    return SimpleNamespace(frame=lambda kind: trace if kind == "selection" else pd.DataFrame())


@pytest.mark.parametrize("ratio", ["aspect_ratio", "aspect_ratio < 1"])
def test_a_computed_ratio_is_no_reader(ratio: str) -> None:
    view = _view(("US", ratio, "selected"), ("US", "margin", "excluded"), ("Radiomics", "a_b_c", "selected"))
    assert "no reader's descriptors" in ratio_alone(view, "US")
    assert ratio_alone(view, "Radiomics") == ""


def test_with_a_readers_descriptor_nothing_is_said() -> None:
    assert ratio_alone(_view(("US", "aspect_ratio", "selected"), ("US", "margin", "selected")), "US") == ""
    assert ratio_alone(_view(("US", "margin", "univariate")), "US") == ""
    assert ratio_alone(_view(), "US") == ""
