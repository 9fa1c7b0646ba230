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
from sgcore.deep.out_of_fold import (
    fold_requests,
    label_free_splits,
    out_of_fold_components,
    speaking_network,
)
from sgcore.errors import UsageError
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
    """Outputs of the networks of fold 0, 1 ..., and the components of each image by one that left it out."""
    networks = [fit_network(each).outputs for each in (request, *fold_requests(request, splits))]
    untrained = untrained_features(request.make, request.inputs, device="cpu", threads=1)
    pooled = [each.pooled for each in networks]
    return networks, out_of_fold_components(pooled, untrained, request.train, splits, 4)


@pytest.fixture(scope="module")
def stacked():
    """A fit in folds of patients of two images, and the same with the label of patient 3 flipped."""
    request = tiny.request(24, 6, 6, config=TrainingConfig(epochs=2, batch=8))
    patients = np.arange(36) // 2
    request = replace(request, y=(patients % 2).astype(int))
    splits = label_free_splits(patients[request.train], 3, 0)
    flipped = replace(request, y=np.where(patients == 3, 1 - request.y, request.y))
    own = np.flatnonzero(patients == 3)
    return request, splits, own, _with_folds(request, splits), _with_folds(flipped, splits)


def test_with_folds_the_deep_features_of_a_patient_do_not_know_the_patient_s_label(stacked):
    request, splits, own, (plain, components), (flipped, flipped_components) = stacked
    (fold,) = set(speaking_network(36, request.train, splits)[own])
    np.testing.assert_array_equal(plain[fold].pooled[own], flipped[fold].pooled[own])
    np.testing.assert_array_equal(plain[fold].scores[own], flipped[fold].scores[own])
    np.testing.assert_array_equal(components.values[own], flipped_components.values[own])
    # Others are told apart by networks that saw this patient: the flip did something.
    assert (components.values[:24] != flipped_components.values[:24]).any()


def test_without_folds_they_do(stacked):
    _, _, own, (plain, _), (flipped, _) = stacked
    assert (plain[0].pooled[own] != flipped[0].pooled[own]).any()
    assert (plain[0].scores[own] != flipped[0].scores[own]).any()


def test_each_image_is_spoken_for_by_a_network_that_was_not_trained_on_it(stacked):
    request, splits, _, _, _ = stacked
    fold = speaking_network(36, request.train, splits)
    for number, (inner, held) in enumerate(splits, start=1):
        assert (fold[request.train[held]] == number).all()
        assert not (fold[request.train[inner]] == number).any()
    assert (fold[24:] == 0).all()
    _, _, _, (_, components), _ = stacked
    assert components.values.shape == (36, 4)
    assert len(components.networks) == len(splits) + 1


def test_folds_keep_patients_together_and_look_at_no_label():
    patients = np.repeat([f"p{number}" for number in range(11)], [1, 2, 3, 4, 1, 1, 2, 5, 2, 1, 1])
    splits = label_free_splits(patients, 4, 0)
    held = np.concatenate([out for _, out in splits])
    np.testing.assert_array_equal(np.sort(held), np.arange(len(patients)))
    assert all(not set(patients[inner]) & set(patients[out]) for inner, out in splits)
    assert splits[0][1].tolist() != label_free_splits(patients, 4, 1)[0][1].tolist()
    with pytest.raises(UsageError, match="12 deep folds of 11 training patients"):
        label_free_splits(patients, 12, 0)


def test_noise_in_validation_and_external_images_changes_no_out_of_fold_component(stacked):
    request, splits, _, (_, plain), _ = stacked
    _, noisy = _with_folds(
        replace(request, inputs=tiny.with_noise(request.inputs, np.arange(24, 36))), splits
    )
    np.testing.assert_array_equal(plain.values[:24], noisy.values[:24])
    for first, second in zip(plain.networks, noisy.networks, strict=True):
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
