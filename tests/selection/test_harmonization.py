"""ComBat: center effects are taken out as the published equations say, and nothing is left as it was in silence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from neuroHarmonize import harmonizationApply, harmonizationLearn
from sklearn.base import clone

from sgcore.selection import Combat, batches, not_applicable


def _data(seed=0, sizes=(40, 30), d=200, shift=2.0, spread=2.0):
    """Features of centers C0, C1, ...; each after the first is moved by ``shift`` and widened by ``spread``."""
    rng = np.random.default_rng(seed)
    centers = np.repeat([f"C{i}" for i in range(len(sizes))], sizes)
    number = np.repeat(np.arange(len(sizes)), sizes)[:, None]
    own = rng.normal(shift, 0.5, size=(len(sizes), d))[number[:, 0]] * (number > 0)
    X = rng.normal(size=(sum(sizes), d)) * np.where(number > 0, spread, 1.0) + own
    return X * np.geomspace(1e-3, 1e3, d) + 5 * np.geomspace(1e-3, 1e3, d), centers


def _published(X, centers):
    """Johnson 2007, equations of section 3: method-of-moments priors, then the coupled posterior means."""
    names = np.unique(centers)
    means = np.array([X[centers == name].mean(axis=0) for name in names])
    sizes = np.array([(centers == name).sum() for name in names])
    alpha = sizes @ means / len(X)
    resid = X - means[np.searchsorted(names, centers)]
    sigma = np.sqrt((resid**2).sum(axis=0) / len(X))
    Z = (X - alpha) / sigma
    result = np.empty_like(X)
    for name in names:
        z = Z[centers == name]
        n, gamma, delta = len(z), z.mean(axis=0), z.var(axis=0, ddof=1)
        gamma_bar, tau2 = gamma.mean(), gamma.var(ddof=1)
        m, s2 = delta.mean(), delta.var(ddof=1)
        lam, theta = (m**2 + 2 * s2) / s2, (m**3 + m * s2) / s2
        g, d2 = gamma.copy(), delta.copy()
        for _ in range(200):
            g = (n * tau2 * gamma + d2 * gamma_bar) / (n * tau2 + d2)
            d2 = (theta + 0.5 * ((z - g) ** 2).sum(axis=0)) / (n / 2 + lam - 1)
        result[centers == name] = sigma * (z - g) / np.sqrt(d2) + alpha
    return result


@pytest.mark.parametrize("sizes", [(40, 30), (12, 25, 8)])
def test_the_published_equations(sizes):
    X, centers = _data(sizes=sizes)
    unit = X.std(axis=0)
    ours = Combat().fit(X, centers).transform(X, centers)
    # The library stops at a relative change of 1e-4.
    np.testing.assert_allclose(ours / unit, _published(X, centers) / unit, atol=1e-3)


def test_the_librarys_own_transform_where_it_can_be_called():
    X, centers = _data(sizes=(20, 15, 10))
    sites = pd.DataFrame({"SITE": centers})
    model, _ = harmonizationLearn(X, sites)
    theirs, unit = harmonizationApply(X, sites, model), X.std(axis=0)
    np.testing.assert_allclose(
        Combat().fit(X, centers).transform(X, centers) / unit, theirs / unit, atol=1e-9
    )


def test_centers_are_alike_afterwards_up_to_shrinkage():
    X, centers = _data(sizes=(60, 60))
    after = Combat().fit(X, centers).transform(X, centers)
    first, second = after[centers == "C0"], after[centers == "C1"]
    sd = after.std(axis=0)
    before = np.abs(X[centers == "C0"].mean(axis=0) - X[centers == "C1"].mean(axis=0)) / X.std(axis=0)
    assert np.median(before) > 0.9
    assert np.median(np.abs(first.mean(axis=0) - second.mean(axis=0)) / sd) < 0.1
    assert abs(np.median(np.log(first.std(axis=0) / second.std(axis=0)))) < 0.05


def test_shrinkage_pulls_small_centers_to_their_prior():
    X, centers = _data(sizes=(60, 6), spread=1.0)
    after = Combat().fit(X, centers).transform(X, centers)
    left = (after[centers == "C1"].std(axis=0, ddof=1) / after[centers == "C0"].std(axis=0, ddof=1)).std()
    exact = np.std(X[centers == "C1"].std(axis=0, ddof=1) / X[centers == "C0"].std(axis=0, ddof=1))
    # Without shrinkage every ratio would be 1; most of the chance variation of six values stays.
    assert 0.5 * exact < left < exact


def test_rows_to_come_change_nothing_and_a_part_is_the_same_as_the_whole():
    X, centers = _data()
    train = np.arange(len(X)) % 3 > 0
    fitted = Combat().fit(X[train], centers[train])
    whole = fitted.transform(X, centers)
    for center in ("C0", "C1"):
        part = ~train & (centers == center)
        np.testing.assert_array_equal(fitted.transform(X[part], centers[part]), whole[part])
    moved = X.copy()
    moved[~train] += 100
    np.testing.assert_array_equal(fitted.transform(moved, centers)[train], whole[train])
    assert fitted.transform(X[:0], centers[:0]).shape == (0, X.shape[1])


def test_an_unseen_or_small_center_has_no_values_and_a_reason():
    X, centers = _data(sizes=(20, 15, 4))
    fitted = Combat().fit(X, centers)
    assert fitted.batches_ == ("C0", "C1") == batches(centers)
    names = np.array(["C0", "C2", "Z"])
    result = fitted.transform(X[:3], names)
    assert np.isfinite(result[0]).all()
    assert np.isnan(result[1:]).all()
    assert fitted.why_not("C0") is None
    assert "4 training patients there, at least 5" in fitted.why_not("C2")
    assert "no batch for Z (no training patient" in fitted.why_not("Z")
    # What has no batch teaches nothing either.
    inside = centers != "C2"
    alone = Combat().fit(X[inside], centers[inside]).transform(X[inside], centers[inside])
    np.testing.assert_array_equal(alone, fitted.transform(X, centers)[inside])


def test_patients_make_a_batch_not_images():
    X, centers = _data(sizes=(20, 20))
    patients = np.r_[np.arange(20), np.repeat([90, 91, 92, 93], 5)]
    assert batches(centers) == ("C0", "C1")
    with pytest.raises(ValueError, match=r"at least 5 training patients each .*C0 20, C1 4"):
        Combat().fit(X, centers, patients)


def test_one_center_is_refused():
    X, centers = _data(sizes=(20,))
    assert not_applicable(centers) == "one development center is one batch"
    with pytest.raises(ValueError, match="one development center is one batch"):
        Combat().fit(X, centers)


def test_columns_that_cannot_be_harmonized_say_why():
    X, centers = _data(d=8)
    X[3, 0], X[4, 1], X[:, 2] = np.nan, np.inf, 7.0
    X[centers == "C1", 3] = 2.0
    fitted = Combat().fit(X, centers)
    assert fitted.reasons_[0] == "missing in 1 of 70 training images"
    assert fitted.reasons_[1] == "infinite in 1 of 70 training images"
    assert fitted.reasons_[2].startswith("constant")
    assert "all training images of C1" in fitted.reasons_[3]
    assert fitted.reasons_[4:] == [None] * 4
    result = fitted.transform(X, centers)
    assert np.isnan(result[:, :4]).all()
    assert np.isfinite(result[:, 4:]).all()
    later = X[:1].copy()
    later[0, 5] = np.nan
    assert np.flatnonzero(np.isnan(fitted.transform(later, centers[:1]))[0]).tolist() == [0, 1, 2, 3, 5]


def test_one_column_has_no_prior(capsys):
    X, centers = _data(d=1)
    fitted = Combat().fit(X, centers)
    assert not fitted.shrunken_
    after = fitted.transform(X, centers)
    first, second = after[centers == "C0"], after[centers == "C1"]
    np.testing.assert_allclose(first.mean(axis=0), second.mean(axis=0))
    np.testing.assert_allclose(first.std(axis=0, ddof=1), second.std(axis=0, ddof=1))
    # JSON goes to standard output, and nothing else may.
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("copies", [2, 3, 7])
def test_columns_that_say_the_same_are_harmonized_all_the_same(copies):
    X, centers = _data()
    X = np.repeat(X[:, :1], copies, axis=1)
    after = Combat().fit(X, centers).transform(X, centers)
    gap = after[centers == "C0"].mean() - after[centers == "C1"].mean()
    assert abs(gap) < 0.01 * X.std()


def test_nothing_to_harmonize_is_an_outcome():
    X, centers = _data(d=1)
    fitted = Combat().fit(np.ones_like(X), centers)
    assert np.isnan(fitted.transform(X, centers)).all()


def test_units_do_not_matter_and_the_object_is_cloned():
    X, centers = _data(d=30)
    plain = Combat().fit(X, centers).transform(X, centers)
    scale = np.where(np.arange(30) % 2, 1e-150, 1e120)
    scaled = clone(Combat()).fit(X * scale, centers).transform(X * scale, centers)
    np.testing.assert_allclose(scaled / scale, plain, rtol=1e-9)


def test_another_width_is_an_error():
    X, centers = _data(d=5)
    with pytest.raises(ValueError, match="has 4 columns; ComBat was fitted on 5"):
        Combat().fit(X, centers).transform(X[:, :4], centers)
