"""A run that was killed goes on where it was, and ends with what an undisturbed run says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sgcore import workflow
from tests.support.processes import kill_when
from tests.support.studies import make_study

SGAUDIT = Path(sys.executable).with_name("sgaudit")
IMAGES = 27


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("interrupted"), centers={"Alpha": 12, "Beta": 6})


def _command(study, store, jobs=2):
    command = [SGAUDIT, "run", study, "--no-deep", "--json", "--preset", "planar-2d"]
    return [*command, "--store", store, "--jobs", str(jobs)]


def _extracted(line):
    """Done and total of a line of progress on the extraction, else None."""
    found = re.match(r"radiomics: (\d+) of (\d+)", line)
    return found and (int(found[1]), int(found[2]))


def _run(study, store, jobs=2):
    """The JSON of a whole run, and each line of progress on its extraction."""
    result = subprocess.run(_command(study, store, jobs), check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout), list(filter(None, map(_extracted, result.stderr.splitlines())))


def _kill_at(study, store, wanted):
    """Kill a run once ``wanted`` images are done; the number that was."""
    line = kill_when(_command(study, store), lambda line: (_extracted(line) or (0, 0))[0] >= wanted)
    return _extracted(line)[0]


def test_a_killed_run_goes_on(study, tmp_path):
    undisturbed, steps = _run(study, tmp_path / "whole.duckdb", jobs=0)
    assert steps[0] == (0, IMAGES)

    store = tmp_path / "cut.duckdb"
    done = _kill_at(study, store, IMAGES // 4)
    summary, steps = _run(study, store)
    left = steps[0][1]
    assert 0 < left <= IMAGES - done
    assert steps[-1] == (left, left)
    assert summary == undisturbed

    with workflow.open_store(store) as opened:
        (listed,) = workflow.list_analyses(opened)["analysis_id"]
        features = workflow.load_analysis(opened, listed).features.values
    assert listed == summary["analysis"]
    assert features.index.is_unique
    assert len(features) == IMAGES
