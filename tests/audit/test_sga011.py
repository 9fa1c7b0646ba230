"""SGA011: features that are constant, missing or there twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.audit.planted import EMPTY, evidence
from tests.audit.planted_data import answer, places, seen, table

STUDY = places()
CENTER = STUDY.cases()["center"].to_numpy()
FIRST = table(STUDY).values["f0"].to_numpy()


def _found(of=STUDY, selection=None, **columns):
    known = {} if selection is None else {"selection": selection}
    return answer("SGA011", seen(of, table(of, **columns), **known))


def _what(found):
    return dict(zip(found.evidence["feature"], found.evidence["what"], strict=True))


def test_each_kind_is_named_with_its_features():
    mostly = np.where(np.isin(np.arange(48), (44, 46)), 3.0, 2.0)
    gap = FIRST + 1
    gap[5] = np.nan
    found = _found(
        level=1e6,
        rounding=1e6 * (1 + 1e-14 * np.arange(48)),
        mostly=mostly,
        gap=gap,
        again=FIRST.copy(),
        scaled=3 * FIRST + 1,
        turned=-(FIRST**3),
    )
    assert (found.status, found.severity) == ("finding", "warning")
    assert _what(found) == {
        "level": "constant",
        "rounding": "constant",
        "mostly": "nearly constant",
        "gap": "missing",
        "again": "equal",
        "scaled": "same order",
        "turned": "same order",
    }
    assert (
        "Of 12 features of 48 images: 2 constant (level, rounding); 1 of one value in at least 95%"
        in found.message
    )
    assert "1 without a value in some images (gap)" in found.message
    assert (
        "1 equal to another feature (again); 2 in the order of another feature (|rho| = 1)" in found.message
    )
    assert "keep one of those" in found.remedy
    twins = found.evidence.set_index("feature")["twin"]
    assert twins[["again", "scaled", "turned"]].tolist() == ["f0", "f0", "f0"]
    assert found.evidence.set_index("feature").loc["gap", "n_missing"] == 1


def test_what_is_wrong_in_one_center_is_named_with_it():
    values = np.random.default_rng(1).normal(size=(2, 48))
    found = _found(
        flat=np.where(CENTER == "X", 4.0, values[0]), gone=np.where(CENTER == "Y", np.nan, values[1])
    )
    assert "1 constant in a center (flat in X)" in found.message
    assert "1 without a value in a whole center (gone in Y)" in found.message
    assert "constant (" not in found.message
    rows = found.evidence.set_index("what")
    assert rows.loc["missing in a center", ["n_images", "n_missing"]].tolist() == [24, 24]


def test_a_small_center_is_alike_by_chance():
    people = STUDY.patients
    study = replace(
        STUDY, patients=people.assign(center=np.where(people["patient_id"] < "p02-", "Small", "X"))
    )
    flat = np.where(study.cases()["center"] == "Small", 4.0, FIRST)
    found = _found(study, flat=flat)
    assert (
        not (found.evidence["what"] == "constant in a center").any() if found.evidence is not None else True
    )
    clean = _found(study)
    assert "Centers with fewer than 5 images (Small) are not judged alone." in clean.message


def test_a_pass_says_what_would_have_been_found():
    found = _found()
    assert found.status == "passed"
    assert "All 5 features of 48 images vary" in found.message
    assert "one value in 46 of the images would be found" in found.message


def test_it_says_whether_the_selection_took_them():
    rows = pd.DataFrame(
        {"family": "Radiomics", "feature": ["again", "f1", "f2"], "step": ["selected", "selected", "lasso"]}
    )
    assert (
        "1 of the 2 selected features are among them (again)." in _found(selection=rows, again=FIRST).message
    )
    rows["feature"] = ["f3", "f1", "f2"]
    assert "None of the 2 selected features is among them." in _found(selection=rows, again=FIRST).message
    assert "No selection is stored." in _found(again=FIRST).message


def test_infinite_values_count_as_missing_and_all_missing_as_constant():
    infinite = np.where(np.arange(48) == 3, np.inf, FIRST + 2)
    found = _found(infinite=infinite, nothing=np.full(48, np.nan))
    assert "infinite" in set(found.evidence.loc[found.evidence["what"] == "missing", "feature"])
    assert (found.evidence.loc[found.evidence["what"] == "constant", "feature"] == "nothing").all()


def test_it_does_not_apply_without_features():
    assert "no radiomics features" in answer("SGA011", EMPTY).message
    two = replace(table(STUDY), values=table(STUDY).values.head(2))
    found = answer("SGA011", replace(evidence({}, STUDY), features=two))
    assert found.status == "not_applicable"
    assert "features of 2 images" in found.message
