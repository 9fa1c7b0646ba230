"""Training: the recipe's steps, what may change a weight and what may not, the same numbers for the same seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn import functional

from sgcore.config import TrainingConfig
from sgcore.deep.augment import augment
from sgcore.deep.batches import logits_of, pooled_of, three_channels, training_batches
from sgcore.deep.devices import reproducible
from sgcore.deep.epoch_metrics import CURVE_COLUMNS, epoch_metrics
from sgcore.deep.fit import fit_network
from sgcore.deep.training import TrainingError, train_network, training_fingerprint
from sgcore.errors import CancelledError, UsageError
from sgcore.jobs import Cancel
from tests.deep import tiny
from tests.deep.tiny_network import LENGTH


def _train(request, **more):
    network = request.make()
    trained = train_network(
        network, request.inputs, request.y, request.train, request.validation,
        config=request.config, backbone="tiny", device="cpu", threads=1, **more,
    )  # fmt: skip
    return network, trained


def _same(network, other):
    mine, theirs = network.state_dict(), other.state_dict()
    return all(torch.equal(mine[name], theirs[name]) for name in mine)


def test_the_network_learns_what_can_be_learned():
    request = tiny.request(40, 20, config=TrainingConfig(epochs=25, batch=8))
    _, trained = _train(request)
    assert list(trained.curve.columns) == list(CURVE_COLUMNS)
    assert len(trained.curve) == 50
    validation = trained.curve[trained.curve["subset"] == "validation"]
    assert validation["auc"].iloc[-1] > 0.9
    assert validation["loss"].iloc[-1] < validation["loss"].iloc[0]
    assert trained.epoch == 25
    assert not trained.network.training


def test_two_epochs_are_sgd_with_momentum_on_cross_entropy_by_hand():
    request = tiny.request(12, 0, config=TrainingConfig(epochs=2, batch=8, seed=4, class_weights=True))
    request = replace(request, y=np.array([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0]))
    network, _ = _train(request)
    other = request.make()
    # Dropout would need the generator's state: the comparison is without it.
    network, other = request.make(), request.make()
    network.dropout.p = other.dropout.p = 0.0
    train_network(
        network, request.inputs, request.y, request.train, request.validation,
        config=request.config, device="cpu", threads=1,
    )  # fmt: skip
    velocity = {name: torch.zeros_like(value) for name, value in other.named_parameters()}
    other.train()
    balance = torch.tensor([12 / (2 * 3), 12 / (2 * 9)])
    for epoch in (1, 2):
        for rows in training_batches(request.train, 8, 4, epoch):
            gray = augment(torch.as_tensor(request.inputs.gray[rows]), 4, epoch, rows)
            y = torch.as_tensor(request.y[rows])
            other.zero_grad()
            functional.cross_entropy(other(three_channels(gray)), y, weight=balance).backward()
            with torch.no_grad():
                for name, parameter in other.named_parameters():
                    velocity[name] = 0.9 * velocity[name] + parameter.grad
                    parameter.sub_(0.01 * velocity[name])
    for name, value in other.state_dict().items():
        torch.testing.assert_close(network.state_dict()[name], value, rtol=1e-4, atol=1e-6)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    request = tiny.request()
    first, second = fit_network(request), fit_network(request)
    np.testing.assert_array_equal(first.outputs.scores, second.outputs.scores)
    np.testing.assert_array_equal(first.outputs.pooled, second.outputs.pooled)
    pd.testing.assert_frame_equal(first.trained.curve, second.trained.curve)
    assert first.trained.fingerprint == second.trained.fingerprint
    other = fit_network(replace(request, config=replace(request.config, seed=1)))
    assert (first.outputs.scores != other.outputs.scores).any()
    assert first.trained.fingerprint != other.trained.fingerprint


def test_global_state_of_torch_and_numpy_is_as_it_was():
    torch.manual_seed(11)
    np.random.seed(11)
    before = torch.random.get_rng_state(), np.random.get_state()[1].copy()
    threads = torch.get_num_threads()
    fit_network(tiny.request(config=TrainingConfig(epochs=1, batch=8)))
    assert torch.equal(torch.random.get_rng_state(), before[0])
    assert (np.random.get_state()[1] == before[1]).all()
    assert torch.get_num_threads() == threads
    assert not torch.are_deterministic_algorithms_enabled()


def test_validation_and_external_patients_change_no_weight_and_no_training_score():
    request = tiny.request()
    plain = fit_network(request)
    others = np.setdiff1d(np.arange(len(request.y)), request.train)
    noisy = fit_network(replace(request, inputs=tiny.with_noise(request.inputs, others)))
    flipped = fit_network(
        replace(request, y=np.where(np.isin(np.arange(34), others), 1 - request.y, request.y))
    )
    for each in (noisy, flipped):
        np.testing.assert_array_equal(each.outputs.scores[request.train], plain.outputs.scores[request.train])
        np.testing.assert_array_equal(each.outputs.pooled[request.train], plain.outputs.pooled[request.train])
    np.testing.assert_array_equal(flipped.outputs.scores, plain.outputs.scores)
    assert (noisy.outputs.scores[others] != plain.outputs.scores[others]).any()
    # The fingerprint names the curve, too, which holds validation patients.
    assert flipped.trained.fingerprint != plain.trained.fingerprint


def test_external_patients_are_no_part_of_the_fingerprint():
    request = tiny.request()
    names = [
        training_fingerprint(
            request.make(), inputs, request.y, request.train, request.validation, request.config
        )
        for inputs in (request.inputs, tiny.with_noise(request.inputs, np.arange(28, 34)))
    ]
    assert names[0] == names[1]


def test_early_stopping_takes_the_epoch_of_the_smallest_validation_loss_and_says_so():
    config = TrainingConfig(epochs=30, batch=8, learning_rate=0.3, early_stopping=2)
    request = tiny.request(config=config)
    network, trained = _train(request)
    losses = trained.curve[trained.curve["subset"] == "validation"].set_index("epoch")["loss"]
    assert losses.index[-1] == losses.idxmin() + 2 < 30
    assert trained.epoch == losses.idxmin()
    assert "validation patients chose epoch" in trained.notes[0]
    logits = logits_of(network, request.inputs.gray[request.validation], "cpu")
    y = request.y[request.validation]
    again = epoch_metrics(logits, y, backbone="", fold=0, epoch=1, subset="validation")
    assert again.loss == pytest.approx(losses.min(), abs=1e-7)
    with pytest.raises(UsageError, match="early stopping needs validation images"):
        _train(replace(request, validation=np.array([], dtype=int)))


def test_class_weights_are_an_option_that_changes_the_training():
    y = np.array([1] * 16 + [0] * 18)
    request = tiny.request(y=y)
    plain = fit_network(request)
    weighted = fit_network(replace(request, config=replace(request.config, class_weights=True)))
    assert weighted.outputs.scores[request.train].mean() < plain.outputs.scores[request.train].mean()


@pytest.mark.parametrize(("n", "sizes"), [(17, [8, 9]), (16, [8, 8]), (18, [8, 8, 2]), (9, [9]), (2, [2])])
def test_a_last_batch_of_one_image_joins_the_batch_before_it(n, sizes):
    rows = np.arange(100, 100 + n)
    batches = list(training_batches(rows, 8, 0, 1))
    assert [len(each) for each in batches] == sizes
    np.testing.assert_array_equal(np.sort(np.concatenate(batches)), rows)
    assert n < 9 or (np.concatenate(list(training_batches(rows, 8, 0, 2))) != np.concatenate(batches)).any()


def test_deep_features_do_not_depend_on_the_other_images():
    inputs, _ = tiny.images(37)
    network = tiny.make_tiny().train()
    with reproducible("cpu", 1):
        together = pooled_of(network, inputs.gray, "cpu")
        for rows in ([5], [36, 5, 0], list(range(36, -1, -1))):
            np.testing.assert_array_equal(pooled_of(network, inputs.gray[rows], "cpu"), together[rows])
    assert together.shape == (37, LENGTH)
    assert together.dtype == np.float64
    # Evaluation neither moves the running means nor leaves the network in another mode.
    assert network.training
    assert _same(network, tiny.make_tiny())


def test_inputs_are_normalized_as_imagenet():
    from torchvision.models import ResNet50_Weights

    transform = ResNet50_Weights.DEFAULT.transforms()
    given = three_channels(torch.full((1, 4, 4), 0.7))[0, :, 0, 0]
    expected = [(0.7 - mean) / std for mean, std in zip(transform.mean, transform.std, strict=True)]
    assert given.tolist() == pytest.approx(expected)


def test_cancel_stops_before_the_next_batch():
    cancel = Cancel()
    seen = []

    def stop(progress):
        seen.append(progress)
        if progress.done == 4:
            cancel.set()

    with pytest.raises(CancelledError):
        _train(tiny.request(), on_progress=stop, cancel=cancel)
    # The end of an epoch is told once more, with its metrics.
    assert [each.done for each in seen] == [1, 2, 3, 3, 4]
    assert seen[-1].total == 9
    assert seen[-1].message.startswith("epoch 2 of 3; after epoch 1: train loss ")


def test_epochs_are_told_as_they_end():
    told = []
    _, trained = _train(tiny.request(), on_epoch=told.append)
    assert [(each.epoch, each.subset) for epoch in told for each in epoch] == [
        (epoch, subset) for epoch in (1, 2, 3) for subset in ("train", "validation")
    ]
    assert trained.curve["n_images"].tolist() == [20, 8] * 3


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"y": np.zeros(34)}, TrainingError, "of 20 training images 0 are positive"),
        ({"validation": np.arange(19, 25)}, TrainingError, "i19 is a training and a validation image"),
        ({"y": np.arange(34)}, ValueError, "give 0 and 1"),
        ({"y": np.zeros(3)}, ValueError, "3 labels for 34 images"),
        (
            {"config": TrainingConfig(epochs=9, learning_rate=9.9, momentum=0.99)},
            TrainingError,
            "the loss became",
        ),
    ],
)
def test_what_cannot_be_trained_is_refused(changes, error, words):
    request = tiny.request(**changes)
    if words == "the loss became":
        request = replace(
            request, inputs=replace(request.inputs, gray=request.inputs.gray * np.float32(1e38))
        )
        request = replace(request, config=replace(request.config, augmentation=False))
    with pytest.raises(error, match=words):
        fit_network(request)
