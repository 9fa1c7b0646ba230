"""The sentence of the decision curve speaks of one risk, with its interval and what was picked on these cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sgcore import stats
from sgcore.domain import Decision
from sgcore.ui.decision_answers import best_family, digits_of, moved, sentence, stretches

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


def test_stretches_are_whole_percents_inside_and_short_ones_are_left_out() -> None:
    at = np.linspace(0.053, 0.553, 101)
    above = (at < 0.158) | ((at > 0.3) & (at < 0.34)) | (at > 0.401)
    assert stretches(at, above) == "6% to 15% and 41% to 55%"
    assert stretches(at, np.ones(101, bool)) == "6% to 55%"
    assert stretches(at, np.zeros(101, bool)) == ""
    narrow = np.linspace(0.10, 0.20, 101)
    assert stretches(narrow, (narrow > 0.1105) & (narrow < 0.1215)) == "11.1% to 12.1%"
    assert stretches(np.linspace(0.001, 0.005, 101), np.ones(101, bool)) == "0.1% to 0.5%"


def test_the_best_is_the_highest_on_average() -> None:
    curves = {"US": _curve(0.5), "Radiomics": _curve(2.5)}
    assert best_family(curves) == "Radiomics"
    assert best_family({}) is None


def test_one_risk_with_its_interval_and_what_was_picked() -> None:
    curve = _curve(2.5)
    at = int(np.abs(curve.thresholds - 0.3).argmin())
    worth, low, high = curve.net_benefit[at], curve.low[at], curve.high[at]
    all_of = 0.5 - 0.5 * 0.3 / 0.7
    said = sentence({"US": _curve(0.5), "Radiomics": curve}, "Radiomics", DECISION, WHERE, picked=True)
    assert said == (
        "Acting (biopsy) on Radiomics' probabilities, the highest of the families on average, from a risk of 30% on is "
        f"worth more than acting on all on the external set: net benefit {worth:.3f} ({low:.3f} to {high:.3f}), "
        f"{worth - all_of:.3f} ({low - all_of:.3f} to {high - all_of:.3f}) more (400 patients; 50% positive as in this "
        "study's mix, not your clinic's; family and classifier picked on these cases)."
    )
    alone = sentence({"Radiomics": curve}, "Radiomics", DECISION, WHERE)
    assert "picked on" not in alone
    assert "of the families" not in alone


def test_a_wide_band_cannot_be_told_and_a_low_one_is_worth_less() -> None:
    curve = _curve(2.5)
    wide = replace(curve, low=curve.net_benefit - 1, high=curve.net_benefit + 1)
    said = sentence({"DL": wide}, "DL", DECISION, WHERE)
    assert said.startswith(
        "Whether acting (biopsy) on DL's probabilities from a risk of 30% on is worth more than acting on all cannot "
        "be told on the external set: net benefit"
    )
    assert " to +1." in said
    bottom = np.maximum(curve.treat_all, 0)
    low = replace(wide, net_benefit=bottom - 0.05, low=bottom - 0.08, high=bottom - 0.01)
    said = sentence({"DL": low, "US": low}, "DL", DECISION, WHERE)
    assert "is worth less than acting on all on the external set" in said
    assert "0.050 (0.010 to 0.080) less" in said
    # As it is shown the interval ends at 0.
    touching = replace(low, high=bottom - 0.0002)
    assert "cannot be told" in sentence({"DL": touching}, "DL", DECISION, WHERE)
    assert "no difference" not in said


def test_above_the_prevalence_the_rival_is_acting_on_none() -> None:
    rare = _curve(2.5, prevalence=0.1, train_prevalence=0.5)
    said = sentence({"DL": rare}, "DL", DECISION, WHERE)
    assert "than acting on none" in said
    assert "(400 patients; 10% positive, as set here)" in said


def test_a_model_that_acts_on_all_is_said_to_do_so() -> None:
    y = np.arange(40) % 2
    curve = stats.decision_curve(y, np.where(y == 1, 0.9, 0.7), thresholds=[0.1, 0.3, 0.5])
    assert (
        "from a risk of 30% on is acting on all of these cases on the external set: what it adds cannot be told"
        in (sentence({"DL": curve}, "DL", DECISION, WHERE))
    )


def test_the_shift_is_said() -> None:
    assert moved(_curve(2.5, prevalence=0.1, train_prevalence=0.5)) == (
        "Probabilities were moved from 50% positive among the images it was fitted on to 10% (logits -2.20)."
    )
    assert moved(_curve(2.5, train_prevalence=0.2)).endswith("fitted on to 50% (logits +1.39).")
    assert moved(_curve(2.5, train_prevalence=0.5)) == (
        "Probabilities are as the model gives them: 50% positive among the images it was fitted on, as many as here."
    )
    assert moved(_curve(2.5)).endswith("the share of positives it was fitted on is not known.")


def test_a_rare_condition_keeps_its_figures() -> None:
    rare = _curve(2.5, prevalence=0.0005, train_prevalence=0.5)
    assert digits_of(rare) == 5
    said = sentence({"DL": rare}, "DL", DECISION, WHERE)
    assert "0.05% positive, as set here" in said
    assert "net benefit 0.000 " not in said


@pytest.mark.parametrize(
    ("labels", "p"),
    [
        ([1, 1, 1], [0.2, 0.6, 0.7]),
        ([0, 1, 1], [0.2, 0.6, 0.7]),
        ([1], [0.7]),
        ([0, 1] * 10, [0.4] * 20),
        ([0, 1] * 10, [0, 1, 1, 1] * 5),
    ],
)
def test_what_cannot_be_judged_says_why(labels: list[int], p: list[float]) -> None:
    curve = stats.decision_curve(labels, p, thresholds=[0.1, 0.3])
    said = sentence({"DL": curve}, best_family({"DL": curve}), DECISION, WHERE)
    assert curve.reason
    assert curve.reason in said
    assert "nan" not in said
    assert " worth more " not in said
