"""Shapiro and Wilk's test of all columns decides as SciPy's of each."""

from __future__ import annotations

import numpy as np
import pytest
import scipy

from sgcore.stats import normality


@pytest.mark.parametrize("n", [3, 5, 11, 12, 13, 40, 65, 400])
def test_decisions_are_those_of_scipy(n: int) -> None:
    rng = np.random.default_rng(n)
    values = np.hstack(
        [
            rng.normal(size=(n, 150)),
            rng.gamma(4, size=(n, 150)),
            rng.integers(0, 4, (n, 50)) + rng.normal(size=50),
        ]
    )
    values = values[:, np.ptp(values, axis=0) > 0]
    p = scipy.stats.shapiro(values, axis=0).pvalue
    for alpha in (0.01, 0.05, 0.5):
        assert np.array_equal(normality.looks_normal(values, alpha), p >= alpha)
    # At a level that is the very p of a column, too.
    assert normality.looks_normal(values[:, :1], p[0]).item()
    assert not normality.looks_normal(values[:, :1], np.nextafter(p[0], 1)).item() or p[0] == 1


@pytest.mark.parametrize("n", [12, 65, 900])
def test_p_values_are_those_of_scipy(n: int) -> None:
    values = np.random.default_rng(n).gamma(3, size=(n, 200))
    expected = scipy.stats.shapiro(values, axis=0).pvalue
    assert normality._p_values(values) == pytest.approx(expected, rel=1e-5, abs=1e-12)


def test_a_perfect_line_of_normal_scores_is_normal() -> None:
    values = scipy.special.ndtri((np.arange(1, 31) - 0.375) / 30.25)[:, None]
    assert normality.looks_normal(values, 0.99).all()


def test_scipy_is_asked_only_near_the_level(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).normal(size=(50, 100))
    monkeypatch.setattr(scipy.stats, "shapiro", lambda *_args, **_named: pytest.fail("it was asked"))
    normality.looks_normal(values, 0.05)
