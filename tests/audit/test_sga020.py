"""SGA020: small p values on permuted labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.audit.p_values import PValuesByChance
from tests.audit.planted import EMPTY, evidence, many_patients
from tests.audit.planted_draws import judged, univariate_null

#: Counts of correlated features: most permutations few, some very many.
NULL = np.r_[np.repeat([2, 5, 8], 31), 40, 50, 60, 70, 80, 90, 100]


def _found(null, p=(0.01, 0.01, 0.6), family="Radiomics"):
    trace = pd.DataFrame({"family": family, "feature": [f"f{i}" for i in range(len(p))], "p": p})
    return judged(PValuesByChance(), evidence({"selection": trace, "univariate_null": null}))


def test_a_count_inside_the_null_is_no_evidence_and_the_numbers_stand():
    found = _found(univariate_null(45, NULL, survivors=3))
    low, high = np.quantile(NULL, [0.025, 0.975])
    assert (found.status, found.severity, found.page) == ("finding", "warning", "features-selection")
    assert found.message.startswith(
        "There are no more small p values than chance gives in one case of twenty. 45 of 100 radiomics"
    )
    assert (
        f"{NULL.mean():.0f} on average (SD {NULL.std(ddof=1):.0f}, 95% range {low:.0f} to {high:.0f})"
        in found.message
    )
    # Six permutations reach 45.
    assert f"one-sided p = {7 / 101:.3f}" in found.message
    assert "From 61 on they would have been more" in found.message
    assert (
        "3 survive Benjamini and Hochberg's correction at 0.05; 0.0% of the permutations have as many"
        in found.message
    )
    assert "5 (5%) is no yardstick" in found.message
    assert "Those that survive the correction are more than chance leaves." in found.message
    assert found.remedy


def test_survivors_that_chance_leaves_as_well_are_not_called_more():
    null = univariate_null(45, NULL, survivors=3)
    null.loc[null["draw"].isin(range(1, 6)), "survivors"] = 3
    said = _found(null).message
    assert "5.0% of the permutations have as many" in said
    assert "more than chance leaves" not in said
    assert "more than chance leaves" not in _found(univariate_null(45, NULL)).message


@pytest.mark.parametrize(("below", "status"), [(60, "finding"), (61, "passed"), (95, "passed")])
def test_p_below_one_in_twenty_passes_and_says_from_where_on(below, status):
    found = _found(univariate_null(below, NULL))
    assert found.status == status
    # Of 100 permutations four may reach it: p = 5 / 101.
    assert (f"one-sided p = {5 / 101:.3f}" in found.message) == (below == 61)
    assert np.quantile(NULL, 0.975) > 61
    if status == "passed":
        assert "61 or more had to differ for that." in found.message
    assert "0 survive" in found.message
    assert "have any" in found.message


def test_the_binomial_is_not_asked():
    # 20 of 100 where 5 are expected: five binomial standard deviations away, and nothing among correlated features.
    assert _found(univariate_null(20, NULL)).status == "finding"
    assert _found(univariate_null(3, np.full(60, 2))).status == "passed"


def test_a_count_at_the_end_of_the_range_is_inside():
    assert _found(univariate_null(7, np.full(60, 7))).status == "finding"


def test_the_evidence_is_the_histogram_of_p():
    table = _found(univariate_null(45, NULL), p=(0.0, 0.01, 0.05, 0.99, 1.0, np.nan)).evidence
    assert list(table.columns) == ["p_from", "p_to", "n_features"]
    assert table["n_features"].sum() == 5
    assert table["n_features"].iloc[[0, 1, -1]].tolist() == [2, 1, 2]


@pytest.mark.parametrize(("distinct", "status"), [(39, "not_applicable"), (40, "finding")])
def test_few_permutations_have_no_range(distinct, status):
    found = _found(univariate_null(5, NULL, distinct=distinct))
    assert found.status == status
    assert f"{distinct}" in found.message


def test_what_is_not_there_is_said():
    assert "no analysis with a model" in judged(PValuesByChance(), EMPTY).message
    trace = {"selection": pd.DataFrame({"family": ["US"], "feature": ["a"], "p": [0.01]})}
    assert "No radiomics feature was tested" in judged(PValuesByChance(), evidence(trace)).message
    trace["selection"]["family"] = "Radiomics"
    assert "has not been computed yet" in judged(PValuesByChance(), evidence(trace)).message
    study = many_patients()
    one = replace(study, patients=study.patients.assign(center=study.patients["label"]))
    found = judged(PValuesByChance(), evidence(trace, one))
    assert found.status == "not_applicable"
    assert "one label: nothing can be permuted" in found.message
