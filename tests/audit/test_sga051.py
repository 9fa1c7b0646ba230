"""SGA051: where the band lies above both defaults, models without benefit, and studies without a decision."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sgcore.audit.benefit import NoNetBenefit
from sgcore.domain import Decision
from tests.audit.planted import evidence, many_patients
from tests.audit.planted_models import NAN, RADIOMICS, net_benefit

CHECK = NoNetBenefit()
DECIDED = replace(many_patients(), decision=Decision("biopsy", 0.1, 0.5))


def run(*parts, of=DECIDED):
    rows = pd.concat(parts) if parts else pd.DataFrame()
    return CHECK.run(evidence({"picks": pd.DataFrame([RADIOMICS]), "net_benefit": rows}, of=of))


def test_the_risks_with_a_benefit_are_named_as_runs():
    found = run(net_benefit([0.05, 0.2, 0.15, 0.05, 0.3]))
    assert found.status == "passed"
    assert "Radiomics (SVM) 20% to 30% and 50%" in found.message
    assert (
        "Net benefit of 'biopsy' at risks of 10% to 50% in the external set (60 patients; 50% positive, study mix"
        in (found.message)
    )
    assert "reach 0.05 below their curves" in found.message


def test_each_model_is_judged():
    found = run(net_benefit([0.05, 0.2]), net_benefit([0.02, 0.08], family="US", classifier="LR"))
    assert found.status == "finding"
    assert found.message.startswith("No benefit shown for US.")
    assert "US (LR) nowhere (its curve exceeds both by 0.030 at most)" in found.message


def test_treating_nobody_is_a_default_too():
    found = run(net_benefit([-0.01, -0.02], treat_all=-0.3))
    assert found.status == "finding"
    assert run(net_benefit([0.01, -0.02], treat_all=-0.3)).status == "passed"
    assert "nowhere;" not in run(net_benefit([-0.2, -0.2])).message
    assert "Radiomics (SVM) nowhere." in run(net_benefit([-0.2, -0.2])).message


def test_the_external_set_counts_first_and_a_named_prevalence_is_told():
    inside = net_benefit([-0.2], subset="validation")
    assert run(inside, net_benefit([0.3])).status == "passed"
    assert "validation set" in run(inside).message
    told = run(net_benefit([0.3], prevalence=0.12, prevalence_source="target")).message
    assert "12% positive, the prevalence that the study file names" in told


def test_scores_that_are_moved_to_the_share_of_the_set_that_judges_them_are_said_to_be_recalibrated():
    both = (net_benefit([0.3], shift=-0.25), net_benefit([0.3], family="US", shift=0.5))
    assert "moved by -0.25 to +0.50 to this set's own share of positives, which its labels tell" in (
        run(*both).message
    )
    assert "moved by -0.25 to this" in run(net_benefit([-0.2], shift=-0.25)).message
    assert "moved" not in run(net_benefit([0.3])).message
    target = net_benefit([0.3], shift=-0.25, prevalence=0.12, prevalence_source="target")
    assert "moved" not in run(target).message


def test_without_a_decision_it_says_how_to_give_one():
    found = run(net_benefit([0.3]), of=replace(DECIDED, decision=None))
    assert found.status == "not_applicable"
    assert "[decision]" in found.message
    assert "thresholds" in found.message


def test_reasons_not_to_judge():
    few = "fewer than 5 patients in a class (3 positive, 9 negative): no band"
    found = run(net_benefit([NAN, NAN], reason=few))
    assert found.status == "not_applicable"
    assert few in found.message
    assert few in run(net_benefit([0.3]), net_benefit([NAN], family="US", reason=few)).message
    assert "held out" in run().message
    assert "no analysis" in CHECK.run(evidence({}, of=DECIDED)).message
