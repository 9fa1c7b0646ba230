"""ImageNet weights through torchvision's real loader, from a cache of the test's own."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torchvision.models import get_weight

from sgcore.deep.backbones import BACKBONES
from sgcore.deep.network import make_network
from sgcore.deep.weight_files import WeightsError
from sgcore.deep.weights import check_weights, load_weights
from tests.deep.test_weights import as_torchvision

NAME = "googlenet"  # auxiliary classifiers in its file, and one of the two with another normalization
NOWHERE = "http://127.0.0.1:9/"  # nothing listens there


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as torchvision has it, named by its own hash; old files have no batch counters."""
    folder = tmp_path_factory.mktemp("made")
    tensors = {
        name: value
        for name, value in as_torchvision(NAME).items()
        if not name.endswith("num_batches_tracked")
    }
    torch.save(tensors, folder / "made.pth")
    digest = hashlib.sha256((folder / "made.pth").read_bytes()).hexdigest()
    return (folder / "made.pth").rename(folder / f"googlenet-{digest[:8]}.pth")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(get_weight(BACKBONES[NAME].weights).value, "url", NOWHERE + "googlenet-1378be20.pth")
    return tmp_path / "hub" / "checkpoints"


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    weights = get_weight(BACKBONES[NAME].weights).value
    return lambda address: monkeypatch.setattr(weights, "url", address)


def test_a_cached_file_gives_the_body_and_the_seed_the_head(cache, made, url):
    url(NOWHERE + made.name)
    cache.mkdir(parents=True)
    shutil.copy(made, cache)
    network = make_network(NAME, seed=1)
    head = network.head.weight.detach().clone()
    loaded = load_weights(network, "imagenet")
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    assert (loaded.source, loaded.file, loaded.sha256) == ("imagenet", made.name, digest)
    assert not loaded.head_from_file
    assert torch.equal(network.head.weight, head)
    expected = as_torchvision(NAME)
    body = network.body.state_dict()
    assert body.keys() < expected.keys()
    assert all(torch.equal(value, expected[name]) for name, value in body.items())


def test_what_lacks_is_downloaded_and_nothing_is_printed(cache, made, url, capsys):
    url(made.as_uri())
    loaded = check_weights(NAME, "imagenet")
    assert loaded.file == made.name
    assert (cache / made.name).read_bytes() == made.read_bytes()
    assert capsys.readouterr().out == ""


def test_offline_the_message_names_file_address_folder_and_ways_on(cache):
    with pytest.raises(WeightsError) as caught:
        check_weights(NAME, "imagenet")
    message = str(caught.value)
    for part in (
        "GoogLeNet",
        "googlenet-1378be20.pth",
        str(cache),
        NOWHERE + "googlenet-1378be20.pth",
        "Put the file into that folder",
        "--weights FILE",
        "--weights none",
        "--no-deep",
    ):
        assert part in message
    assert not list(cache.glob("*.pth"))


def test_a_download_with_another_hash_is_refused(cache, made, url, tmp_path):
    wrong = tmp_path / "googlenet-00000000.pth"
    shutil.copy(made, wrong)
    url(wrong.as_uri())
    with pytest.raises(WeightsError, match=r"googlenet-00000000\.pth.*invalid hash value"):
        check_weights(NAME, "imagenet")
    assert not list(cache.glob("*.pth"))


@pytest.mark.parametrize("damage", ["truncated", "another"])
def test_a_cached_file_that_is_not_what_its_name_says_is_refused(cache, made, url, damage):
    """torchvision itself compares the hash after a download only."""
    url(NOWHERE + made.name)
    cache.mkdir(parents=True)
    raw = made.read_bytes()
    (cache / made.name).write_bytes(raw[: len(raw) // 2] if damage == "truncated" else b"x" + raw)
    network = make_network(NAME, seed=1)
    before = network.body.conv1.conv.weight.detach().clone()
    with pytest.raises(WeightsError, match=r"SHA-256 begins with .* its name says .* Delete it") as caught:
        load_weights(network, "imagenet")
    assert str(cache / made.name) in str(caught.value)
    assert torch.equal(network.body.conv1.conv.weight, before)


def test_a_cached_file_of_another_network_is_refused(cache, url):
    cache.mkdir(parents=True)
    torch.save({"conv1.weight": torch.zeros(1)}, cache / "other.pth")
    digest = hashlib.sha256((cache / "other.pth").read_bytes()).hexdigest()
    (cache / "other.pth").rename(cache / f"googlenet-{digest[:8]}.pth")
    url(f"{NOWHERE}googlenet-{digest[:8]}.pth")
    with pytest.raises(WeightsError, match=r"do not fit GoogLeNet: .* missing"):
        check_weights(NAME, "imagenet")


def test_a_cache_that_is_a_folder_of_the_files_name_is_refused(cache):
    (cache / "googlenet-1378be20.pth").mkdir(parents=True)
    with pytest.raises(WeightsError, match="no regular file"):
        check_weights(NAME, "imagenet")


def test_a_cache_folder_that_cannot_be_made_is_named(cache):
    cache.parent.write_text("a file where the folder should be")
    with pytest.raises(WeightsError, match="not in the folder") as caught:
        check_weights(NAME, "imagenet")
    assert str(cache) in str(caught.value)
