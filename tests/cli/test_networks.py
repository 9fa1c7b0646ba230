"""Commands on networks: what is checked first, `sgaudit deep`, and an analysis on networks that are there."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sgcore.cli import app
from tests.support.networks import write_preset
from tests.support.studies import make_study

pytestmark = [pytest.mark.long, pytest.mark.extended]

NETWORK = ["--backbone", "resnet18", "--weights", "none", "--epochs", "1", "--input-size", "33"]


def _invoke(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("networks")
    make_study(made, centers={"Alpha": 20, "Beta": 4}, views=1)
    write_preset(made)
    return made


@pytest.fixture
def words(folder):
    return [folder / "study.toml", "--store", folder / "s.duckdb", "--preset", folder / "few-features.yaml"]


@pytest.mark.parametrize(
    ("options", "code", "parts"),
    [
        ([], 1, ["resnet50-0676ba61.pth", "checkpoints", "--weights FILE", "--weights none", "--no-deep"]),
        (["--weights", "nowhere.pth", "--backbone", "resnet18"], 1, ["nowhere.pth"]),
        (["--backbone", "resnet19"], 2, ["resnet19", "resnet18"]),
        (["--no-deep", "--epochs", "3"], 2, ["--no-deep", "--epochs"]),
        (["--weights", "none", "--epochs", "0"], 2, ["epochs is 0"]),
        (["--weights", "none", "--deep-folds", "1"], 2, ["deep folds is 1"]),
        (["--weights", "none", "--preset", "nothing"], 2, ["nothing"]),
    ],
)
@pytest.mark.parametrize("command", ["run", "analyze"])
def test_what_a_run_needs_is_checked_before_the_study_is_read(
    command, options, code, parts, study_toml, tmp_path, monkeypatch
):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr("sgcore.deep.imagenet._download", _offline)
    result = _invoke(command, study_toml, "--store", tmp_path / "s.duckdb", *options, "--json")
    assert result.exit_code == code, result.output
    error = json.loads(result.stdout)["error"]
    assert all(part in error for part in parts), error
    # The store is opened, and so made, before the study is read into it.
    assert not (tmp_path / "s.duckdb").exists()


def _offline(row, weights, path):
    from sgcore.deep.imagenet import WAYS_ON
    from sgcore.deep.weight_files import WeightsError

    raise WeightsError(f"{path.name} is not in the folder {path.parent}; {WAYS_ON}")


def test_deep_trains_and_analyze_takes_what_it_trained(words):
    trained = _invoke("deep", *words[:3], *NETWORK, "--deep-folds", "2", "--json")
    assert trained.exit_code == 0, trained.output
    networks = json.loads(trained.stdout)["networks"]
    assert [row["fold"] for row in networks] == [0, 1, 2]
    assert networks[0]["weights"] == "none"
    assert 0 <= networks[0]["validation_auc"] <= 1
    extracted = _invoke("extract", *words)
    assert extracted.exit_code == 0, extracted.output
    analyzed = _invoke("analyze", *words, *NETWORK, "--deep-folds", "2", "--json")
    assert analyzed.exit_code == 0, analyzed.output
    found = json.loads(analyzed.stdout)
    assert {row["family"] for row in found["models"]} >= {"Radiomics", "DL", "RadiomicsDL"}
    assert [row["network_id"] for row in found["networks"]] == [row["network_id"] for row in networks]
    assert {row["family"] for row in found["explanations"]} >= {"Radiomics", "RadiomicsDL"}


def test_analyze_without_the_network_says_which_is_missing(words, folder):
    other = [*NETWORK[:4], "--epochs", "2", *NETWORK[6:]]
    _invoke("deep", *words[:3], *NETWORK)
    _invoke("extract", *words)
    result = _invoke("analyze", *words, *other, "--json")
    assert result.exit_code == 1
    assert "not trained yet; the first is resnet18" in json.loads(result.stdout)["error"]


def test_audit_and_export_take_the_last_analysis_whatever_its_networks(words, tmp_path):
    _invoke("run", *words, *NETWORK, "--jobs", "0")
    audited = _invoke("audit", *words, "--json")
    assert audited.exit_code == 0, audited.output
    found = {each["code"]: each["status"] for each in json.loads(audited.stdout)["findings"]}
    assert found["SGA072"] == "finding"
    exported = _invoke("export", *words, "-o", tmp_path)
    assert exported.exit_code == 0, exported.output
    assert any(path.name.endswith("-shap_values.csv") for path in tmp_path.iterdir())


def test_the_table_of_deep_is_for_people(words):
    result = _invoke("deep", *words[:3], *NETWORK)
    assert result.exit_code == 0, result.output
    (row,) = [line.split() for line in result.stdout.replace("│", " ").splitlines() if "resnet18" in line]
    assert row[:4] == ["resnet18", "–", "none", "1"]
