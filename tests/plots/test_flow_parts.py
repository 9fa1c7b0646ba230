"""The flow of cases adds up to the study, whoever decided who is external."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sgcore import load_study, plots
from sgcore.domain import Study
from tests.support.studies import make_study


@pytest.fixture(params=["centers", "column"])
def study(request: pytest.FixtureRequest, tmp_path: Path) -> Study:
    """Split by center, or by a column that makes late patients of the development center external."""
    path = make_study(tmp_path, centers={"Alpha": 16, "Beta": 6}, size=(24, 32))
    if request.param == "column":
        patients = pd.read_csv(tmp_path / "patients.csv", dtype=str)
        alpha = patients["center"] == "Alpha"
        patients["subset"] = "external"
        patients.loc[alpha, "subset"] = ["train"] * 8 + ["validation"] * 4 + ["external"] * 4
        patients.to_csv(tmp_path / "patients.csv", index=False)
        text = path.read_text().replace("train = 0.7\nseed = 0", 'column = "subset"')
        path.write_text(text)
    return load_study(path)


def test_boxes_add_up(study: Study) -> None:
    failures = study.images.loc[study.images.index[[0, -1]], ["image_id"]].assign(reason="no ROI")
    development, parts, external = plots.flow_groups(study, failures)
    for boxes in ([development, *external], [*parts, *external]):
        assert sum(box.patients for box in boxes) == len(study.patients)
        assert sum(box.images for box in boxes) == len(study.images)
        assert sum(box.positive for box in boxes) == (study.patients["y"] == 1).sum()
        assert sum(box.failed for box in boxes) == 2
    titles = [box.title for box in external]
    late = ["External: Alpha"] if study.split_column is not None else []
    assert titles == ["External: Beta", *late]
    assert development.title == "Development: Alpha"


def test_the_table_has_a_row_a_box_under_the_study_s_labels(study: Study) -> None:
    # An analysis in which nothing failed may have a frame without columns.
    development, parts, external = plots.flow_groups(study, pd.DataFrame())
    table = plots.flow_table([development, *parts, *external], study)
    assert table["Part"].tolist()[:3] == ["Development: Alpha", "Training", "Validation"]
    assert (table[study.negative] + table[study.positive] == table["Patients"]).all()
    assert table["Images without features"].sum() == 0
