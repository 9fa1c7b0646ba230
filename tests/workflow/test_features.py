"""Features of a family: their list, the values behind it, patients against images, and what stands for size."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from sgcore import workflow
from sgcore.config import BROUGHT
from sgcore.errors import UsageError
from tests.support.app import network_store


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[workflow.Analysis]:
    path = tmp_path_factory.mktemp("features") / "store.duckdb"
    shutil.copy(network_store(tmp_path_factory), Path(path))
    with workflow.open_store(path) as store:
        study_id = workflow.list_studies(store)["study_id"].iloc[0]
        yield workflow.load_analysis(store, workflow.reference_id(store, study_id) or "")


@pytest.mark.parametrize("family", ["US", "Radiomics", "RadiomicsDL", "Combined"])
def test_every_feature_of_the_trace_is_listed_and_has_values(
    analysis: workflow.Analysis, family: str
) -> None:
    trace = analysis.frame("selection")
    listed = workflow.list_features(analysis, family, "patient")
    assert sorted(listed["feature"]) == sorted(trace.loc[trace["family"] == family, "feature"])
    selected = (listed["step"] == "selected").to_numpy()
    assert not selected[selected.argmin() :].any()
    for feature in listed["feature"]:
        values = workflow.feature_cases(analysis, family, feature)
        assert list(values["image_id"]) == list(analysis.study.images["image_id"])
        assert values["value"].notna().any()


def test_dl_has_no_features(analysis: workflow.Analysis) -> None:
    assert workflow.list_features(analysis, "DL", "patient").empty


def test_values_are_those_of_their_source(analysis: workflow.Analysis) -> None:
    name = analysis.features.values.columns[2]
    radiomics = workflow.feature_cases(analysis, "Radiomics", name).set_index("image_id")["value"]
    pd.testing.assert_series_equal(
        radiomics.sort_index(), analysis.features.values[name].sort_index(), check_names=False
    )
    components = analysis.frame("deep_components").query("component == 'DL_1'").set_index("image_id")["value"]
    deep = workflow.feature_cases(analysis, "RadiomicsDL", "DL_1").set_index("image_id")["value"]
    pd.testing.assert_series_equal(deep.sort_index(), components.sort_index(), check_names=False)
    described = analysis.study.descriptors
    assert described is not None
    ratio = workflow.feature_cases(analysis, "US", "aspect_ratio < 1")["value"]
    assert list(ratio) == list(described["aspect_ratio"])
    margin = workflow.feature_cases(analysis, "Combined", "margin")["value"]
    assert set(margin) == {"clear", "ill-defined"}


def test_a_feature_that_is_not_there(analysis: workflow.Analysis) -> None:
    with pytest.raises(UsageError, match="no feature 'nonsense' in its family US"):
        workflow.feature_cases(analysis, "US", "nonsense")


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_correlation_with_size_is_of_training_cases(analysis: workflow.Analysis, unit: Any) -> None:
    size = workflow.lesion_size(analysis)
    # The preset of this analysis has no shape features.
    assert size is not None
    assert (size.feature, size.unit) == (None, "in pixels, whatever their size")
    row = workflow.list_features(analysis, "Radiomics", unit).iloc[0]
    cases = workflow.feature_cases(analysis, "Radiomics", row["feature"])
    cases["size"] = cases["image_id"].map(size.values)
    train = cases[cases["subset"] == "train"]
    if unit == "patient":
        train = train.groupby("patient_id")[["value", "size"]].mean()
    assert row["size_rho"] == pytest.approx(spearmanr(train["value"], train["size"]).statistic)
    assert row["size_n"] == len(train)
    assert np.isnan(row["size_low"]) == (unit == "image")


def test_descriptors_in_words_have_no_correlation(analysis: workflow.Analysis) -> None:
    rows = workflow.list_features(analysis, "US", "patient").set_index("feature")
    assert rows.loc["margin", "size_reason"] == "it is no number"
    assert np.isfinite(rows.loc["aspect_ratio < 1", "size_rho"])


def _made(values: dict[str, float], spacing: list[float], preset: str = "planar-2d") -> Any:
    images = pd.DataFrame({"image_id": ["a", "b"], "pixel_spacing_mm": spacing, "roi_pixels": [100, 200]})
    table = pd.DataFrame(values, index=pd.Index(["a", "b"], name="image_id"))
    return SimpleNamespace(
        study=SimpleNamespace(images=images),
        features=SimpleNamespace(values=table),
        config=SimpleNamespace(preset=preset),
    )


def test_what_stands_for_the_size_of_a_lesion() -> None:
    both = {"original_shape_MeshVolume": 2.0, "original_shape2D_MeshSurface": 1.0}
    known = workflow.lesion_size(_made(both, [0.1, 0.1]))
    assert known is not None
    assert (known.feature, known.unit) == ("original_shape2D_MeshSurface", "in mm²")
    mixed = workflow.lesion_size(_made({"original_shape_VoxelVolume": 2.0}, [0.1, np.nan]))
    assert mixed is not None
    assert mixed.unit == "in mm² where the pixel size is known (1 of 2 images), else in pixels"
    brought = workflow.lesion_size(_made(both, [np.nan, np.nan], preset=BROUGHT))
    assert brought is not None
    assert brought.unit == "in the study's own unit"
    pixels = workflow.lesion_size(_made({"other": 1.0}, [0.1, 0.1]))
    assert pixels is not None
    assert list(pixels.values) == [100.0, 200.0]
    without = _made({"other": 1.0}, [np.nan, np.nan])
    without.study.images["roi_pixels"] = np.nan
    assert workflow.lesion_size(without) is None


def _images(values: list[Any]) -> pd.DataFrame:
    """Two images of p, three of q, one of r."""
    return pd.DataFrame(
        {
            "image_id": list("abcdef"),
            "patient_id": list("ppqqqr"),
            "center": "Alpha",
            "subset": "train",
            "y": [0, 0, 1, 1, 1, 0],
            "value": pd.Series(values),
        }
    )


def test_patients_have_the_mean_of_their_images_that_have_a_value() -> None:
    rows = workflow.count_values(_images([1.0, 3.0, 5.0, np.nan, 6.0, np.nan]), "patient")
    assert rows["called"].tolist() == ["p", "q", "r"]
    assert rows["value"].tolist() == pytest.approx([2.0, 5.5, np.nan], nan_ok=True)
    assert rows["n_images"].tolist() == [2, 2, 0]
    assert rows["y"].tolist() == [0, 1, 0]
    by_image = workflow.count_values(_images([1.0, 3.0, 5.0, np.nan, 6.0, np.nan]), "image")
    assert by_image["called"].tolist() == list("abcdef")


def test_patients_have_the_most_frequent_level_of_their_images_and_the_first_of_equal_ones() -> None:
    rows = workflow.count_values(_images(["x", "y", "z", "y", "y", None]), "patient")
    assert rows["value"].tolist() == ["x", "y", "not recorded"]
    by_image = workflow.count_values(_images(["x", "y", "z", "y", "y", None]), "image")
    assert by_image["value"].iloc[-1] == "not recorded"
