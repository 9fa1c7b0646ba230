"""SGA040: the external set against the patients it needs, its centers, and sets that cannot be planned with."""

from __future__ import annotations

import pandas as pd

from sgcore.audit.external_size import ExternalSetTooSmall
from sgcore.stats import newcombe_interval
from tests.audit.planted import evidence, study
from tests.audit.planted_models import NAN, external_sample

CHECK = ExternalSetTooSmall()


def cohort(**counts):
    """External patients by center: (positive, negative)."""
    rows = [
        {"patient_id": f"{center}{y}{n}", "y": y, "subset": "external"}
        for center, (n_pos, n_neg) in counts.items()
        for y, count in ((1, n_pos), (0, n_neg))
        for n in range(count)
    ]
    made = study(pd.DataFrame(rows))
    made.patients["center"] = made.patients["patient_id"].str[0]
    return made


def run(*parts, of=None):
    return CHECK.run(evidence({"external_sample": pd.concat(parts)}, of=of or cohort(B=(7, 5), C=(2, 1))))


def test_a_small_set_has_its_width_the_need_and_events_by_center():
    found = run(external_sample(15), external_sample(15, n_needed=514.0, family="US"))
    assert found.status == "finding"
    assert found.message.startswith("The external set is too small for the AUC.")
    assert "15 external patients, 9 of them positive (B 7 of 12, C 2 of 3)." in found.message
    assert "Fewer than 5 patients of one label, too few to judge the center alone: C." in found.message
    assert "a 95% interval 0.39 wide" in found.message
    assert "430 (Radiomics, AUC 0.70) to 514 patients (US, AUC 0.70)" in found.message
    assert "slope of calibration, 2.4 wide now, needs 4,000 patients" in found.message


def test_enough_for_the_auc_alone_is_said():
    found = run(external_sample(500))
    assert found.status == "finding"
    assert found.message.startswith(
        "The external set is large enough for the AUC, but not for the calibration slope."
    )


def test_enough_for_both_passes_and_says_at_which_width():
    found = run(external_sample(5000))
    assert found.status == "passed"
    assert "For a width of 0.1 the need is 430 patients (Radiomics, AUC 0.70)" in found.message


def test_a_model_without_a_plan_is_named_and_alone_gives_no_answer():
    unplanned = external_sample(15, NAN, NAN, family="DL", reason="an AUC of 1 has no variance to plan with")
    found = run(unplanned, external_sample(15))
    assert found.status == "finding"
    assert "Not estimated: DL (an AUC of 1 has no variance to plan with)." in found.message
    many = run(unplanned.assign(n_patients=5000, n_pos=2500))
    assert many.status == "not_applicable"
    assert "No number of patients can be planned with." in many.message


def test_a_perfect_auc_does_not_hide_a_handful_of_patients():
    found = run(external_sample(9, NAN, NAN, reason="an AUC of 1 has no variance to plan with"))
    low, high = newcombe_interval(1.0, 4, 5)
    assert found.status == "finding"
    assert f"even one of 1 has a 95% interval {high - low:.2f} wide (Newcombe)" in found.message
    one_class = external_sample(9, NAN, NAN, n_pos=0, reason="one class only (all negative), n = 9")
    assert run(one_class).status == "not_applicable"


def test_an_auc_below_one_half_has_no_slope():
    found = run(external_sample(15, slope_needed=NAN))
    assert found.status == "finding"
    assert "slope" not in found.message


def test_no_external_set_is_no_pass():
    found = run(external_sample(0, NAN, NAN, reason="no cases"))
    assert found.status == "not_applicable"
    assert "no external set" in found.message
    assert "no analysis" in CHECK.run(evidence({})).message
