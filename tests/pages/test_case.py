"""The page Case: one image with its map, its score as a sum, all scores; hidden, closed, without image or file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.domain import FAMILIES, Study
from sgcore.ui import store
from sgcore.ui.chosen_case import key_of
from tests.pages.driving import charts, choose, field, first, open_page, press, table_with, text
from tests.support.app import kept_file
from tests.support.what_if import what_if_of


def _study(path: Path) -> tuple[Study, str]:
    """The store's one study, and its id."""
    with workflow.open_store(path) as opened:
        study_id = workflow.list_studies(opened)["study_id"].iloc[0]
        return workflow.stored_study(opened, study_id), study_id


def _image(path: Path, subset: str, *, images: int = 1) -> tuple[str, str]:
    """An image of a set whose patient has so many ``images``, and its key in a link."""
    study, study_id = _study(path)
    cases = study.cases()
    cases = cases[cases["subset"] == subset]
    counts = cases.groupby("patient_id")["image_id"].transform("size")
    image_id = cases.loc[counts == images, "image_id"].iloc[0]
    return image_id, key_of(study_id, image_id)


def _open(key: str, **chosen: str) -> AppTest:
    return open_page("Case", case=key, **chosen)


def test_a_held_out_case(network_path: Path) -> None:
    image_id, key = _image(network_path, "external")
    app = _open(key, family="RadiomicsDL")
    assert not app.exception
    assert not app.error
    assert first(app).startswith(f"**{image_id} (")
    assert "external set): by RadiomicsDL (" in first(app)
    assert "the threshold of" in first(app)
    # The image, its sum, its scores.
    assert charts(app) == 3
    rows = table_with(app, "Score of this image")
    assert list(dict.fromkeys(rows["Family"])) == list(FAMILIES)
    assert set(rows["Scored"]) == {"by models that did not see the patient"}
    assert "it is no risk of this patient" in text(app)


def test_the_sum_adds_up_to_the_score_in_the_table(network_path: Path) -> None:
    image_id, key = _image(network_path, "external")
    with workflow.open_store(network_path) as opened:
        study_id = workflow.list_studies(opened)["study_id"].iloc[0]
        analysis = workflow.load_analysis(opened, workflow.reference_id(opened, study_id) or "")
        models = analysis.frame("shap_models")
    app = _open(key, family="Combined")
    rows = table_with(app, "Score of this image")
    row = rows[(rows["Family"] == "Combined") & rows["Picked"]].iloc[0]
    own = (models["family"] == "Combined") & (models["classifier"] == row["Classifier"])
    bars = table_with(app, "Moves the probability by")
    total = models.loc[own, "base"].iloc[0] + bars["Moves the probability by"].sum()
    assert total == pytest.approx(row["Score of this image"], abs=1e-6)
    assert image_id in first(app)


def test_a_training_case_stands_by_models_that_left_it_out(network_path: Path) -> None:
    _, key = _image(network_path, "train")
    app = _open(key, family="Radiomics")
    assert not app.exception
    scored = table_with(app, "Scored").set_index("Family")["Scored"]
    assert set(scored["Radiomics"]) == {"by models that left the patient out"}
    # The network was trained on all training patients: there is no other score.
    assert scored["DL"] == "by models that were fitted on the patient"
    assert "The model of these bars was fitted on this patient" in text(app)


def test_both_classes_have_a_map_and_neither_is_called_evidence(network_path: Path) -> None:
    _, key = _image(network_path, "external")
    app = _open(key)
    said = {name: text(choose(app, map_class=name)) for name in ("positive", "negative")}
    assert not app.exception
    for name, label in (("positive", "secondary"), ("negative", "primary")):
        where = f"finds what speaks for {label} (Grad-CAM, 2 x 2 cells over the dotted square)"
        none = f"No map of ResNet18 for {label}: the map is zero everywhere"
        assert (where in said[name]) != (none in said[name])
    assert any("no evidence that the answer is right" in each for each in said.values())


def test_the_network_is_asked_without_the_lesion_too(network_path: Path) -> None:
    _, key = _image(network_path, "external")
    _, trained = _image(network_path, "train")
    app = _open(key)
    facts = table_with(app, "What").set_index("What")["Value"]
    rows = table_with(app, "Score of this image").set_index("Family")
    assert float(facts["Score of the network"]) == pytest.approx(
        rows.loc["DL", "Score of this image"], abs=6e-4
    )
    for name in ("Its score without the lesion", "Its score of the lesion alone"):
        assert 0 < float(facts[name]) < 1
    assert "Score of the network (fitted on this patient)" in set(table_with(_open(trained), "What")["What"])


def test_label_and_scores_can_be_hidden(network_path: Path) -> None:
    image_id, key = _image(network_path, "external")
    app = _open(key)
    app.toggle[0].set_value(True)
    app.run()
    assert not app.exception
    assert first(app) == f"**{image_id} (Beta, external set): label and scores are hidden.**"
    assert charts(app) == 1
    assert not [table for table in app.dataframe if "Score of this image" in table.value]
    assert not table_with(app, "What")["What"].str.contains("score", case=False).any()
    assert "primary)" not in text(app)
    assert "secondary)" not in text(app)


def test_previous_and_next(network_path: Path) -> None:
    study, study_id = _study(network_path)
    second, third = study.cases()["image_id"].iloc[1:3]
    app = _open(key_of(study_id, second))
    assert first(press(app, "Next")).startswith(f"**{third} ")
    press(press(app, "Previous"), "Previous")
    assert first(app).startswith(f"**{study.cases()['image_id'].iloc[0]} ")
    assert field(app.button, "Previous").disabled


def test_the_patients_other_images_and_cases_alike_are_a_link_away(network_path: Path) -> None:
    image_id, key = _image(network_path, "external", images=2)
    study, _ = _study(network_path)
    cases = study.cases().set_index("image_id")
    others = set(cases.index[cases["patient_id"] == cases.at[image_id, "patient_id"]]) - {image_id}
    app = _open(key)
    links = [link.proto.label.replace("\\", "") for link in app.get("page_link")]
    assert others <= set(links)
    alike = [link for link in links if link.endswith((" (primary)", " (secondary)"))]
    assert len(alike) == 3
    for link in alike:
        name, _, label = link.partition(" ")
        assert cases.at[name, "subset"] == "train"
        assert label == f"({study.positive if cases.at[name, 'y'] else study.negative})"
    assert "the patient's mean score is" in first(app)
    assert "Mean of the patient's images" in table_with(app, "Score of this image")
    by_image = choose(app, unit="image")
    assert "Mean of the patient's images" not in table_with(by_image, "Score of this image")


def test_dl_is_explained_by_its_map(network_path: Path) -> None:
    _, key = _image(network_path, "external")
    app = _open(key, family="DL")
    assert not app.exception
    assert "by DL (ResNet18)" in first(app)
    assert "The map of this image is its explanation." in text(app)
    assert charts(app) == 2


def test_scores_of_held_out_cases_of_a_what_if_open_on_demand_and_count(network_path: Path) -> None:
    _, key = _image(network_path, "external")
    _, trained = _image(network_path, "train")
    app = _open(key, analysis=what_if_of(network_path))
    assert not app.exception
    assert "its scores are closed" in first(app)
    assert charts(app) == 1
    assert not table_with(app, "What")["What"].str.contains("score", case=False).any()
    assert _looks() == set()
    press(app, "Show scores of held-out cases")
    assert not app.exception
    assert "the threshold of" in first(app)
    assert _looks() == {"case: external"}
    # The bars need SHAP values, which a what-if has on request.
    assert "No SHAP values of Radiomics for this image." in text(app)
    choose(app, case=trained)
    assert "the threshold of" in first(app)
    assert "look" not in first(app)


def _looks() -> set[str]:
    study_id = store.studies()["study_id"].iloc[0]
    return set(store.store().analyses.looks(study_id)["what"])


def test_a_study_without_networks_shows_its_images(store_path: Path) -> None:
    _, key = _image(store_path, "external")
    app = _open(key)
    assert not app.exception
    assert "No map of where a network looks: no network of this analysis has one." in text(app)
    assert charts(app) == 3


def test_a_study_without_images_shows_scores(brought_networks_path: Path) -> None:
    _, key = _image(brought_networks_path, "external", images=2)
    app = _open(key, family="DL")
    assert not app.exception
    assert "The study brings no image of this case, only tables." in text(app)
    assert "There is no map of this image." in text(app)
    assert charts(app) == 1
    assert "our own" in set(table_with(app, "Score of this image")["Classifier"])


@pytest.fixture
def image_file(network_path: Path) -> Iterator[tuple[str, Path]]:
    """Key and file of an image, which is as it was after the test: other tests read it, too."""
    image_id, key = _image(network_path, "external")
    study, _ = _study(network_path)
    relative = study.images.set_index("image_id").at[image_id, "image"]
    path = Path(study.path).parent / relative
    with kept_file(path):
        yield key, path


def test_an_image_that_vanished(image_file: tuple[str, Path]) -> None:
    key, path = image_file
    path.unlink()
    _without_picture(_open(key), path)


def test_an_image_that_changed(image_file: tuple[str, Path]) -> None:
    key, path = image_file
    with Image.open(path) as image:
        other = image.point(lambda value: 255 - value)
    other.save(path)
    _without_picture(_open(key), path)


def _without_picture(app: AppTest, path: Path) -> None:
    """The page says which file it is, and shows the stored scores all the same."""
    assert not app.exception
    (error,) = app.error
    assert path.name in error.value.replace("\\", "")
    assert charts(app) == 2
    assert "the threshold of" in first(app)
    assert "Research use only" in app.markdown[-1].value
