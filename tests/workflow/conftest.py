"""The small study that several tests read, a store of a test's own, and what an analysis would have stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore import workflow
from sgcore.cohort import load_study
from sgcore.domain import Study
from sgcore.workflow import Store
from tests.support.brought import CHOSEN


@pytest.fixture(scope="session")
def study(study_toml: Path) -> Study:
    return load_study(study_toml)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with workflow.open_store(tmp_path / "store.duckdb") as opened:
        yield opened


@pytest.fixture(scope="session")
def predictions(study: Study) -> pd.DataFrame:
    """Two families, fitted and out of fold."""
    rng = np.random.default_rng(5)
    parts = []
    for (family, classifier), effect in zip(CHOSEN, (0.4, 1.0), strict=True):
        for estimate in ("fitted", "out_of_fold"):
            cases = study.cases().rename(columns={"y": "y_true"})
            score = rng.normal(size=len(cases)) + effect * cases["y_true"]
            model = {"family": family, "classifier": classifier, "estimate": estimate, "y_score": score}
            parts.append(cases.assign(**model))
    return pd.concat(parts, ignore_index=True)
