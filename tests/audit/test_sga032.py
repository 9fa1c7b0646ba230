"""SGA032: what the whole pipeline reaches on permuted labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.audit.chance_level import ReachedByChance
from sgcore.config import deep_recipe
from tests.audit.planted import EMPTY, PAPER, evaluation, evidence, network
from tests.audit.planted_draws import Draws, judged, permuted


def _fixed(p=0.001, family="DL", classifier="resnet18", **changed):
    """A row of ``fixed_score_nulls``."""
    return {
        "family": family, "classifier": classifier, "subset": "external", "unit": "image", "observed": 0.81,
        "n_candidates": 1, "p": p, "p_low": p / 2, "p_high": 2 * p, "chance_median": 0.5, "chance_95": 0.66,
        "permutations": 2000, "n_patients": 29, "reason": None, **changed,
    }  # fmt: skip


def _found(draws, fixed=(), config=PAPER, subsets=("train", "validation", "external"), **frames):
    families = ["Radiomics", *{row["family"] for row in fixed}]
    rows = [evaluation(family, subset=subset) for family in families for subset in subsets]
    picks = [{"family": family, "classifier": "SVM", "evaluated_on": "external"} for family in families]
    known = {
        "evaluations": pd.DataFrame(rows), "picks": pd.DataFrame(picks), "fixed_score_nulls": pd.DataFrame(list(fixed)),
        **frames,
    }  # fmt: skip
    return judged(
        ReachedByChance(), replace(evidence(known, config=config), draws={"permutation": draws}.get)
    )


def test_an_auc_that_chance_reaches_is_found():
    found = _found(permuted(0.3))
    assert (found.status, found.severity, found.page) == ("finding", "warning", "models-classifiers")
    assert found.message.startswith("Chance reaches the AUC of Radiomics in more than one case of twenty.")
    assert (
        "Radiomics (SVM) AUC 0.720, by chance 0.560 in the middle and 0.710 in one case of twenty, p = 0.300 "
        "(0.210 to 0.420, 1000 permutations)"
    ) in found.message
    assert "everything was made anew each time" in found.message
    assert found.evidence["null"].tolist() == ["whole pipeline"]
    assert found.remedy


@pytest.mark.parametrize(("p", "status"), [(0.0499, "passed"), (0.05, "finding")])
def test_the_limit(p, status):
    assert _found(permuted(p)).status == status


@pytest.mark.parametrize(("empty", "little"), [(0, False), (20, False), (500, True)])
def test_permutations_that_select_nothing_are_counted(empty, little):
    said = _found(permuted(0.3, n_empty=empty)).message
    assert (f"nothing selected and AUC 0.5 in {empty} of them" in said) == bool(empty)
    assert ("p says little more than that something was selected" in said) == little


def test_a_p_that_more_permutations_could_move_says_so():
    assert "Of Radiomics more permutations could decide otherwise." in _found(permuted(0.06)).message
    assert "could decide otherwise" not in _found(permuted(0.3)).message


def test_a_pass_names_the_auc_that_would_not_have_passed():
    assert "An AUC below about Radiomics 0.710 would have been a finding." in _found(permuted(0.001)).message


def test_networks_are_judged_as_they_are_and_it_is_said():
    found = _found(permuted(0.001), [_fixed(0.4, observed=0.55, n_candidates=8)])
    assert found.status == "finding"
    assert "the AUC of DL in" in found.message
    assert "DL (resnet18, best of 8) AUC 0.550" in found.message
    assert (
        "networks are not trained anew, so that of DL only the held-out labels were permuted" in found.message
    )
    assert "Of Radiomics selection, classifiers and pick were made anew" in found.message
    # What draws make anew is not judged by its fixed scores.
    both = _found(permuted(0.001), [_fixed(0.4, "Radiomics", "SVM"), _fixed(0.001)])
    assert both.status == "passed"
    assert both.evidence["family"].tolist() == ["Radiomics", "DL"]


def test_networks_alone_need_no_draws():
    found = _found(None, [_fixed(0.2)])
    assert found.status == "finding"
    assert _found(None, [_fixed(0.001)]).status == "passed"
    assert "has not been computed yet" in _found(None, [_fixed(0.2), _fixed(0.2, "US", "LR")]).message


def test_a_network_that_was_picked_there_is_named():
    config = replace(PAPER, deep=deep_recipe("paper", backbone="all", pick="external"))
    networks = pd.DataFrame([network("resnet18"), network("resnet50")])
    said = _found(permuted(0.001), [_fixed(0.001, "RadiomicsDL", "SVM")], config, networks=networks).message
    assert "The network of RadiomicsDL was picked on this very set, one of 2" in said
    assert (
        "very set" not in _found(permuted(0.001), [_fixed(0.001, "RadiomicsDL")], networks=networks).message
    )


def test_the_reported_set_is_the_external_one_else_validation():
    inside, outside = permuted(0.4, subset="validation").rows, permuted(0.001).rows
    both = Draws(pd.concat([inside, outside], ignore_index=True), draws=1000, usual=1000)
    assert _found(both).status == "passed"
    assert len(_found(both).evidence) == 2
    alone = _found(Draws(inside, draws=1000, usual=1000), subsets=("train", "validation"))
    assert alone.status == "finding"
    assert "In the validation set" in alone.message


def test_a_family_without_a_score_there_is_named():
    inside = permuted(0.4, subset="validation")
    alone = _found(Draws(inside.rows, draws=1000, usual=1000))
    assert "In the validation set" in alone.message
    beside = pd.concat([inside.rows, permuted(0.001, family="US", classifier="LR").rows], ignore_index=True)
    found = _found(Draws(beside, draws=1000, usual=1000))
    assert found.status == "passed"
    assert "Without a score in this set: Radiomics." in found.message


def test_what_cannot_be_judged_says_why():
    few = _found(permuted(1 / 20, permutations=19))
    assert few.status == "not_applicable"
    assert "Radiomics: 19 permutations cannot give a p below 0.05; 20 are the fewest" in few.message
    assert _found(permuted(1 / 21, permutations=20)).status == "passed"
    none = _found(permuted(np.nan, reason="the pick has no AUC on this set"))
    assert none.status == "not_applicable"
    assert "Radiomics (the pick has no AUC on this set)" in none.message
    assert "No patient was held out" in _found(permuted(0.3), subsets=("train",)).message
    assert "no analysis with a model" in judged(ReachedByChance(), EMPTY).message
    for draws in (None, Draws(pd.DataFrame())):
        assert "has not been computed yet" in _found(draws).message
