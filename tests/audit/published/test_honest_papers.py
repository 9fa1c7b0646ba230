"""What a sound paper may print without a finding, and what is judged by the unit and the set that it names."""

from __future__ import annotations

import pytest

from tests.audit.published.papers import SOUND, answer, sound

EXTERNAL, AUCS = SOUND["sets"][0], SOUND["aucs"]
PICK = {"what": "classifiers", "candidates": 6, "set": "external"}
SMALL = {**EXTERNAL, "patients": 29, "images": 55, "patients_positive": 14, "images_positive": 27}
BARE = [{"set": "external", "model": "A", "value": "0.807"}]


@pytest.mark.parametrize(
    ("units", "impossible"),
    [((None, None), False), (("image", "image"), True), (("patient", "patient"), False)],
)
def test_a_test_by_patient_is_no_error_though_images_do_not_give_its_p(units, impossible) -> None:
    values = zip("AB", ("0.900", "0.600"), units, strict=True)
    aucs = [{"set": "external", "model": m, "value": v} | ({"unit": u} if u else {}) for m, v, u in values]
    pair = [{"set": "external", "a": "A", "b": "B", "p": "0.03"}]
    found = answer("SGP022", sound(sets=[SMALL], aucs=aucs, comparisons=pair))
    rows = found.values["comparisons"]
    assert {row["impossible"] for row in rows} == {impossible}
    assert {row["unit"]: row["impossible_by_unit"] for row in rows}.get("image", True)
    assert ("No correlation does" in found.arithmetic) == impossible


@pytest.mark.parametrize(
    ("patients", "p", "status"),
    [
        # The gap of 0.001 is below what a test finds; one of 0.1 is far above it.
        (5000, None, "passed"),
        (5000, ">0.05", "passed"),
        (14, None, "finding"),
        # 65 a class: a test finds 0.117 at a correlation of 0.3, and less than 0.1 from 0.5 on.
        (65, None, "passed"),
        (65, ">0.05", "finding"),
        (65, "<0.05", "passed"),
    ],
)
def test_a_set_is_too_small_for_a_difference_that_matters_not_for_the_observed_one(
    patients, p, status
) -> None:
    counts = {"patients": 2 * patients, "patients_positive": patients}
    both = [
        {"set": "external", "model": m, "value": v, "unit": "patient"}
        for m, v in (("A", "0.900"), ("B", "0.899" if p != "<0.05" else "0.780"))
    ]
    pair = [] if p is None else [{"set": "external", "a": "A", "b": "B", "p": p}]
    sets = [{"name": "external", "role": "external", **counts}]
    found = answer("SGP022", sound(sets=sets, aucs=both, comparisons=pair))
    assert found.status == status
    assert ("may miss a difference of 0.1" in found.arithmetic) == (status == "finding")
    assert "A difference of 0.1 is taken to matter" in found.assumption


def test_patients_are_counted_for_the_auc_by_patient() -> None:
    aucs = [
        {"set": "external", "model": model, "value": value, "unit": unit}
        for model, value, unit in (
            ("A", "0.890", "image"),
            ("A", "0.820", "patient"),
            ("B", "0.860", "image"),
        )
    ]
    raw = sound(sets=[SMALL], aucs=aucs, picks=[PICK], comparisons=[])
    for code in ("SGP021", "SGP031"):
        assert {row["auc"] for row in answer(code, raw).values["rows"]} == {0.82}
    # The only other model has no AUC by patient.
    assert answer("SGP022", raw).status == "not_applicable"


def test_a_pick_on_the_validation_set_is_what_it_is_for() -> None:
    sets = [EXTERNAL, {**EXTERNAL, "name": "validation", "role": "validation"}]
    picks = [{**PICK, "set": "validation"}]
    aucs = [*AUCS, {**BARE[0], "set": "validation"}]
    found = answer("SGP020", sound(sets=sets, picks=picks, aucs=aucs))
    assert found.status == "passed"
    assert "The AUCs on 'validation' are no test of what was picked there" in found.arithmetic
    assert answer("SGP021", sound(sets=sets, picks=picks, aucs=aucs)).status == "not_applicable"
    # Without an AUC of the external set the validation set is the one that is reported.
    alone = sound(sets=sets, picks=picks, aucs=[aucs[-1]], proportions=[], comparisons=[])
    assert answer("SGP020", alone).status == "finding"
    assert answer("SGP021", alone).status in ("finding", "passed")


@pytest.mark.parametrize(("value", "unit", "status"), [
    # 338 of 420 half pairs are 0.8048: on the grid when rounded, off it when cut off.
    ("0.805", "patient", "passed"),
    ("0.805", None, "passed"),
    # On neither by patient, and images give it.
    ("0.808", None, "finding"),
    ("0.808", "image", "passed"),
])  # fmt: skip
def test_an_auc_that_fits_in_one_way_of_printing_is_no_finding(value, unit, status) -> None:
    aucs = [{"set": "external", "model": "A", "value": value} | ({"unit": unit} if unit else {})]
    found = answer("SGP012", sound(comparisons=[], sets=[SMALL], aucs=aucs))
    assert found.status == status
    assert found.severity is None
    assert ("therefore computed by image" in found.arithmetic) == (status == "finding")


def test_aucs_are_judged_by_the_unit_that_is_printed() -> None:
    aucs = [
        {"set": "external", "model": "A", "value": "0.808", "unit": "patient"},
        {"set": "external", "model": "B", "value": "0.750", "unit": "image"},
    ]
    found = answer("SGP012", sound(comparisons=[], sets=[SMALL], aucs=aucs))
    assert (found.status, found.severity) == ("finding", "error")
    assert "29 patients (0.808): none of 1 if the AUCs were rounded" in found.arithmetic
    # More images than are tried have a grid on which every AUC lies.
    many = {**SMALL, "images": 900, "images_positive": 400}
    loose = answer("SGP012", sound(comparisons=[], sets=[many], aucs=[{**BARE[0], "value": "0.808"}]))
    assert loose.severity is None


def test_proportions_are_judged_by_the_unit_that_is_printed() -> None:
    # 0.70 of 14 patients is no whole number; of 27 images 19 are 0.704.
    rows = [
        {"set": "external", "model": "A", "unit": "patient", "sensitivity": "0.70"},
        {"set": "external", "model": "B", "unit": "image", "sensitivity": "0.70"},
    ]
    found = answer("SGP013", sound(comparisons=[], sets=[SMALL], proportions=rows))
    assert found.status == "finding"
    assert "(A not even alone)" in found.arithmetic
    assert answer("SGP013", sound(comparisons=[], sets=[SMALL], proportions=rows[1:])).status == "passed"
    # Two rows of one model are two rows.
    twice = [{**rows[0], "sensitivity": "0.70"}, {**rows[0], "sensitivity": "0.71"}]
    assert answer("SGP013", sound(comparisons=[], sets=[SMALL], proportions=twice)).status == "finding"


def test_a_printed_auc_is_reached_by_what_rounds_to_it() -> None:
    # 172 of 14 x 15 pairs are 0.8190, printed 0.82; the next is 0.8238.
    shares = {}
    for value in ("0.82", "0.820", "0.819"):
        raw = sound(comparisons=[], sets=[SMALL], aucs=[{**BARE[0], "value": value}], picks=[PICK])
        found = answer("SGP021", raw)
        shares[value] = [row["reached"] for row in found.values["rows"]]
        assert f"A has {value} on 'external'" in found.arithmetic
    assert shares["0.82"] == shares["0.819"]
    assert all(more > fewer for more, fewer in zip(shares["0.82"], shares["0.820"], strict=True))
    assert "in under one case of twenty at these correlations" in found.arithmetic
    assert "does not explain" not in found.arithmetic
