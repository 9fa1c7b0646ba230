"""The report as a file: a what-if's is counted as a look first, and a file that cannot be written is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sgcore import workflow
from sgcore.errors import SgauditError, UsageError
from sgcore.report import Material, verdict
from sgcore.workflow import Analysis, Store
from tests.support.app import network_store
from tests.support.what_if import what_if_of


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Analysis, Analysis]]:
    """A store of its own, the reference analysis, and a what-if."""
    path = Path(
        shutil.copy(network_store(tmp_path_factory), tmp_path_factory.mktemp("written") / "store.duckdb")
    )
    what_if = what_if_of(path)
    with workflow.open_store(path) as store:
        tried = workflow.load_analysis(store, what_if)
        reference = workflow.reference_id(store, tried.study_id)
        yield store, workflow.load_analysis(store, str(reference)), tried


def test_a_what_if_costs_one_and_says_so(opened: tuple[Store, Analysis, Analysis], tmp_path: Path) -> None:
    store, _, tried = opened
    before = len(store.analyses.looks(tried.study_id))
    with pytest.raises(UsageError, match="unknown section"):
        workflow.write_report(tried, store, tmp_path / "report.html", sections=["nonsense"])
    assert len(store.analyses.looks(tried.study_id)) == before
    written = workflow.write_report(tried, store, tmp_path / "report.html", sections=["cohort"])
    assert written.look == before + 1
    assert store.analyses.looks(tried.study_id)["what"].iloc[-1] == "report: audit"
    assert written.size == written.path.stat().st_size
    text = written.path.read_text(encoding="utf-8")
    assert written.verdict in text
    assert f"were opened {before + 1} time(s)" in text
    assert ", a what-if" in text


def test_what_cannot_be_written_is_told_before_the_work(
    opened: tuple[Store, Analysis, Analysis], tmp_path: Path
) -> None:
    store, reference, tried = opened
    before = len(store.analyses.looks(tried.study_id))
    with pytest.raises(SgauditError, match="it is a folder"):
        workflow.write_report(reference, store, tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(SgauditError, match="cannot be written to"):
        workflow.write_report(tried, store, tmp_path / "file" / "report.html")
    assert len(store.analyses.looks(tried.study_id)) == before


def test_the_preview_has_the_lines_and_the_counts_of_the_file(plain: Material) -> None:
    shown = workflow.report_preview(plain)
    assert sum(shown.findings.values()) == (plain.findings["status"] == "finding").sum()
    assert shown.verdict == verdict(plain)
    assert [each["name"] for each in shown.checklists] == ["TRIPOD+AI", "CLEAR", "METRICS"]
    score = shown.checklists[2]["score"]
    assert 0 <= score["lowest"] <= score["highest"] <= 100
    assert "score" not in shown.checklists[0]
