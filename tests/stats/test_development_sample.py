"""Riley's criteria: the published example, what each criterion promises, R2 from the AUC, reasons."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.integrate import quad
from scipy.special import expit, xlogy
from scipy.stats import norm

from sgcore.stats.development_sample import cox_snell_from_auc, development_size, expected_shrinkage


def test_the_published_example():
    # Riley 2019, a diagnostic model for Chagas disease: at least 4.8 events a parameter; pmsampsize in R.
    result = development_size(24, 0.174, cox_snell=0.288)
    assert (result.n_shrinkage, result.n_optimism, result.n_margin, result.n) == (623, 662, 221, 662)
    assert result.events_per_candidate == pytest.approx(4.8, abs=0.005)
    assert result.n_events == pytest.approx(115.2, abs=0.05)


# Criteria i and iii of the R package pmsampsize, tests 4.2 to 4.4 (it rounded in criterion ii then).
@pytest.mark.parametrize(
    ("candidates", "prevalence", "r2", "first", "third"),
    [(24, 0.174, 0.55, 255, 221), (36, 0.174, 0.288, 934, 221), (24, 0.25, 0.288, 623, 289)],
)
def test_agrees_with_pmsampsize(candidates, prevalence, r2, first, third):
    result = development_size(candidates, prevalence, cox_snell=r2)
    assert (result.n_shrinkage, result.n_margin) == (first, third)
    assert result.n == max(first, result.n_optimism, third)


@pytest.mark.parametrize(("candidates", "prevalence", "r2"), [(10, 0.3, 0.1), (40, 0.5, 0.4), (5, 0.05, 0.2)])
def test_what_the_criteria_promise(candidates, prevalence, r2):
    result = development_size(candidates, prevalence, cox_snell=r2)
    shrinkage = expected_shrinkage(candidates, int(result.n_shrinkage), r2)
    assert 0.9 <= shrinkage < 0.9 + 2 / result.n_shrinkage
    # An apparent R2 of R2 / S is too high by 0.05 of the largest R2.
    apparent = r2 / expected_shrinkage(candidates, int(result.n_optimism), r2)
    assert (apparent - r2) / result.cox_snell_max == pytest.approx(0.05, rel=0.02)
    assert (apparent - r2) / result.cox_snell_max <= 0.05
    assert 1.96 * np.sqrt(prevalence * (1 - prevalence) / result.n_margin) <= 0.0501
    # Copas' uniform shrinkage from the likelihood ratio of the apparent R2: 1 - p / LR.
    ratio = -result.n_shrinkage * np.log(1 - r2 / shrinkage)
    assert 1 - candidates / ratio == pytest.approx(shrinkage, abs=1e-9)


def integral(auc: float, prevalence: float) -> float:
    """R2 of the binormal model as twice the mutual information, integrated over the score."""
    d = np.sqrt(2) * norm.ppf(auc)

    def information(x: float) -> float:
        joint = np.array([(1 - prevalence) * norm.pdf(x), prevalence * norm.pdf(x - d)])
        prior = np.array([1 - prevalence, prevalence])
        total = joint.sum()
        return float(np.sum(xlogy(joint, joint) - xlogy(joint, prior * total))) if total > 0 else 0.0

    return 1 - np.exp(-2 * quad(information, -12, d + 12, limit=400, epsabs=1e-12)[0])


@pytest.mark.parametrize(
    ("auc", "prevalence"), [(0.81, 0.77), (0.7, 0.1), (0.9, 0.5), (0.55, 0.3), (0.99, 0.02)]
)
def test_r2_of_an_auc(auc, prevalence):
    assert cox_snell_from_auc(auc, prevalence) == pytest.approx(integral(auc, prevalence), rel=1e-5)
    assert cox_snell_from_auc(auc, 1 - prevalence) == pytest.approx(cox_snell_from_auc(auc, prevalence))


def test_r2_of_an_auc_by_simulation():
    rng = np.random.default_rng(0)
    y = (np.arange(200_000) < 0.77 * 200_000).astype(int)
    score = rng.normal(size=y.size) + np.sqrt(2) * norm.ppf(0.81) * y
    fit = sm.GLM(y, sm.add_constant(score), family=sm.families.Binomial()).fit()
    simulated = 1 - np.exp((fit.deviance - fit.null_deviance) / y.size)
    assert cox_snell_from_auc(0.81, 0.77) == pytest.approx(simulated, abs=0.004)


def test_r2_at_the_ends():
    assert cox_snell_from_auc(0.5, 0.3) == pytest.approx(0, abs=1e-12)
    largest = development_size(1, 0.3, cox_snell=0.1).cox_snell_max
    assert largest == pytest.approx(1 - (0.3**0.3 * 0.7**0.7) ** 2)
    assert cox_snell_from_auc(1 - 1e-9, 0.3) == pytest.approx(largest, abs=1e-3)
    values = [cox_snell_from_auc(auc, 0.3) for auc in (0.55, 0.65, 0.75, 0.85, 0.95)]
    assert values == sorted(values)


def test_expected_shrinkage_of_a_simulated_model():
    rng, p, n = np.random.default_rng(1), 6, 200
    beta = np.full(p, 0.55)
    slopes = []
    for _ in range(300):
        x = rng.normal(size=(n, p))
        y = (rng.random(n) < expit(x @ beta)).astype(int)
        fitted = sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial()).fit().params[1:]
        # For normal predictors, the slope that the truth has on the fitted index.
        slopes.append(beta @ fitted / (fitted @ fitted))
    logits = rng.normal(0, np.sqrt(beta @ beta), 400_000)
    risk = expit(logits)
    gain = np.mean(xlogy(risk, risk) + xlogy(1 - risk, 1 - risk)) + np.log(2)
    assert np.mean(slopes) == pytest.approx(expected_shrinkage(p, n, 1 - np.exp(-2 * gain)), abs=0.03)


def test_a_radiomics_study():
    result = development_size(1288, 0.5, auc=0.8, n_pos=60, n_neg=60)
    assert result.cox_snell == cox_snell_from_auc(0.8, 0.5)
    assert result.candidates_per_event_achieved == pytest.approx(1288 / 60)
    assert result.events_per_candidate_achieved == pytest.approx(60 / 1288)
    assert result.shrinkage_achieved < 0.3
    assert result.enough is False
    assert development_size(2, 0.5, auc=0.8, n_pos=400, n_neg=400).enough is True
    assert development_size(2, 0.5, auc=0.8).enough is None
    assert result.nagelkerke == pytest.approx(result.cox_snell / 0.75)
    assert np.isnan(development_size(9, 0.5, auc=0.8, n_pos=0, n_neg=5).candidates_per_event_achieved)
    assert np.isnan(expected_shrinkage(5, 0, 0.3))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"auc": 0.5}, "an AUC of 0.5 leaves nothing to develop"),
        ({"auc": 0.3}, "an AUC of 0.3 leaves nothing to develop"),
        ({"cox_snell": 0.0}, "an R2 of 0 is not above 0 and at most 0.75"),
        ({"cox_snell": 0.8}, "an R2 of 0.8 is not above 0 and at most 0.75"),
        ({"cox_snell": 0.5, "shrinkage": 0.4}, "an R2 of 0.5 is not below the wanted shrinkage of 0.4"),
    ],
)
def test_reasons(options, words):
    result = development_size(10, 0.5, n_pos=50, n_neg=50, **options)
    assert np.isnan([result.n, result.n_shrinkage, result.n_margin, result.shrinkage_achieved]).all()
    assert result.reason.startswith(words)
    assert result.enough is None
    assert result.events_per_candidate_achieved == 5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: development_size(0, 0.5, auc=0.8), "0 candidates"),
        (lambda: development_size(5, 0.5), "either auc or cox_snell"),
        (lambda: development_size(5, 0.5, auc=0.8, cox_snell=0.2), "either auc or cox_snell"),
        (lambda: development_size(5, 1.0, auc=0.8), "prevalence is 1.0"),
        (lambda: development_size(5, 0.5, auc=1.0), "auc is 1.0"),
        (lambda: development_size(5, 0.5, auc=0.8, shrinkage=1), "shrinkage is 1"),
        (lambda: development_size(5, 0.5, auc=0.8, n_pos=3), "n_pos and n_neg together"),
    ],
)
def test_refuses(call, words):
    with pytest.raises(ValueError, match=words):
        call()
