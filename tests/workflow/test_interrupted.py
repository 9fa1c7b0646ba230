"""A run that was killed goes on where it was, and ends with what an undisturbed run says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sgcore import workflow
from tests.support.processes import kill_when
from tests.support.studies import make_study

pytestmark = [pytest.mark.long, pytest.mark.extended]

SGAUDIT = Path(sys.executable).with_name("sgaudit")
IMAGES = 27


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("interrupted"), centers={"Alpha": 12, "Beta": 6})


def _command(name, study, store, *more):
    return [SGAUDIT, name, study, "--preset", "planar-2d", "--store", store, *more]


def _extracted(line):
    """Done and total of a line of progress on the extraction, else None."""
    found = re.match(r"radiomics: (\d+) of (\d+)", line)
    return found and (int(found[1]), int(found[2]))


def _extract(study, store, jobs):
    """The name of the feature set, and each line of progress on its extraction."""
    command = _command("extract", study, store, "--jobs", str(jobs), "--json")
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["images"], found["failures"]) == (IMAGES, [])
    return found["feature_set"], list(filter(None, map(_extracted, result.stderr.splitlines())))


def _features(store, name):
    with workflow.open_store(store) as opened:
        return opened.features.load(name).values


def test_a_killed_run_goes_on(study, tmp_path):
    whole, cut = tmp_path / "whole.duckdb", tmp_path / "cut.duckdb"
    name, steps = _extract(study, whole, jobs=0)
    assert steps[0] == (0, IMAGES)

    killed = _command("run", study, cut, "--jobs", "2", "--no-deep")
    line = kill_when(killed, lambda line: (_extracted(line) or (0, 0))[0] >= IMAGES // 4)
    done = _extracted(line)[0]
    resumed, steps = _extract(study, cut, jobs=2)
    left = steps[0][1]
    assert 0 < left <= IMAGES - done
    assert steps[-1] == (left, left)

    assert resumed == name
    features = _features(cut, name)
    assert features.index.is_unique
    pd.testing.assert_frame_equal(features, _features(whole, name), check_exact=True)
