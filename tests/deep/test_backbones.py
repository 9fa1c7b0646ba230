"""All eight networks on the smallest images they take: shapes, pooled features, Grad-CAM, one step of training."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam
from torch.nn.functional import adaptive_avg_pool2d, cross_entropy
from torchvision.models import get_weight

from sgcore.deep.backbones import BACKBONES, backbone
from sgcore.deep.crop import Crop
from sgcore.deep.network import Network, make_network
from sgcore.errors import UsageError
from sgcore.explain.gradcam import NEGATIVE, POSITIVE, grad_cam

LENGTHS = {
    "resnet18": 512,
    "resnet50": 2048,
    "resnet101": 2048,
    "densenet121": 1024,
    "googlenet": 1024,
    "inception_v3": 2048,
    "mobilenet_v3_large": 960,
    "efficientnet_b0": 1280,
}
#: Small inputs with more than one cell in the last feature map, and rows and columns that differ.
SEVERAL_CELLS = {name: (107, 139) if name == "inception_v3" else (64, 96) for name in LENGTHS}


@pytest.fixture(scope="module", params=list(BACKBONES))
def network(request: pytest.FixtureRequest) -> Network:
    torch.set_num_threads(1)
    return make_network(request.param, seed=3).eval()


def images_of(height: int, width: int, n: int = 2) -> torch.Tensor:
    return torch.randn(n, 3, height, width, generator=torch.Generator().manual_seed(5))


def test_the_registry_is_the_eight():
    assert {name: row.length for name, row in BACKBONES.items()} == LENGTHS


def test_logits_and_pooled_features(network):
    least = network.backbone.smallest
    with torch.no_grad():
        images = images_of(least, least)
        pooled, logits = network.pooled(images), network(images)
    assert pooled.shape == (2, LENGTHS[network.backbone.name])
    assert logits.shape == (2, 2)
    assert torch.isfinite(logits).all()
    torch.testing.assert_close(network.head(pooled), logits)
    assert not torch.equal(pooled[0], pooled[1])


@pytest.mark.parametrize("network", ["densenet121", "googlenet", "inception_v3"], indirect=True)
def test_smaller_images_are_refused(network):
    least = network.backbone.smallest
    with pytest.raises(
        UsageError, match=rf"{network.backbone.title} takes images of at least {least} x {least}"
    ):
        network(images_of(least, least - 1))


def test_pooled_features_average_the_map_that_grad_cam_looks_at(network):
    seen = []
    handle = network.cam_layer.register_forward_hook(lambda *call: seen.append(call[2].clone()))
    with torch.no_grad():
        pooled = network.pooled(images_of(*SEVERAL_CELLS[network.backbone.name]))
    handle.remove()
    torch.testing.assert_close(adaptive_avg_pool2d(seen[0], 1).flatten(1), pooled)


def test_the_signed_map_sums_to_the_logit(network):
    """The head is linear on averages: the identity holds only for the last map, after its activation."""
    images = images_of(*SEVERAL_CELLS[network.backbone.name]).requires_grad_()
    logits = network(images).detach()
    for target in (NEGATIVE, POSITIVE):
        signed = LayerGradCam(network, network.cam_layer).attribute(images, target=target).detach()
        expected = logits[:, target] - network.head.bias[target].detach()
        torch.testing.assert_close(signed.sum(dim=(1, 2, 3)), expected, rtol=1e-3, atol=1e-4)


def test_grad_cam_of_both_classes(network):
    images = images_of(*SEVERAL_CELLS[network.backbone.name])
    crops = [Crop(0, 0, 64), Crop(-3, 7, 40)]
    with torch.no_grad():
        maps = grad_cam(network, images, crops)
    assert len(maps) == 2
    for pair, crop in zip(maps, crops, strict=True):
        assert [cam.target for cam in pair] == [NEGATIVE, POSITIVE]
        for cam in pair:
            assert cam.crop == crop
            assert cam.grid.shape == (2, 3)
            assert cam.grid.dtype == np.float32
            assert np.isfinite(cam.grid).all()
            assert (cam.grid >= 0).all()
            assert bool(cam.reason) == (not cam.grid.any())
    assert any(cam.grid.any() for pair in maps for cam in pair)


def test_one_step_of_training(network):
    trained = copy.deepcopy(network).train()
    before = {name: value.detach().clone() for name, value in trained.named_parameters()}
    optimizer = torch.optim.SGD(trained.parameters(), lr=0.01)
    side = max(32, network.backbone.smallest)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        loss = cross_entropy(trained(images_of(side, side)), torch.tensor([0, 1]))
        loss.backward()
    optimizer.step()
    assert torch.isfinite(loss)
    after = dict(trained.named_parameters())
    assert all(torch.isfinite(value).all() for value in after.values())
    assert not torch.equal(after["head.weight"], before["head.weight"])
    first = next(name for name in before if name.startswith("body."))
    assert not torch.equal(after[first], before[first])


def test_weights_come_from_the_seed_alone(network):
    name = network.backbone.name
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(123)
        generator = torch.random.get_rng_state()
        again = make_network(name, seed=3)
        assert torch.equal(torch.random.get_rng_state(), generator)
    ours, theirs = network.state_dict(), again.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)
    if name != "resnet101":  # the slowest to draw; the others show it
        other = make_network(name, seed=4).state_dict()
        assert not torch.equal(other["head.weight"], ours["head.weight"])
        first = next(iter(ours))
        assert not torch.equal(other[first], ours[first])


def test_the_global_generator_does_not_decide():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        one = make_network("mobilenet_v3_large", seed=3).state_dict()
        torch.manual_seed(2)
        two = make_network("mobilenet_v3_large", seed=3).state_dict()
    assert all(torch.equal(one[key], two[key]) for key in one)


@pytest.mark.parametrize("row", BACKBONES.values(), ids=list(BACKBONES))
def test_the_registry_agrees_with_torchvision(row):
    weights = get_weight(row.weights)
    preset = weights.transforms()
    assert weights.name == "IMAGENET1K_V1"
    assert preset.crop_size == [row.size]
    assert (preset.mean, preset.std) == ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    assert max(weights.meta["min_size"]) == row.smallest


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_these_two_see_minus_one_to_one(name):
    """Whatever the weights: black is -1 and white 1 in the first layer, as they were trained."""
    network = make_network(name, seed=0).eval()
    seen = []
    network.body.get_submodule("conv1" if name == "googlenet" else "Conv2d_1a_3x3").register_forward_hook(
        lambda *call: seen.append(call[1][0])
    )
    mean, std = (
        torch.tensor(values).view(3, 1, 1) for values in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    )
    gray = torch.stack([torch.zeros(3, 75, 75), torch.ones(3, 75, 75)])
    with torch.no_grad():
        network((gray - mean) / std)
    torch.testing.assert_close(seen[0], 2 * gray - 1, rtol=0, atol=1e-5)


def test_an_unknown_backbone_names_the_eight():
    with pytest.raises(UsageError, match=r"no backbone 'vgg16'.*resnet18, .*efficientnet_b0"):
        backbone("vgg16")
