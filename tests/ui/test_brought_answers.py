"""Sentences on models made elsewhere whose cases the study does not hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.domain import EvaluationSet, Unit
from sgcore.stats.delong import ALL_EQUAL
from sgcore.ui import brought_answers as says
from sgcore.workflow import BroughtComparison

NARROW = "each case counts as one, which is too narrow where patients have several."
PICKS = pd.DataFrame({"evaluated_on": ["training folds"]})


def _found(unit: str, *, left_out: int = 0, reason: str = "", by: str | None = None) -> BroughtComparison:
    """One model of 40 cases; ``unit`` "case" for a file that names no patients."""
    row = {
        "family": "net", "unit": unit, "auc": 0.8, "ci_low": 0.7, "ci_high": 0.9, "n_pos": 20, "n_neg": 20,
        "n_patients": np.nan if unit == "case" else 40, "n_images": np.nan, "reason": "",
    }  # fmt: skip
    pair = {
        "a": "US", "b": "net", "delta": np.nan if reason else -0.1, "ci_low": -0.19, "ci_high": -0.01, "p": 0.03,
        "p_adjusted": 0.03, "n_left_out": left_out, "n_images": np.nan, "reason": reason,
        "method": "" if reason else "DeLong, unpaired (Welch)",
    }  # fmt: skip
    return BroughtComparison(pd.DataFrame([row]), pd.DataFrame([pair]), by, "its patients are others")


def _said(found: BroughtComparison, unit: Unit = "image") -> str:
    ours = pd.DataFrame([{"family": "US", "auc": 0.7, "ci_low": 0.6, "ci_high": 0.8, "reason": ""}])
    return says.sentence(found, ours, EvaluationSet("external", None, unit), centers=2, total=1)


def test_named_patients_are_independent_groups_of_patients() -> None:
    said = _said(_found("image"))
    assert said.endswith("; as independent groups of patients, +0.100 (+0.010 to +0.190) over US.")
    assert "too narrow" not in said


def test_cases_of_unknown_patients_are_said_to_count_as_one() -> None:
    said = _said(_found("case"))
    assert said.endswith(
        f"40 cases); as independent groups, +0.100 (+0.010 to +0.190) over US. The file names no patients: {NARROW}"
    )
    by_patient = _said(_found("case", reason="the file names no patients"), "patient")
    assert by_patient.endswith(f"no comparison is possible: the file names no patients; in its AUC {NARROW}")
    unmatched = _said(
        _found("case", reason="cases of the file and of the study cannot be matched"), "patient"
    )
    assert unmatched.endswith(f"cannot be matched. The file names no patients: {NARROW}")


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_captions_never_call_cases_of_unknown_patients_patients(unit: Unit) -> None:
    at = EvaluationSet("external", None, unit)
    dots, matrix = says.dots_caption(_found("case"), PICKS, at), says.matrix_caption(_found("case"))
    assert dots.startswith("AUC with 95% intervals.")
    assert f"on the external set, by {unit}. Squares" in dots
    assert "on the file's own cases, by case;" in dots
    assert NARROW in dots
    assert NARROW in matrix
    named = says.dots_caption(_found(unit), PICKS, at)
    assert named.startswith(f"AUC by {unit} with 95% intervals. ")
    assert "by case" not in named
    assert NARROW not in named + says.matrix_caption(_found(unit))


def test_what_independent_groups_leave_out_is_said() -> None:
    # Nobody knows the images of such a pair: they are not called those that both scored.
    assert _said(_found("case", left_out=7)).startswith("net, made elsewhere, has AUC")
    assert "over US, 7 cases without a score left out. The file" in _said(_found("case", left_out=7))
    assert _said(_found("image", left_out=1)).endswith("over US, 1 case without a score left out.")


def test_one_score_for_everybody_is_never_the_best_model() -> None:
    found = _found("image", by="image")
    flat = found.rows.assign(auc=0.5, reason=ALL_EQUAL)
    assert _said(replace(found, rows=flat)) == (
        "No model made elsewhere ranks the cases on the external set: everybody gets the same score."
    )
    both = pd.concat([flat.assign(family="constant"), found.rows.assign(auc=0.45)], ignore_index=True)
    assert _said(replace(found, rows=both)).startswith("net, made elsewhere, has AUC on the external set")
