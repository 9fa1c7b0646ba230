"""A study whose patients contradict each other: stored with that, audited, and refused wherever modelling begins."""

from __future__ import annotations

import pandas as pd
import pytest

from sgcore import workflow
from sgcore.cohort import load_study, validate_study
from sgcore.config import AnalysisConfig, DeepConfig
from sgcore.errors import SgauditError, StudyError
from sgcore.jobs import Jobs
from tests.support.studies import make_study

CENTERS = {"Alpha": 8, "Beta": 3}


@pytest.fixture
def study_toml(tmp_path):
    """A study in which the first patient has a second row, with the other label."""
    path = make_study(tmp_path / "study", centers=CENTERS)
    table = path.parent / "patients.csv"
    patients = pd.read_csv(table, dtype=str)
    again = patients.head(1).assign(label="secondary")
    pd.concat([patients, again]).to_csv(table, index=False)
    return path


@pytest.fixture
def study(study_toml, store):
    return workflow.import_study(study_toml, store, audit_only=True)


def test_the_refusal_says_that_it_can_be_audited(study_toml, tmp_path):
    report = validate_study(study_toml)
    assert report.auditable
    assert report.as_dict()["auditable"]
    with pytest.raises(StudyError, match="import it only for the audit: `sgaudit import --audit-only`"):
        load_study(study_toml)
    assert not validate_study(study_toml, audit_only=True).auditable
    assert not validate_study(make_study(tmp_path / "clean", centers=CENTERS)).auditable


def test_another_error_beside_it_cannot_be_audited(study_toml):
    table = study_toml.parent / "images.csv"
    table.write_text(table.read_text().replace(".png", ".gone.png", 1))
    assert not validate_study(study_toml).auditable
    with pytest.raises(StudyError) as caught:
        load_study(study_toml)
    assert "audit-only" not in str(caught.value)


def test_the_store_keeps_the_contradiction_and_the_patient(study, store):
    stored = workflow.stored_study(store, study.fingerprint)
    assert stored.conflicts == study.conflicts
    assert stored.warnings == study.warnings
    finding = workflow.findings_of_study(stored, store).set_index("code").loc["SGA001"]
    assert (finding["status"], finding["severity"]) == ("finding", "error")
    assert "The entries of 1 of 11 patients contradict each other: A001 (label)." in finding["message"]
    assert "two labels: 'primary' and 'secondary'" in finding["evidence"]
    said = {each["code"]: each for each in workflow.study_findings(stored, store)}
    assert said["SGA001"]["message"] == finding["message"]


@pytest.mark.parametrize("begin", ["run", "analyze", "extract", "train", "stored_analysis"])
def test_nothing_of_it_is_modelled(study, store, begin):
    config = AnalysisConfig(deep=DeepConfig())
    ways = {
        "run": lambda: workflow.run(study, config, store),
        "analyze": lambda: workflow.analyze(study, config, store),
        "extract": lambda: workflow.extract(study, config, store, jobs=Jobs(workers=0)),
        "train": lambda: workflow.train(study, config.deep, store),
        "stored_analysis": lambda: workflow.stored_analysis(study, config, store),
    }
    with pytest.raises(SgauditError, match="imported for audit only and is not modelled") as caught:
        ways[begin]()
    assert "patient 'A001' has two labels" in str(caught.value)
    assert "sgaudit audit --audit-only" in str(caught.value)


def test_several_contradictions_are_counted(study_toml, store):
    table = study_toml.parent / "patients.csv"
    patients = pd.read_csv(table, dtype=str)
    pd.concat([patients, patients[1:2].assign(label="primary")]).to_csv(table, index=False)
    with pytest.raises(SgauditError, match=r"\(1 more such\)"):
        workflow.analyze(load_study(study_toml, audit_only=True), AnalysisConfig(), store)
