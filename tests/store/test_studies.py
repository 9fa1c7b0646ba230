"""A study comes back from the store, and from an export of it, with every table of networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort import load_study
from sgcore.domain import Study
from sgcore.store import open_store
from tests.support.studies import make_features_study

TABLES = ("patients", "images", "features", "deep_features", "deep_scores", "training_curves")


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    """A study without images that brings two networks of other lengths, one image of one unscored."""
    path = make_features_study(tmp_path / "study")
    ids = pd.read_csv(path.parent / "images.csv", dtype=str)["image_id"]
    rng = np.random.default_rng(0)
    features = pd.concat(
        [
            pd.DataFrame(rng.normal(size=(len(ids), length)) * 10.0 ** rng.integers(-30, 30, length))
            .add_prefix("f")
            .assign(image_id=ids, backbone=name)
            for name, length in (("resnet50", 4), ("vgg", 3))
        ]
    )
    curves = "backbone,epoch,subset,loss,auc\nresnet50,1,train,0.1,\nresnet50,1,validation,0.3,0.7\n"
    tables = {
        "deep_features": features.to_csv(index=False),
        "deep_scores": features[["image_id", "backbone"]]
        .assign(score=rng.uniform(size=len(features)))
        .iloc[1:]
        .to_csv(index=False),
        "training_curves": curves + "resnet50,2,train,0.05,0.999\n",
    }
    for name, content in tables.items():
        (path.parent / f"{name}.csv").write_text(content)
    path.write_text(path.read_text() + "".join(f'{name} = "{name}.csv"\n' for name in tables))
    return path


def _same(found: Study, study: Study) -> None:
    for name in TABLES:
        # Numbers bit by bit; a column without a value, and text, may come back as another kind of missing.
        pd.testing.assert_frame_equal(
            getattr(found, name), getattr(study, name), check_exact=True, check_dtype=False, obj=name
        )
    assert found.deep_features.dtypes.tolist()[2:] == [np.float64] * 4
    assert found.training_curves["epoch"].dtype == np.int64
    assert found.warnings == study.warnings
    assert found.notes == study.notes


def test_networks_come_back_exactly(toml: Path, tmp_path: Path) -> None:
    study = load_study(toml)
    with open_store(tmp_path / "s.duckdb") as store:
        assert store.studies.add(study)
        assert not store.studies.add(study)
        _same(store.studies.load(study.fingerprint), study)
        store.export(tmp_path / "export")
    with open_store(tmp_path / "copy.duckdb") as copy:
        copy.restore(tmp_path / "export")
        _same(copy.studies.load(study.fingerprint), study)


def test_a_study_without_networks_has_none(tmp_path: Path) -> None:
    study = load_study(make_features_study(tmp_path / "study"))
    with open_store(tmp_path / "s.duckdb") as store:
        store.studies.add(study)
        found = store.studies.load(study.fingerprint)
    assert (found.deep_features, found.deep_scores, found.training_curves) == (None, None, None)


def test_a_changed_score_is_a_second_study(toml: Path, tmp_path: Path) -> None:
    first = load_study(toml)
    scores = toml.parent / "deep_scores.csv"
    frame = pd.read_csv(scores, dtype=str)
    frame.loc[3, "score"] = "0.5"
    frame.to_csv(scores, index=False)
    second = load_study(toml)
    with open_store(tmp_path / "s.duckdb") as store:
        assert store.studies.add(first)
        assert store.studies.add(second)
        assert len(store.studies.list()) == 2
        assert store.studies.load(second.fingerprint).deep_scores["score"][3] == 0.5
        assert store.studies.load(first.fingerprint).deep_scores["score"][3] != 0.5
