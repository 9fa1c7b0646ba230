"""Maps of a network against maps of networks with re-drawn weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sgcore.deep.crop import Crop
from sgcore.deep.network import make_network
from sgcore.explain.gradcam import grad_cam
from sgcore.explain.map_checks import map_correlation, summarize
from sgcore.explain.randomization import COLUMNS, randomization_test

NAME, N = "mobilenet_v3_large", 4
CROPS = [Crop(0, 0, 128)] * N
IDS, PATIENTS = ["i1", "i2", "i3", "i4"], ["p1", "p1", "p2", "p3"]


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    torch.set_num_threads(1)
    return torch.randn(N, 3, 128, 128, generator=torch.Generator().manual_seed(0))


def test_rows_and_summaries(images):
    network = make_network(NAME, seed=7)
    generator = torch.random.get_rng_state()
    found = randomization_test(network, images, CROPS, IDS, PATIENTS, seeds=(0, 1))
    assert torch.equal(torch.random.get_rng_state(), generator)
    rows = found.frame()
    assert tuple(rows.columns) == COLUMNS
    assert len(rows) == N * 2 * 2
    real = grad_cam(network, images, CROPS)
    drawn = grad_cam(make_network(NAME, seed=1), images, CROPS)
    for row in rows[rows["seed"] == 1].itertuples():
        i = IDS.index(row.image_id)
        expected = map_correlation(real[i][row.target].signed, drawn[i][row.target].signed)
        assert row.patient_id == PATIENTS[i]
        assert row.rho == pytest.approx(expected.rho, nan_ok=True)
        assert row.reason == expected.reason
        assert np.isnan(row.rho) == bool(row.reason)
    part = rows[rows["target"] == 1]
    assert found.positive == summarize(part["rho"], part["patient_id"])
    assert (found.negative.n_values, found.negative.n_left_out) == (N * 2, 0)


def test_a_network_of_its_own_seed_agrees_with_itself(images):
    """The same weights give the same maps: what the test shows for a map that does not depend on learning."""
    found = randomization_test(make_network(NAME, seed=7), images, CROPS, IDS, PATIENTS, seeds=(7,))
    np.testing.assert_allclose(found.rows["rho"], 1, atol=1e-9)
    assert (
        randomization_test(make_network(NAME, seed=7), images, CROPS, IDS, PATIENTS, seeds=(8,))
        .rows["rho"]
        .abs()
        .max()
        < 0.999
    )


def test_lengths_that_differ_and_no_seed_are_errors(images):
    network = make_network(NAME, seed=7)
    with pytest.raises(ValueError, match="3 ids"):
        randomization_test(network, images, CROPS, IDS[:3], PATIENTS)
    with pytest.raises(ValueError, match="0 seeds"):
        randomization_test(network, images, CROPS, IDS, PATIENTS, seeds=())
