"""The sentence of the decision curve names the risks at which the band lies above both, or that none can be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sgcore import stats
from sgcore.domain import Decision
from sgcore.ui.decided import best_family, runs, sentence

DECISION = Decision("biopsy", 0.05, 0.55)
WHERE = "on the external set"


def _curve(separation: float, patients: int = 400, **options: float) -> stats.DecisionCurve:
    """Of patients, half of them positive, whose probabilities are right for this separation."""
    rng = np.random.default_rng(0)
    y = np.arange(patients) % 2
    logits = separation * rng.normal(separation * (y - 0.5), 1)
    return stats.decision_curve(
        y, 1 / (1 + np.exp(-logits)), thresholds=np.linspace(DECISION.low, DECISION.high, 101), **options
    )


def test_runs() -> None:
    at = np.array([0.05, 0.1, 0.15, 0.2, 0.225])
    assert runs(at, np.array([True, True, False, False, True])) == "5% to 10% and 22.5%"
    assert runs(at, np.ones(5, bool)) == "5% to 22.5%"
    assert runs(at, np.zeros(5, bool)) == ""


def test_the_best_is_the_highest_on_average() -> None:
    curves = {"US": _curve(0.5), "Radiomics": _curve(2.5)}
    assert best_family(curves) == "Radiomics"
    assert best_family({}) is None


def test_risks_where_the_band_lies_above_both_are_named() -> None:
    curve = _curve(2.5)
    said = sentence({"US": _curve(0.5), "Radiomics": curve}, "Radiomics", DECISION, WHERE)
    above = curve.thresholds[curve.low > np.maximum(curve.treat_all, 0)]
    assert said.startswith(
        "Acting (biopsy) on Radiomics' probabilities, the highest of the families on average, is worth more"
    )
    assert (
        f"to {100 * above[-1]:g}% (400 patients; 50% positive as in this study's mix, not your clinic's)"
        in said
    )


def test_a_wide_band_cannot_be_told_and_a_low_one_is_worth_less() -> None:
    curve = _curve(2.5)
    wide = replace(curve, low=curve.net_benefit - 1, high=curve.net_benefit + 1)
    assert sentence({"DL": wide}, "DL", DECISION, WHERE) == (
        "Whether acting (biopsy) on DL's probabilities is worth more than acting on all or on none cannot be told on "
        "the external set at any risk from 5% to 55% (400 patients; 50% positive as in this study's mix, not your "
        "clinic's)."
    )
    low = replace(wide, high=np.maximum(curve.treat_all, 0) - 0.01)
    said = sentence({"DL": low, "US": low}, "DL", DECISION, WHERE)
    assert (
        "DL's probabilities, the highest of the families on average, is not shown to be worth anything"
        in said
    )
    assert said.endswith("at risks from 5% to 55% it is worth less than the better of the two.")
    assert "no difference" not in said


def test_a_prevalence_is_said() -> None:
    curve = _curve(2.5, prevalence=0.1, train_prevalence=0.5)
    assert "(400 patients; 10% positive, as set here)" in sentence({"DL": curve}, "DL", DECISION, WHERE)


@pytest.mark.parametrize("labels", [[1, 1, 1], [0, 1, 1]])
def test_too_few_say_why(labels: list[int]) -> None:
    curve = stats.decision_curve(labels, [0.2, 0.6, 0.7], thresholds=[0.1, 0.3])
    said = sentence({"DL": curve}, best_family({"DL": curve}), DECISION, WHERE)
    assert curve.reason
    assert curve.reason in said
