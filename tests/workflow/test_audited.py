"""Findings as rows: the evidence travels as JSON without losing a digit."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from sgcore import workflow
from sgcore.domain import Finding
from sgcore.workflow import audited
from tests.support.studies import make_study


def test_evidence_has_every_digit_and_null_for_what_is_missing_or_infinite(
    tmp_path, store, monkeypatch: pytest.MonkeyPatch
):
    table = pd.DataFrame(
        {
            "ratio": [1.2345678901234567e-17, 0.12345678901234567, np.nan],
            "threshold": [0.5, -np.inf, np.inf],
            "n": pd.array([1, None, 3], dtype="Int64"),
            "residue": [True, False, True],
            "reason": ["", None, "too few"],
        }
    )
    finding = Finding("SGA010", "note", "finding", "Some.", evidence=table)
    bare = Finding("SGA090", "note", "passed", "None.")
    monkeypatch.setattr(audited, "audit", lambda evidence: [finding, bare])
    study = workflow.import_study(make_study(tmp_path / "study", centers={"Alpha": 8, "Beta": 3}), store)
    rows = workflow.findings_of_study(study, store)
    assert rows["code"].tolist() == ["SGA010", "SGA090"]
    assert pd.isna(rows["evidence"].iloc[1])
    assert json.loads(rows["evidence"].iloc[0]) == [
        {"ratio": 1.2345678901234567e-17, "threshold": 0.5, "n": 1, "residue": True, "reason": ""},
        {"ratio": 0.12345678901234567, "threshold": None, "n": None, "residue": False, "reason": None},
        {"ratio": None, "threshold": None, "n": 3, "residue": True, "reason": "too few"},
    ]
