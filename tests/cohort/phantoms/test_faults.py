"""Planted faults: each is really there, and the import says of it what the registry says."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from sgcore import load_study
from sgcore.cohort.phantoms import Group, write_feature_study
from sgcore.cohort.phantoms.planted import FAULTS, PlantedFault, StudyCopy, columns, labels
from sgcore.errors import SgauditError, StudyError
from sgcore.workflow import plant_faults, planted_faults
from tests.cohort.phantoms.planted import SEED, SHOWS, TWELVE

ROOT = Path(__file__).resolve().parents[3]
NAMES = [fault.name for fault in FAULTS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("faults") / "all"


@pytest.fixture(scope="module")
def planted(folder):
    heard = []
    studies = plant_faults(folder, counts=TWELVE, seed=SEED, on_progress=heard.append)
    last = heard[-1]
    assert (last.stage, last.done, last.total) == ("planted faults", len(FAULTS), len(FAULTS))
    return {study.fault.name: study for study in studies}


@pytest.fixture
def not_drawn_again(planted, folder, monkeypatch):
    """The clean study is copied; that it is drawn alike is tested where it is drawn."""

    def copied(there, cohort, on_progress=None):
        return Path(shutil.copytree(folder / "clean", there)) / "study.toml"

    monkeypatch.setattr(planted_faults, "write_cohort", copied)


@pytest.mark.parametrize("name", NAMES)
def test_the_fault_is_there_and_not_in_the_clean_study(planted, name):
    spoiled, clean = (StudyCopy.of(path.parent) for path in (planted[name].path, planted[name].clean))
    assert SHOWS[name](spoiled, clean)
    assert not SHOWS[name](clean, clean)


@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_the_import_says_what_the_registry_says(planted, fault):
    path = planted[fault.name].path
    if fault.refused == "yes":
        with pytest.raises(StudyError, match="it is the answer"):
            load_study(path, audit_only=True)
        return
    if fault.refused == "unless audit only":
        with pytest.raises(StudyError) as refused:
            load_study(path)
        assert refused.value.total == 1
        assert len(load_study(path, audit_only=True).conflicts) == 1
        return
    assert load_study(path).conflicts == ()


def test_the_clean_studies_load_without_a_warning(planted):
    for path in {study.clean for study in planted.values()}:
        assert load_study(path).warnings == ()


def test_the_list_tells_what_lies_where(planted, folder):
    rows = json.loads((folder / "faults.json").read_text())
    assert [(row["name"], row["code"], row["text"], row["refused"]) for row in rows] == [
        (fault.name, fault.code, fault.text, fault.refused) for fault in FAULTS
    ]
    for row in rows:
        assert folder / row["path"] == planted[row["name"]].path
        assert (folder / row["clean"]).is_file()


def test_files_that_do_not_change_are_links_to_the_clean_ones(planted):
    study = planted["label-is-size"]
    for table in ("image", "mask"):
        for name in StudyCopy.of(study.path.parent).images[table]:
            assert (study.path.parent / name).samefile(study.clean.parent / name)


def test_changed_pictures_still_say_that_nobody_is_in_them(planted):
    for path in (planted["gray-curve-by-center"].path.parent / "images").iterdir():
        assert b"not a patient" in path.read_bytes(), path.name


def test_without_links_files_are_copied(planted, tmp_path, monkeypatch):
    def no_links(source, target):
        raise OSError("not supported")

    monkeypatch.setattr(os, "link", no_links)
    clean = planted["label-is-size"].clean.parent
    written = StudyCopy.of(clean).write(tmp_path / "copy", "Copy").parent
    for name in StudyCopy.of(clean).images["image"]:
        assert (written / name).read_bytes() == (clean / name).read_bytes()
        assert not (written / name).samefile(clean / name)


@pytest.mark.usefixtures("not_drawn_again")
def test_the_same_seed_plants_the_same_bytes(folder, tmp_path):
    plant_faults(tmp_path / "again", counts=TWELVE, seed=SEED)
    assert _bytes(tmp_path / "again") == _bytes(folder)


@pytest.mark.usefixtures("not_drawn_again")
def test_a_fault_that_finds_nothing_to_change_is_an_error(tmp_path, monkeypatch):
    nothing = PlantedFault("nothing", "SGA001", "Nothing.", "no", lambda copy, rng: None)
    monkeypatch.setattr(planted_faults, "FAULTS", (nothing,))
    with pytest.raises(SgauditError, match=r"'nothing' changes nothing .* more patients"):
        plant_faults(tmp_path / "small", counts=TWELVE, seed=SEED)


def test_a_cohort_without_external_centers_is_an_error(tmp_path):
    group = Group("Center A", "train", primary=2, secondary=2, images=4)
    copy = StudyCopy.of(write_feature_study(tmp_path / "one", counts=[group]).parent)
    with pytest.raises(SgauditError, match="no external center"):
        columns.missing_in_one_center(copy, np.random.default_rng(0))


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    for taken in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(SgauditError, match="not an empty folder"):
            plant_faults(taken, counts=TWELVE)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_labels_dealt_at_random_carry_nothing(tmp_path):
    """Features of the strongest trait: 1.3 SD apart before, with 140 patients within two standard errors after."""
    copy = StudyCopy.of(write_feature_study(tmp_path / "study", seed=SEED).parent)
    texture = copy.tables["features"].filter(like="trait_texture").astype(float).mean(axis=1)
    own = texture.groupby(copy.images["patient_id"]).mean()

    def apart():
        by_label = own.groupby(copy.patients.set_index("patient_id")["label"])
        return by_label.mean()["secondary"] - by_label.mean()["primary"]

    assert apart() > 0.8
    labels.at_random(copy, np.random.default_rng(SEED))
    assert abs(apart()) < 2 * own.std() * np.sqrt(4 / len(own))


def test_faults_are_in_the_order_of_their_codes_and_only_an_import_that_refuses_needs_none():
    codes = [fault.code for fault in FAULTS if fault.code is not None]
    assert codes == sorted(codes)
    assert all(re.fullmatch(r"SGA\d{3}", code) for code in codes)
    assert {fault.refused for fault in FAULTS if fault.code is None} == {"yes"}
    assert len(set(NAMES)) == len(NAMES)


def test_the_docs_list_every_fault():
    text = (ROOT / "docs" / "demo.md").read_text()
    rows = re.findall(r"^\| (SGA\d{3}|–) \| `([\w-]+)` \| .* \| ([\w ]+) \|$", text, flags=re.MULTILINE)
    assert rows == [(fault.code or "–", fault.name, SAYS[fault.refused]) for fault in FAULTS]


SAYS = {"no": "accepted", "unless audit only": "refused unless audit only", "yes": "refused"}


def _bytes(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
