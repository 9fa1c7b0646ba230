"""A study's own text reaches every figure as it is written: no tag, no entity, no place for a value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import plots
from sgcore.plots import words
from tests.plots import frames

HOSTILE = "<b>a</b> &lt; %{x}"


def _texts(value: object) -> list[str]:
    """Every text of a figure, hovers and custom data included."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list | tuple | np.ndarray):
        return [text for part in value for text in _texts(part)]
    return []


def test_inert() -> None:
    assert words.inert(HOSTILE) == "&lt;b&gt;a&lt;/b&gt; &amp;lt; %&#123;x}"
    assert words.feature("<i>_glcm_Odd") == "Odd (GLCM, <i>)"


def _odds() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model": "univariable",
            "term": [HOSTILE],
            "odds_ratio": 2.0,
            "ci_low": 1.0,
            "ci_high": 4.0,
            "p": 0.04,
        }
    )


def _fates() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "feature": [HOSTILE],
            "feature_class": ["other"],
            "step": ["selected"],
            "p": [0.01],
            "q": [0.02],
            "residue": [False],
        }
    )


def _path() -> tuple[pd.DataFrame, pd.DataFrame]:
    path = pd.DataFrame({"alpha": [0.01, 0.1], "feature": HOSTILE, "coefficient": [0.3, 0.0]})
    curve = pd.DataFrame(
        {"alpha": [0.01, 0.1], "error_mean": [0.2, 0.3], "error_se": [0.1, 0.1], "chosen": [True, False]}
    )
    return path, curve


def _pairs() -> pd.DataFrame:
    return frames.comparisons().assign(reason=HOSTILE)


_GROUP = plots.Group(HOSTILE, 1, 1, 1, 0)
FIGURES = {
    "flow": lambda t: plots.flow(_GROUP, [_GROUP], [_GROUP], t, (HOSTILE, HOSTILE)),
    "centers": lambda t: plots.center_labels(
        pd.DataFrame({"center": [HOSTILE], "role": "external", "A": 3, HOSTILE: 4}), t, ("A", HOSTILE)
    ),
    "differences": lambda t: plots.differences(
        pd.DataFrame({"variable": [HOSTILE], "smd": 0.2}), t, name="variable"
    ),
    "odds": lambda t: plots.odds_ratios(_odds(), t),
    "dots": lambda t: plots.family_dots(
        frames.evaluations().query("picked").assign(auc=np.nan, reason=HOSTILE), t
    ),
    "matrix": lambda t: plots.difference_matrix(_pairs(), t, ["DL", "Radiomics", "RadiomicsDL"]),
    "correlations": lambda t: plots.correlation_map(
        pd.DataFrame([[1.0, 0.2], [0.2, 1.0]], index=[HOSTILE, "b"], columns=[HOSTILE, "b"]), t
    ),
    "p values": lambda t: plots.p_values(_fates(), t, threshold=0.05, correction="none"),
    "lasso": lambda t: plots.lasso_path(*_path(), t, {HOSTILE: HOSTILE}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_markup_of_the_study_in_a_figure(name: str) -> None:
    figure = FIGURES[name](plots.LIGHT)
    texts = _texts(figure.to_dict())
    assert any("&lt;b&gt;a" in text for text in texts)
    for text in texts:
        assert "<b>a</b>" not in text
        assert "&lt; %" not in text
        assert "> %{x}" not in text
