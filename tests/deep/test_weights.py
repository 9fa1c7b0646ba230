"""Weights from a file: what is taken, what becomes of the head, and which file does not fit."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import safetensors.torch
import torch
import torchvision

from sgcore.deep.backbones import BACKBONES
from sgcore.deep.network import Network, make_network
from sgcore.deep.weight_files import WeightsError
from sgcore.deep.weight_names import match
from sgcore.deep.weights import check_weights, load_weights
from tests.deep.saved import KINDS, save

SMALL = "mobilenet_v3_large"


def as_torchvision(name: str, *, meta: bool = False, seed: int = 9) -> dict[str, torch.Tensor]:
    """State dict of torchvision's own network of 1000 classes, auxiliary classifiers included."""
    row = BACKBONES[name]
    options = {"init_weights": True} if row.auxiliary else {}
    with torch.random.fork_rng(devices=[]), torch.device("meta" if meta else "cpu"):
        torch.default_generator.manual_seed(seed)
        return dict(getattr(torchvision.models, row.constructor)(weights=None, **options).state_dict())


@pytest.fixture(scope="module")
def tensors() -> dict[str, torch.Tensor]:
    return as_torchvision(SMALL)


@pytest.fixture
def network() -> Network:
    return make_network(SMALL, seed=1)


def refused(source: Path, words: str, name: str = SMALL) -> str:
    with pytest.raises(WeightsError, match=words) as caught:
        check_weights(name, source)
    assert source.name in str(caught.value)
    return str(caught.value)


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_torchvision_gives_the_body_and_leaves_the_head(tmp_path, network, tensors, kind):
    file = save(tensors, tmp_path, kind)
    drawn = {name: value.clone() for name, value in network.state_dict().items()}
    checked = check_weights(SMALL, file)
    loaded = load_weights(network, str(file))
    assert loaded == checked
    assert (loaded.source, loaded.file, loaded.sha256) == ("file", file.name, digest_of(file))
    assert not loaded.head_from_file
    assert "last layer drawn" in loaded.text
    after = network.state_dict()
    assert torch.equal(after["head.weight"], drawn["head.weight"])
    assert all(
        torch.equal(after[f"body.{name}"], value)
        for name, value in tensors.items()
        if not name.startswith("classifier")
    )
    assert not torch.equal(after["body.features.0.0.weight"], drawn["body.features.0.0.weight"])


@pytest.mark.parametrize("prefix", ["", "model.", "best."])
def test_an_own_file_brings_its_head(tmp_path, network, prefix):
    other = make_network(SMALL, seed=2)
    file = tmp_path / "own.safetensors"
    content = {f"{prefix}{name}": value for name, value in other.state_dict().items()}
    if prefix:
        content |= {"momentum.body.x": torch.zeros(1)}
    if prefix == "best.":
        content |= {f"model.{name}": value for name, value in network.state_dict().items()}
    safetensors.torch.save_file(content, file)
    loaded = load_weights(network, file)
    assert loaded.head_from_file
    assert "from the file too" in loaded.text
    assert all(torch.equal(value, other.state_dict()[name]) for name, value in network.state_dict().items())


def test_half_precision_becomes_single(tmp_path, network, tensors):
    file = tmp_path / "half.safetensors"
    halves = {name: value.half() if value.is_floating_point() else value for name, value in tensors.items()}
    safetensors.torch.save_file(halves, file)
    load_weights(network, file)
    weight = network.state_dict()["body.features.0.0.weight"]
    assert weight.dtype == torch.float32
    assert torch.equal(weight, halves["features.0.0.weight"].float())


def test_drawn_weights_stay_and_say_so(network):
    drawn = {name: value.clone() for name, value in network.state_dict().items()}
    loaded = load_weights(network, "none")
    assert (loaded.source, loaded.file, loaded.sha256) == ("none", None, None)
    assert "no pretraining" in loaded.text
    assert all(torch.equal(value, drawn[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize("name", list(BACKBONES))
def test_names_of_every_torchvision_file_fit_one_backbone_alone(name):
    tensors = as_torchvision(name, meta=True)
    assert [row.name for row in BACKBONES.values() if match(tensors, row).fits] == [name]


def test_old_names_of_densenet_and_files_without_counters_fit():
    tensors = as_torchvision("densenet121", meta=True)
    for part in ("norm1", "norm2", "conv1", "conv2"):
        old = f".{part[:-1]}.{part[-1]}."
        tensors = {
            name.replace(f".{part}.", old) if "denselayer" in name else name: value
            for name, value in tensors.items()
            if not name.endswith("num_batches_tracked")
        }
    assert "features.denseblock1.denselayer1.norm.1.weight" in tensors
    assert match(tensors, BACKBONES["densenet121"]).fits


def test_a_file_of_another_backbone_is_named(tmp_path, tensors):
    file = tmp_path / "mobile.safetensors"
    safetensors.torch.save_file(tensors, file)
    message = refused(file, "do not fit ResNet18", "resnet18")
    assert "'conv1.weight'" in message
    assert "MobileNetV3-Large: choose the backbone mobilenet_v3_large" in message


def test_missing_unexpected_and_misshapen_names_are_listed(tmp_path, tensors):
    changed = dict(tensors)
    del changed["features.0.0.weight"]
    changed["features.99.weight\x1b[31m"] = torch.zeros(2)
    changed["features.0.1.weight"] = torch.zeros(7)
    file = tmp_path / "changed.safetensors"
    safetensors.torch.save_file(changed, file)
    message = refused(file, "1 missing .*features.0.0.weight.* 1 unexpected .* 1 of another shape")
    assert "'features.0.1.weight' with (7,) instead of (16,)" in message
    assert "none of the 8 backbones" in message
    assert "\x1b" not in message


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e300])
def test_weights_that_are_not_finite_are_refused(tmp_path, network, tensors, bad):
    changed = {name: value.clone() for name, value in tensors.items()}
    changed["features.0.0.weight"] = changed["features.0.0.weight"].double()
    changed["features.0.0.weight"].view(-1)[:2] = bad
    file = tmp_path / "nan.safetensors"
    safetensors.torch.save_file(changed, file)
    drawn = {name: value.clone() for name, value in network.state_dict().items()}
    with pytest.raises(WeightsError, match=r"2 of 432 values of 'features.0.0.weight' are NaN or infinite"):
        load_weights(network, file)
    assert all(torch.equal(value, drawn[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize(
    "value",
    [
        torch.zeros(16, 3, 3, 3, dtype=torch.int8),
        torch.zeros(16, 3, 3, 3, dtype=torch.complex64),
        torch.zeros(16, 3, 3, 3).to_sparse(),
    ],
    ids=["whole numbers", "complex", "sparse"],
)
def test_tensors_of_other_kinds_are_refused(tmp_path, tensors, value):
    file = tmp_path / "kinds.pth"
    torch.save(tensors | {"features.0.0.weight": value}, file)
    refused(file, "'features.0.0.weight' has values of type")
