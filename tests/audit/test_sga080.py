"""SGA080: candidates for the events there are: several families, none that could be planned, and enough."""

from __future__ import annotations

import pandas as pd

from sgcore.audit.candidates import TooManyCandidates
from tests.audit.planted import evidence
from tests.audit.planted_models import NAN, development

CHECK = TooManyCandidates()


def run(*rows):
    return CHECK.run(evidence({"development_sample": pd.DataFrame(rows)}))


def test_each_family_has_its_candidates_events_need_and_shrinkage():
    found = run(development(), development("US", 4, 60.0, shrinkage=0.92))
    assert found.status == "finding"
    assert found.message.startswith(
        "Too few training patients for Radiomics. 78 training patients, 40 of them positive."
    )
    assert (
        "Radiomics: 1288 candidates, 32 for each positive patient; 55,000 patients needed at an AUC of 0.70"
        in found.message
    )
    assert "patients needed at an AUC of 0.70, expected shrinkage 0.14" in found.message
    assert "US: 4 candidates, 0.1 for each positive patient; 60 patients needed" in found.message


def test_what_a_network_tried_is_told_not_to_be_counted():
    both = run(development("RadiomicsDL", 1298, 60000.0), development("Combined", 1304, 61000.0)).message
    assert (
        "Of RadiomicsDL and Combined a component of deep features counts as one; what the network tried"
        in both
    )
    assert "the network tried" not in run(development()).message


def test_enough_patients_pass_with_the_number_they_need():
    found = run(development("US", 4, 78.0))
    assert found.status == "passed"
    assert "78 patients needed" in found.message
    assert run(development("US", 4, 79.0)).status == "finding"


def test_families_without_a_plan_are_named_and_alone_give_no_answer():
    none = development(
        n_needed=NAN, candidates_per_event=NAN, shrinkage=NAN, reason="no AUC in the training folds"
    )
    assert (
        "Not estimated: Radiomics (no AUC in the training folds)."
        in run(none, development("US", 4, 60.0)).message
    )
    found = run(none)
    assert found.status == "not_applicable"
    assert "78 training patients, 40 of them positive: no need could be planned." in found.message


def test_no_positive_patient_and_no_analysis():
    none = development(n_pos=0, n_needed=NAN, candidates_per_event=NAN, reason="no AUC in the training folds")
    assert run(none).status == "not_applicable"
    assert "no analysis" in CHECK.run(evidence({})).message
    unavailable = pd.DataFrame([{"family": "US", "reason": "no descriptors"}])
    assert "US: no descriptors" in CHECK.run(evidence({"unavailable": unavailable})).message
