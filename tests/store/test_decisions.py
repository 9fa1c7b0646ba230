"""The decision of a study: no part of its content, the last one given holds, earlier ones stay on record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sgcore.cohort import load_study
from sgcore.domain import Decision
from sgcore.store import open_store

BIOPSY = Decision("biopsy", 0.05, 0.3, 0.1)
SURGERY = Decision("surgery", 0.2, 0.6)


def test_the_last_decision_holds(study_toml: Path, tmp_path: Path) -> None:
    study = load_study(study_toml)
    path = tmp_path / "s.duckdb"
    with open_store(path) as store:
        assert store.studies.add(study)
        assert store.studies.decision(study.fingerprint) is None
        for given in (BIOPSY, BIOPSY, SURGERY, None, BIOPSY):
            assert not store.studies.add(replace(study, decision=given))
            assert store.studies.decision(study.fingerprint) == given
            assert store.studies.load(study.fingerprint).decision == given
        with store.connection.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM decisions").fetchone() == (4,)
    with open_store(path) as store:
        assert store.studies.decision(study.fingerprint) == BIOPSY
        assert store.studies.decision("another") is None


def test_a_decision_comes_with_a_new_study(study_toml: Path, tmp_path: Path) -> None:
    study = replace(load_study(study_toml), decision=SURGERY)
    with open_store(tmp_path / "s.duckdb") as store:
        store.studies.add(study)
        assert store.studies.load(study.fingerprint).decision == SURGERY
