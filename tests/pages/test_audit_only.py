"""The import page offers the audit alone where patients contradict each other, and pages say what was left."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from sgcore import workflow
from sgcore.errors import ImageError
from sgcore.ui import store
from sgcore.workflow.costly.image_pairs import ImagePairsJob
from tests.pages.driving import finish, first, labels, open_page, press
from tests.support.studies import make_study


@pytest.fixture
def contradicting(tmp_path: Path) -> Path:
    path = make_study(tmp_path / "study", centers={"Alpha": 8, "Beta": 3})
    table = path.parent / "patients.csv"
    patients = pd.read_csv(table, dtype=str)
    pd.concat([patients, patients.head(1).assign(label="secondary")]).to_csv(table, index=False)
    images = pd.read_csv(path.parent / "images.csv", dtype=str)
    for column in ("image", "mask"):
        shutil.copy(path.parent / images[column].iloc[1], path.parent / images[column].iloc[-1])
    return path


def test_a_contradicting_study_is_stored_for_its_audit(empty_store: Path, contradicting: Path) -> None:
    app = open_page("Import")
    app.text_input[0].set_value(str(contradicting))
    finish(press(app, "Check"))
    assert "cannot be imported yet" in first(app)
    assert "Import and compute" not in labels(app.button)
    assert any("contradict each other" in text.value for text in app.markdown)
    finish(press(app, "Only audit it"))
    assert not app.exception
    assert any("is stored, and not modelled" in text.value for text in app.success)
    assert "Only audit it" not in labels(app.button)
    known = store.store()
    study = workflow.stored_study(known, workflow.list_studies(known)["study_id"].iloc[0])
    assert len(study.conflicts) == 2
    assert [state.done for state in workflow.study_jobs(study, known)] == [True]
    press(app, "Open its audit")
    assert [title.value for title in app.title] == ["Audit"]
    assert not app.exception
    assert any("The entries of 1 of 11 patients" in text.value for text in app.markdown)
    # The pair of one image for two patients, side by side.
    assert len(app.get("image")) == 2
    for page in ("Overview", "Families"):
        other = open_page(page)
        assert not other.exception
        assert "only audited" in first(other)


def test_what_the_audit_could_not_compute_is_told_beside_the_way_on(
    empty_store: Path, contradicting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ImageError("a.png vanished.")

    monkeypatch.setattr(ImagePairsJob, "run_on", fail)
    app = open_page("Import")
    app.text_input[0].set_value(str(contradicting))
    finish(press(app, "Check"))
    finish(press(app, "Only audit it"))
    assert any("is stored, and not modelled" in text.value for text in app.success)
    assert "a.png vanished" in app.error[0].value.replace("\\", "")
    assert "Open its audit" in labels(app.button)


def test_other_errors_are_no_such_offer(empty_store: Path, contradicting: Path) -> None:
    table = contradicting.parent / "images.csv"
    table.write_text(table.read_text().replace(".png", ".gone.png", 1))
    app = open_page("Import")
    app.text_input[0].set_value(str(contradicting))
    finish(press(app, "Check"))
    assert "cannot be imported yet" in first(app)
    assert "Only audit it" not in labels(app.button)
