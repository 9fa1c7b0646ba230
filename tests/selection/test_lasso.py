"""The fast LASSO gives what LassoCV gives."""

from __future__ import annotations

import time
import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso, LassoCV

from sgcore.selection import LassoSelector, grouped_folds


def _data(seed, n=120, d=30):
    rng = np.random.default_rng(seed)
    patients = rng.integers(0, n // 2, n)
    y = (patients % 2).astype(int)
    X = rng.normal(size=(n, d)) + 0.5 * rng.normal(size=(n // 2, d))[patients]
    X[:, :4] += 0.7 * y[:, None] * rng.normal(1, 0.2, 4)
    X[:, -1] = X[:, 0] * 0.8 + 0.3 * rng.normal(size=n)
    return (X - X.mean(axis=0)) / X.std(axis=0), y, patients


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shape", [(120, 30), (60, 90)])
def test_alpha_selection_and_curve_are_those_of_lassocv(seed, shape):
    X, y, patients = _data(seed, *shape)
    ours = LassoSelector(seed=seed).fit(X, y, groups=patients)
    folds = grouped_folds(y, patients, 5, seed)
    with warnings.catch_warnings(record=True) as caught:
        # With more features than rows LassoCV itself may stop early at the smallest penalties.
        warnings.simplefilter("always", ConvergenceWarning)
        theirs = LassoCV(
            alphas=ours.curve_["alpha"].to_numpy(), cv=list(folds.splits), tol=1e-9, max_iter=200_000
        ).fit(X, y)
    assert ours.alpha_ == pytest.approx(theirs.alpha_, rel=1e-9)
    assert set(np.flatnonzero(ours.support_)) == set(np.flatnonzero(theirs.coef_))
    np.testing.assert_allclose(
        ours.curve_["error_mean"], theirs.mse_path_.mean(axis=1), rtol=1e-3 if caught else 1e-5
    )
    assert ours.note_ is None


def test_a_path_that_is_exact_is_not_computed_again():
    # Coefficients that leave the path keep 1e-17 of rounding; taken for active, they sent wide data to
    # coordinate descent, minutes instead of a second.
    X, y, patients = _data(1, 60, 400)
    started = time.process_time()
    fit = LassoSelector(seed=1).fit(X, y, groups=patients)
    assert time.process_time() - started < 5
    assert fit.support_.any()


def test_identical_columns_do_not_spoil_the_path():
    X, y, patients = _data(2, n=80, d=10)
    doubled = np.column_stack([X, X[:, :3], -X[:, 0]])
    fit = LassoSelector(n_alphas=30).fit(doubled, y, groups=patients)
    plain = LassoSelector(n_alphas=30).fit(X, y, groups=patients)
    np.testing.assert_allclose(fit.curve_["error_mean"], plain.curve_["error_mean"], rtol=1e-6)
    fitted = [doubled @ fit.lasso_path_.T, X @ plain.lasso_path_.T]
    np.testing.assert_allclose(fitted[0], fitted[1], atol=1e-4)


def test_the_path_holds_the_lasso_of_every_alpha():
    X, y, patients = _data(4)
    fit = LassoSelector(n_alphas=20).fit(X, y, groups=patients)
    for row in (0, 7, 19):
        expected = Lasso(alpha=fit.alphas_[row], tol=1e-10, max_iter=100_000).fit(X, y).coef_
        np.testing.assert_allclose(fit.lasso_path_[row], expected, atol=1e-6)
    assert not fit.lasso_path_[0].any()
    curve = fit.curve_
    assert curve["alpha_1se"].iloc[0] >= curve["alpha_min"].iloc[0]
    assert curve.loc[curve["error_mean"].idxmin(), "alpha"] == curve["alpha_min"].iloc[0]
    assert curve.loc[curve["chosen"], "alpha"].tolist() == [fit.alpha_]


def test_one_standard_error_never_keeps_more():
    X, y, patients = _data(3)
    smallest = LassoSelector(rule="min").fit(X, y, groups=patients)
    sparser = LassoSelector(rule="1se").fit(X, y, groups=patients)
    assert sparser.alpha_ >= smallest.alpha_
    assert sparser.support_.sum() <= smallest.support_.sum()


def test_the_logistic_loss_finds_the_planted_features():
    X, y, patients = _data(1, n=100, d=12)
    fit = LassoSelector(loss="logistic", n_alphas=15, folds=3).fit(X, y, groups=patients)
    assert fit.support_[:4].any()
    assert fit.curve_["chosen"].sum() == 1
    # At the largest alpha nothing enters: the start of the path is the same for both losses.
    assert np.abs(fit.lasso_path_[0]).max() < 1e-3


def test_a_class_of_one_patient_is_an_outcome_with_a_reason():
    X, y, _ = _data(0, n=20, d=4)
    patients = np.where(y == 1, 0, np.arange(20) + 1)
    fit = LassoSelector().fit(X, y, groups=patients)
    assert not fit.support_.any()
    assert "1 patient" in fit.note_
    assert fit.transform(X).shape == (20, 0)


@pytest.mark.parametrize(("name", "value"), [("loss", "hinge"), ("rule", "max")])
def test_unknown_options_are_named(name, value):
    X, y, patients = _data(0, n=20, d=4)
    with pytest.raises(ValueError, match=value):
        LassoSelector(**{name: value}).fit(X, y, groups=patients)
