"""Components of deep features: fitted on training images alone, signs fixed, networks brought to one scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.decomposition import PCA

from sgcore.config import TrainingConfig
from sgcore.deep.components import ComponentsError, fit_components
from sgcore.deep.fit import fit_network, untrained_features
from sgcore.deep.fold_components import FoldNetwork, fold_components
from sgcore.deep.out_of_fold import fold_requests, out_of_fold
from sgcore.selection.folds import grouped_folds
from tests.deep import tiny


def _features(n=40, d=30, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) * np.linspace(3, 0.1, d) + 5


def test_components_are_those_of_a_principal_component_analysis():
    features = _features()
    found = fit_components(features[:30])
    pca = PCA(10, svd_solver="full").fit(features[:30])
    theirs = pca.transform(features)
    signs = np.sign((found.transform(features) * theirs).sum(axis=0))
    np.testing.assert_allclose(found.transform(features), theirs * signs, atol=1e-10)
    np.testing.assert_allclose(found.explained, pca.explained_variance_ratio_)
    assert found.names == tuple(f"DL_{number}" for number in range(10))
    assert found.frame()["cumulative"].iloc[-1] == pytest.approx(found.explained.sum())
    assert found.note == ""


def test_signs_do_not_depend_on_how_the_decomposition_came_out(monkeypatch):
    features = _features()
    plain = fit_components(features)
    largest = np.abs(plain.axes).argmax(axis=1)
    assert (plain.axes[np.arange(10), largest] > 0).all()

    class Flipped(PCA):
        def fit(self, X, y=None):
            super().fit(X, y)
            self.components_ = -self.components_
            return self

    monkeypatch.setattr("sklearn.decomposition.PCA", Flipped)
    np.testing.assert_array_equal(fit_components(features).axes, plain.axes)


def test_few_images_give_fewer_components_and_say_so():
    found = fit_components(_features(6))
    assert len(found.axes) == 5
    assert found.note == "5 components instead of 10: 6 training images span no more"
    rank_two = np.outer(np.arange(20.0), np.ones(8)) + np.outer(np.arange(20) % 3, np.arange(8))
    assert len(fit_components(rank_two).axes) == 2


def test_features_that_do_not_differ_have_no_components():
    for features in (np.ones((9, 4)), np.ones((1, 4))):
        with pytest.raises(ComponentsError, match="do not differ"):
            fit_components(features)
    with pytest.raises(ComponentsError, match="no numbers"):
        fit_components(np.full((9, 4), np.nan))


def test_pixels_of_validation_and_external_images_change_no_component():
    request = tiny.request()
    others = np.setdiff1d(np.arange(34), request.train)
    plain = fit_network(request).outputs.pooled
    noisy = fit_network(replace(request, inputs=tiny.with_noise(request.inputs, others))).outputs.pooled
    first, second = (fit_components(pooled[request.train]) for pooled in (plain, noisy))
    for name in ("mean", "axes", "scale", "explained"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    np.testing.assert_array_equal(
        first.transform(plain)[request.train], second.transform(noisy)[request.train]
    )
    assert (first.transform(plain)[others] != second.transform(noisy)[others]).any()


def test_networks_that_differ_by_a_rotation_a_scale_and_an_offset_agree():
    rng = np.random.default_rng(3)
    untrained = _features(60, 12)
    train = np.arange(40)
    parts = [FoldNetwork(untrained, train, np.arange(40, 60))]
    for number in range(4):
        turn, _ = np.linalg.qr(rng.normal(size=(12, 12)))
        held = np.arange(10 * number, 10 * number + 10)
        parts.append(FoldNetwork(2.5 * untrained @ turn + 7, np.setdiff1d(train, held), held))
    found = fold_components(untrained, parts, train, 12)
    for part, components in zip(parts, found.networks, strict=True):
        own = components.transform(part.pooled)
        expected = fit_components(untrained[train], 12).transform(untrained)
        expected = (expected - expected[part.train].mean(axis=0)) / expected[part.train].std(axis=0, ddof=1)
        np.testing.assert_allclose(own, expected, atol=1e-8)
        assert components.explained.sum() == pytest.approx(1)
    assert found.values.shape == (60, 12)


def _with_folds(request, splits):
    full = fit_network(request).outputs
    parts = [fit_network(each).outputs for each in fold_requests(request, splits)]
    untrained = untrained_features(request.make, request.inputs, device="cpu", threads=1)
    return full, out_of_fold(full, parts, untrained, request.train, splits, 4)


@pytest.fixture(scope="module")
def stacked():
    """A fit in folds of patients of two images, and the same with the label of patient 3 flipped."""
    request = tiny.request(24, 6, 6, config=TrainingConfig(epochs=2, batch=8))
    patients = np.arange(36) // 2
    request = replace(request, y=(patients % 2).astype(int))
    splits = grouped_folds(request.y[request.train], patients[request.train], 3, 0).splits
    flipped = replace(request, y=np.where(patients == 3, 1 - request.y, request.y))
    own = np.flatnonzero(patients == 3)
    return request, splits, own, _with_folds(request, splits), _with_folds(flipped, splits)


def test_with_folds_the_deep_features_of_a_patient_do_not_know_the_patient_s_label(stacked):
    _, _, own, (_, plain), (_, flipped) = stacked
    np.testing.assert_array_equal(plain.pooled[own], flipped.pooled[own])
    np.testing.assert_array_equal(plain.scores[own], flipped.scores[own])
    np.testing.assert_array_equal(plain.components.values[own], flipped.components.values[own])
    # Others are told apart by networks that saw this patient: the flip did something.
    assert (plain.pooled[:24] != flipped.pooled[:24]).any()


def test_without_folds_they_do(stacked):
    _, _, own, (plain, _), (flipped, _) = stacked
    assert (plain.pooled[own] != flipped.pooled[own]).any()
    assert (plain.scores[own] != flipped.scores[own]).any()


def test_each_image_is_spoken_for_by_a_network_that_was_not_trained_on_it(stacked):
    request, splits, _, (full, found), _ = stacked
    for number, (inner, held) in enumerate(splits, start=1):
        assert (found.fold[request.train[held]] == number).all()
        assert not set(inner) & set(held)
    others = np.arange(24, 36)
    assert (found.fold[others] == 0).all()
    np.testing.assert_array_equal(found.pooled[others], full.pooled[others])
    assert found.components.values.shape == (36, 4)
    assert len(found.components.networks) == len(splits) + 1


def test_noise_in_validation_and_external_images_changes_no_out_of_fold_component(stacked):
    request, splits, _, (_, plain), _ = stacked
    _, noisy = _with_folds(
        replace(request, inputs=tiny.with_noise(request.inputs, np.arange(24, 36))), splits
    )
    np.testing.assert_array_equal(plain.components.values[:24], noisy.components.values[:24])
    for first, second in zip(plain.components.networks, noisy.components.networks, strict=True):
        np.testing.assert_array_equal(first.axes, second.axes)


def test_folds_that_are_none_are_refused():
    request = tiny.request()
    half = np.arange(10), np.arange(10, 20)
    with pytest.raises(ValueError, match="exactly once"):
        fold_requests(request, [half])
    with pytest.raises(ValueError, match="trains on an image that it holds out"):
        fold_requests(request, [half, (np.arange(20), np.arange(10))])
    features = _features(20)
    with pytest.raises(ValueError, match="was trained on"):
        fold_components(features, [FoldNetwork(features, np.arange(10), np.arange(20))], np.arange(10))
    with pytest.raises(ValueError, match="have no network"):
        fold_components(features, [FoldNetwork(features, np.arange(10), np.arange(10, 19))], np.arange(10))
