"""Figures of resampling: every draw and every model is drawn, and what is missing says why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import plots
from sgcore.plots import DARK, LIGHT

REPEATS = pd.DataFrame(
    {
        "family": "Radiomics",
        "classifier": ["LR", "SVM"],
        "auc": [0.72, np.nan],
        "ci_low": [0.6, np.nan],
        "ci_high": [0.81, np.nan],
        "lowest": [0.69, np.nan],
        "highest": [0.77, np.nan],
        "fitted": [0.99, np.nan],
        "repeats": 20,
        "reason": ["", "one class only (n = 4, all <negative>)"],
    }
)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_repeats_stand_beside_the_fitted_auc(theme) -> None:
    figure = plots.optimism(REPEATS, theme, family="Radiomics", picked="LR")
    names = [trace.name for trace in figure.data]
    assert names == [
        "single repeats, lowest to highest",
        "mean of the repeats, 95% interval",
        "on the patients it was fitted on",
    ]
    assert list(figure.data[0].x) == [0.69, 0.77]
    assert figure.data[2].x[0] == 0.99
    (note,) = [a.text for a in figure.layout.annotations if "one class" in (a.text or "")]
    assert "&lt;negative&gt;" in note
    assert "<b>LR</b> (picked)" in figure.layout.yaxis.categoryarray


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_null_holds_every_permutation_and_the_reported_auc(theme) -> None:
    null = np.linspace(0.4, 0.6, 50)
    figure = plots.null_histogram(null, pd.Series({"observed": 0.74}), theme, family="US")
    assert len(figure.data[0].x) == 50
    assert 0.74 in [shape.x0 for shape in figure.layout.shapes]
    assert any("reported 0.740" in (a.text or "") for a in figure.layout.annotations)


def test_features_of_the_model_are_filled_and_residue_is_named() -> None:
    detail = pd.DataFrame(
        {
            "feature": ["original_glcm_Contrast", "wavelet-LHH_glcm_SumEntropy", "a", "b"],
            "frequency": [0.9, 0.5, 0.2, 0.0],
            "selected": [True, False, True, False],
        }
    )
    figure = plots.frequencies(detail, LIGHT, family="Radiomics", residue={"wavelet-LHH_glcm_SumEntropy"})
    drawn = {trace.name: list(trace.x) for trace in figure.data}
    assert drawn == {"in the model": [0.9, 0.2], "not in the model": [0.5]}
    assert any("numerical residue" in text for text in figure.layout.yaxis.ticktext)
    assert len(plots.frequencies(detail, LIGHT, family="US", residue=set(), top=1).layout.yaxis.ticktext) == 1


def test_features_whose_names_differ_in_the_middle_do_not_read_alike() -> None:
    names = [f"log-sigma-{size}-0-mm-3D_gldm_LargeDependenceLowGrayLevelEmphasis" for size in (1, 2, 3)]
    detail = pd.DataFrame({"feature": names, "frequency": [0.9, 0.5, 0.2], "selected": True})
    figure = plots.frequencies(detail, LIGHT, family="Radiomics", residue=set(names))
    labels = figure.layout.yaxis.ticktext
    assert len(set(labels)) == 3
    assert all(label.startswith("numerical residue (") for label in labels)
