"""SGA072: the first weights of the networks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.audit.planted import by_code, evidence, network

DRAWN = {"weights": "none", "weights_file": None, "weights_sha256": None}
BROUGHT = {**DRAWN, "weights": "unknown", "origin": "brought", "n_train": np.nan, "n_validation": np.nan}


def _found(*networks):
    return by_code(evidence({"networks": pd.DataFrame(networks)}))["SGA072"]


def test_drawn_weights_are_a_note_with_the_number_of_images():
    found = _found(network(**DRAWN), network(fold=1, **DRAWN, n_train=104.0))
    assert (found.status, found.severity) == ("finding", "note")
    assert found.message.count("resnet18") == 1
    assert "drawn at random and learned from 130 images" in found.message
    assert "--weights imagenet" in found.remedy


def test_brought_networks_do_not_say():
    found = _found(network("resnet50", **BROUGHT), network("densenet121", **BROUGHT))
    assert found.status == "finding"
    assert found.message.startswith("resnet50, densenet121: the study brings")
    assert "patients of this study" in found.remedy
    assert "imagenet" not in found.remedy


def test_known_weights_pass_with_file_and_hash():
    found = _found(network(), network(fold=1))
    assert found.status == "passed"
    assert found.message == (
        "resnet18: pretrained on ImageNet, photographs of everyday things (resnet18-f37072fd.pth, "
        "SHA-256 f37072fd47e8...)."
    )
    assert len(found.evidence) == 2
    assert "weights_text" in found.evidence
    bare = _found(network(weights_sha256=None))
    assert "SHA-256 not recorded" in bare.message


def test_a_file_does_not_tell_what_its_weights_saw():
    text = "weights of the file ours.safetensors, last layer from the file too"
    found = _found(
        network(weights="file", weights_file="ours.safetensors", weights_sha256="a" * 64, weights_text=text)
    )
    assert found.status == "finding"
    assert f"resnet18: {text} (SHA-256 {'a' * 12}...)" in found.message
    assert "does not tell which images" in found.message
    assert "mute this note in the study file" in found.remedy


def test_one_network_of_several_is_enough():
    found = _found(network(), network("resnet50", **DRAWN, picked=False))
    assert found.status == "finding"
    assert "resnet18: pretrained on ImageNet" in found.message


def test_it_does_not_apply_without_networks():
    assert by_code(evidence({}))["SGA072"].status == "not_applicable"
