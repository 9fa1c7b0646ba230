"""The demo study as it ships: what the paper counts, nothing that does not come out of it, the same when made again."""

from __future__ import annotations

import hashlib
import json
import re

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from sgcore import workflow
from sgcore.cohort import load_study, read_case
from sgcore.cohort.phantoms import phantom_cohort, render
from sgcore.config.demo import DEMO_PARTS, DEMO_RECIPES, demo_settings
from sgcore.deep import BACKBONES
from sgcore.features import radiomics
from sgcore.workflow.demo_files import MANIFEST, part_of
from sgcore.workflow.extraction import feature_set_id
from sgcore.workflow.networks import network_ids

pytestmark = pytest.mark.long
FOLDER = workflow.demo_folder()
MEGABYTES = 60


@pytest.fixture(scope="module")
def study():
    return load_study(FOLDER / "study.toml")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with workflow.open_store(tmp_path_factory.mktemp("demo") / "store.duckdb") as opened:
        workflow.load_demo(opened)
        yield opened


@pytest.fixture(scope="module")
def five(study):
    """Five images at random, the same in each run of the tests."""
    return sorted(np.random.default_rng(5).choice(study.images["image_id"], 5, replace=False))


def test_the_manifest_has_every_file_with_its_hash_and_the_command_that_makes_it():
    manifest = json.loads((FOLDER / MANIFEST).read_text())
    assert list(manifest) == list(DEMO_PARTS)
    named = {name: digest for part in manifest.values() for name, digest in part["files"].items()}
    files = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*") if path.is_file()}
    assert set(files) - {MANIFEST} == set(named)
    for name, digest in named.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest, name
    for part, entry in manifest.items():
        assert entry["rebuild"] == f"uv run sgaudit demo --rebuild --part {part}"
        assert {part_of(name) for name in entry["files"]} == {part}
    assert sum(path.stat().st_size for path in files.values()) < MEGABYTES * 1e6


def test_the_cohort_is_of_the_papers_size(study):
    cases = study.cases()
    assert (len(study.patients), len(study.images)) == (140, 242)
    assert study.patients["label"].value_counts().to_dict() == {"secondary": 72, "primary": 68}
    assert (len(study.development), len(study.external)) == (1, 3)
    counted = cases.groupby("subset").agg(patients=("patient_id", "nunique"), images=("image_id", "size"))
    assert counted["images"].to_dict() == {"train": 130, "validation": 57, "external": 55}
    assert counted["patients"].to_dict() == {"train": 78, "validation": 33, "external": 29}
    assert {"age", "sex", "gland", "pathology"} <= set(study.patients)
    assert len(study.descriptors.columns) == 1 + 7
    assert study.images["device"].nunique() == 6
    assert not study.warnings


def test_nobody_takes_it_for_patients(study):
    assert "synthetic" in study.name
    assert all(len(center) == len("Center A") for center in (*study.development, *study.external))
    for name in study.images["image"]:
        with Image.open(FOLDER / name) as image:
            assert "not a patient" in image.text["Description"], name


def test_the_same_seed_draws_the_same_images(study, five):
    cohort = phantom_cohort()
    order = list(cohort.images["image_id"])
    for image_id in five:
        place = order.index(image_id)
        drawn = render(cohort.scenes[place], cohort.scanners[place])
        image, mask = read_case(study, image_id)
        # Another processor may round a gray level the other way; this one does not.
        levels = np.abs(np.squeeze(image.pixels).astype(int) - drawn.pixels)
        assert levels.max() <= 1
        assert (levels > 0).mean() < 1e-4
        assert np.array_equal(np.squeeze(mask.pixels) > 0, drawn.mask)


@pytest.mark.parametrize("preset", ["paper-1288", "planar-2d"])
def test_features_of_five_cases_come_out_again(study, store, five, preset):
    shipped = store.features.load(feature_set_id(study, preset)).values
    assert len(shipped) == len(study.images)
    for image_id in five:
        image, mask = read_case(study, image_id)
        again = radiomics.extract(image.pixels, mask.pixels, preset=preset)
        np.testing.assert_allclose(
            again[shipped.columns].to_numpy(), shipped.loc[image_id].to_numpy(), rtol=1e-9, atol=1e-9
        )


def test_deep_features_and_heads_make_the_scores_of_all_eight_networks(study, store):
    ids = network_ids(study, demo_settings("paper").deep)
    assert [backbone for backbone, fold in ids if fold == 0] == list(BACKBONES)
    for (backbone, _), name in ids.items():
        head = load_file(FOLDER / "heads" / f"{backbone}.safetensors")
        features = store.features.load(name).values
        scores = store.networks.part("scores", [name]).set_index("image_id")["score"]
        logits = features.to_numpy() @ head["weight"].T.astype(float) + head["bias"]
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        made = shares[:, 1] / shares.sum(axis=1)
        np.testing.assert_allclose(made, scores[features.index], atol=1e-5)


def test_features_of_networks_out_of_fold_are_those_of_the_chosen_one_and_scores_of_all(study, store):
    ids = network_ids(study, demo_settings("strict").deep)
    complete = {key for key, name in ids.items() if len(store.features.done(name)) == len(study.images)}
    strict = next(each for each in _analyses(store) if each.recipe == "strict")
    networks = strict.frame("networks")
    (chosen,) = networks.loc[networks["picked"].astype(bool), "backbone"].unique()
    assert complete == {key for key in ids if key[1] == 0 or key[0] == chosen}
    scored = [name for (_, fold), name in ids.items() if fold >= 0]
    assert len(store.networks.part("scores", scored)) == len(scored) * len(study.images)
    assert store.networks.records(scored)["notes"].eq("computed elsewhere; came with the study").all()


def _analyses(store):
    return [workflow.load_analysis(store, name) for name in workflow.list_analyses(store)["analysis_id"]]


def test_both_recipes_are_there_with_all_families_and_their_explanations(store):
    analyses = _analyses(store)
    assert sorted(each.recipe for each in analyses) == sorted(DEMO_RECIPES)
    for analysis in analyses:
        assert list(dict.fromkeys(analysis.frame("picks")["family"])) == [
            "US", "Radiomics", "DL", "RadiomicsDL", "Combined",
        ]  # fmt: skip
        assert analysis.frame("networks")["backbone"].nunique() == len(BACKBONES)
        assert analysis.frame("networks")["fold"].max() == (3 if analysis.recipe == "strict" else 0)
        assert len(analysis.frame("grad_cam")) == 2 * 242
        explained = analysis.frame("shap_models")
        assert (explained["reason"] == "").all()
        assert len(explained) == 1 + 3 * 6
        assert any("came with the study" in note for note in analysis.notes)


@pytest.mark.extended
def test_the_shipped_predictions_come_out_of_the_shipped_features(study, tmp_path):
    with workflow.open_store(tmp_path / "fresh.duckdb") as fresh:
        workflow.add_study(fresh, study)
        assert workflow.list_analyses(fresh).empty
        analysis = workflow.analyze(study, demo_settings("paper"), fresh)
        found, rows = workflow.reproduced(study, analysis), len(analysis.frame("predictions"))
    assert found is not None
    # Zero on the machine that made them; another processor may add in another order.
    assert found.pop("largest_difference") < 1e-6
    assert found == {"predictions": rows, "only_here": 0, "only_there": 0}


def test_the_docs_say_what_comes_out(store):
    text = (FOLDER.parents[1] / "docs" / "demo.md").read_text()
    shown = {
        row[0]: row[1:]
        for row in re.findall(r"^\| (\w+) \|" + r" ([\d.]+ \([^)]+\)) \|" * 4, text, re.MULTILINE)
    }
    found = {family: [] for family in shown}
    for analysis in sorted(_analyses(store), key=lambda each: each.recipe):
        rows = analysis.frame("evaluations")
        rows = rows[rows["picked"] & rows["center"].isna() & (rows["unit"] == analysis.config.unit)]
        for subset in ("validation", "external"):
            for row in rows[rows["subset"] == subset].itertuples():
                found[row.family].append(f"{row.auc:.3f} ({row.ci_low:.3f} to {row.ci_high:.3f})")
    assert {family: tuple(values) for family, values in found.items()} == shown
    assert len(shown) == 5
