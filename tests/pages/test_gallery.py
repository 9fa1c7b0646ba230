"""The page Gallery: cases that pass in their order, tiles and links; hidden, closed, without images or file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.domain import Study
from sgcore.ui import gallery_pages, store
from sgcore.ui.chosen_case import key_of
from tests.pages.driving import choose, field, first, labels, open_page, press, table_with, text, turn
from tests.support.app import kept_file
from tests.support.what_if import what_if_of

SENTENCE = re.compile(r"calls (\d+) of (\d+) (\w+) (\w+) wrong at its threshold")


def _study(path: Path) -> tuple[Study, str]:
    """The store's one study, and its id."""
    with workflow.open_store(path) as opened:
        study_id = workflow.list_studies(opened)["study_id"].iloc[0]
        return workflow.stored_study(opened, study_id), study_id


def _tiles(app: AppTest) -> list[str]:
    """Identifiers of the images that have a tile."""
    return [link.proto.label.replace("\\", "") for link in app.get("page_link")]


def _under(app: AppTest) -> list[str]:
    """What stands under each picture, as HTML."""
    return [part.proto.body for part in app.get("html") if 'class="tile"' in part.proto.body]


def _table(app: AppTest) -> pd.DataFrame:
    return table_with(app, "Image")


def test_a_set_in_a_sentence_in_tiles_and_in_a_table(network_path: Path) -> None:
    study, study_id = _study(network_path)
    app = open_page("Gallery", family="Radiomics", subset="external")
    assert not app.exception
    assert not app.error
    said = SENTENCE.search(first(app))
    assert said is not None
    external = study.cases().query("subset == 'external'")
    assert said.group(2, 3, 4) == (str(external["patient_id"].nunique()), "external", "patients")
    rows = _table(app)
    assert set(rows["Image"]) == set(external["image_id"])
    assert rows.loc[rows["Wrong"] == "yes", "Patient"].nunique() == int(said[1])
    assert _tiles(app) == list(rows["Image"][:24])
    assert [part.count("✕ wrong") for part in _under(app)] == list((rows["Wrong"][:24] == "yes").astype(int))
    link = app.get("page_link")[0].proto
    assert f"case={key_of(study_id, rows['Image'].iloc[0])}" in link.query_string
    assert "family=Radiomics" in link.query_string
    assert len(app.get("image")) == len(_tiles(app))


def test_the_tile_says_what_the_page_of_its_case_says(network_path: Path) -> None:
    _, study_id = _study(network_path)
    app = open_page("Gallery", family="Combined", subset="train", unit="image")
    image_id, under = _tiles(app)[0], _under(app)[0]
    score = re.search(r"Score ([\d.]+), threshold ([\d.]+)", under)
    assert score is not None
    case = first(turn(app, "Case", case=key_of(study_id, image_id)))
    assert case.startswith(f"**{image_id} (")
    assert f"the score is {score[1]}, " in case
    assert f"the threshold of {score[2]}: " in case
    assert ("while the label is" in case) == ("✕ wrong" in under)


def test_filters_and_orders(network_path: Path) -> None:
    app = open_page("Gallery", family="Radiomics", subset="train", unit="image")
    every = _table(app)
    assert list(every["Wrong"]) == sorted(every["Wrong"], reverse=True)
    wrong = _table(choose(app, gallery_call="wrong"))
    assert set(wrong["Image"]) == set(every.loc[every["Wrong"] == "yes", "Image"])
    assert f"{len(wrong)} of {len(every)} images" in text(app)
    both = _table(choose(app, gallery_label="negative"))
    assert set(both["Image"]) == set(wrong.loc[wrong["Label"] == "primary", "Image"])
    choose(app, gallery_label="all", gallery_call="all", gallery_order="map")
    ratios = _table(app)["Map inside the ROI, over chance"]
    assert list(ratios) == sorted(ratios)
    beside = _table(choose(app, gallery_map="beside"))
    assert len(beside) == (ratios < 1).sum()
    choose(app, gallery_map="all", gallery_families="disagree")
    divided = _table(app)
    votes = divided["Families that call it secondary"]
    assert ((votes > 0) & (votes < divided["Families"])).all()
    assert not app.exception


def test_a_center_is_named(network_path: Path) -> None:
    app = open_page("Gallery", subset="external", center="Beta")
    assert "external patients of Beta wrong" in first(app)
    assert set(_table(app)["Center"]) == {"Beta"}


def test_every_choice_is_in_the_link(network_path: Path) -> None:
    app = open_page("Gallery")
    app.query_params["gallery_call"] = "wrong"
    app.query_params["gallery_order"] = "study"
    app.run()
    rows = _table(app)
    assert set(rows["Wrong"]) == {"yes"}
    assert list(rows["Image"]) == sorted(rows["Image"], key=_places().__getitem__)


def _places() -> dict[str, int]:
    """The place of each image in the study."""
    return {
        image: place
        for place, image in enumerate(store.study(store.studies()["study_id"][0]).images["image_id"])
    }


def test_pages_of_tiles(network_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery_pages, "SIZE", 5)
    app = open_page("Gallery", subset="train", gallery_order="study")
    every = list(_table(app)["Image"])
    assert len(every) > 10
    assert _tiles(app) == every[:5]
    assert field(app.button, "Previous").disabled
    press(app, "Next")
    assert _tiles(app) == every[5:10]
    # Another filter begins at its first page.
    choose(app, gallery_label="positive")
    assert field(app.button, "Previous").disabled
    assert not app.exception


def test_an_empty_result_names_the_way_back(network_path: Path) -> None:
    app = open_page("Gallery", family="Radiomics", subset="external")
    rows = _table(app)
    votes = rows["Families that call it secondary"]
    wrong = rows["Wrong"] == "yes"
    agreed = (votes == 0) | (votes == rows["Families"])
    right = rows["Map inside the ROI, over chance"] < 1
    assert not (wrong & agreed & right & (rows["Label"] == "secondary")).any()
    choose(
        app, gallery_call="wrong", gallery_families="agree", gallery_map="beside", gallery_label="positive"
    )
    assert not app.exception
    assert f"None of the {len(rows)} images of this set passes these filters." in text(app)
    assert _tiles(app) == []
    press(app, "Show all images of this set")
    assert len(_table(app)) == len(rows)


def test_label_and_scores_can_be_hidden_on_all_pages_of_cases(network_path: Path) -> None:
    _, study_id = _study(network_path)
    app = open_page("Gallery", subset="external", gallery_call="wrong")
    app.toggle[0].set_value(True)
    app.run()
    assert not app.exception
    assert first(app).endswith("label and scores are hidden.**")
    # Filters and orders by label or result would tell what they hide.
    assert not {"Label", "Called by Radiomics", "Families", "Order"} & set(labels(app.selectbox))
    assert list(_table(app).columns) == ["Image", "Patient", "Center", "Cases"]
    assert not any(
        word in part for part in _under(app) for word in ("primary", "secondary", "Score", "wrong")
    )
    assert "secondary" not in text(app)
    image_id = _tiles(app)[0]
    turn(app, "Case", case=key_of(study_id, image_id))
    assert first(app).startswith(f"**{image_id} (")
    assert first(app).endswith("label and scores are hidden.**")
    # Also after a page that has no such switch.
    turn(turn(app, "Deep learning"), "Gallery")
    assert first(app).endswith("label and scores are hidden.**")


def test_held_out_cases_of_a_what_if_open_on_demand_and_count(network_path: Path) -> None:
    app = open_page("Gallery", analysis=what_if_of(network_path))
    assert "training patients wrong" in first(app)
    assert _looks() == set()
    choose(app, what_if_subset="external")
    assert "their scores are closed" in first(app)
    assert "Score by patient" not in _table(app)
    assert not any("Score" in part or "Called" in part for part in _under(app))
    assert set(labels(app.selectbox)) & {"Called by Radiomics", "Order"} == set()
    assert _looks() == set()
    press(app, "Show scores of held-out cases")
    assert not app.exception
    assert "external patients wrong" in first(app)
    assert _looks() == {"gallery: external"}


def _looks() -> set[str]:
    study_id = store.studies()["study_id"].iloc[0]
    return set(store.store().analyses.looks(study_id)["what"])


def test_training_cases_of_a_network_were_seen_by_it(network_path: Path) -> None:
    app = open_page("Gallery", family="DL", subset="train")
    assert not app.exception
    if "train" in app.query_params["subset"]:
        assert "scored by models that were fitted on the patient" in text(app)
    assert "scored by models that left the patient out" in text(choose(app, family="Radiomics"))


def test_a_study_without_networks(store_path: Path) -> None:
    app = open_page("Gallery", subset="external")
    assert not app.exception
    assert "network" not in first(app)
    assert "Network looks" not in labels(app.selectbox)
    assert len(app.get("image")) == len(_tiles(app)) > 0


def test_a_study_without_images(brought_networks_path: Path) -> None:
    app = open_page("Gallery", family="DL", subset="external")
    assert not app.exception
    assert "The study brings no images of these cases, only tables." in text(app)
    assert len(app.get("image")) == 0
    assert all("core" in part for part in _under(app))
    assert len(_tiles(app)) == len(_under(app)) > 0


@pytest.fixture
def image_file(network_path: Path) -> Iterator[Path]:
    """File of an external image, which is as it was after the test: other tests read it, too."""
    study, _ = _study(network_path)
    image_id = study.cases().query("subset == 'external'")["image_id"].iloc[0]
    path = study.folder / study.images.set_index("image_id").at[image_id, "image"]
    with kept_file(path):
        yield path


@pytest.mark.parametrize("change", ["vanished", "changed"])
def test_an_image_that_cannot_be_read_says_why(image_file: Path, change: str) -> None:
    if change == "vanished":
        image_file.unlink()
    else:
        image_file.write_bytes(image_file.read_bytes() + b"more")
    app = open_page("Gallery", subset="external")
    assert not app.exception
    assert f"No picture. images/{image_file.name}: the file {change} after the import." in text(app)
    assert len(app.get("image")) == len(_tiles(app)) - 1
    assert len(_under(app)) == len(_tiles(app))
