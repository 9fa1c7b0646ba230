"""Which analyses a study has, and which one others are compared with, when software changes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sgcore import workflow
from sgcore.config import DeepConfig, as_dict, deciding_versions, recipe, with_changes


@pytest.fixture
def add(tmp_path):
    """Analyses without results, of this software or another."""
    with workflow.open_store(tmp_path / "list.duckdb") as store:

        def add(analysis_id, config, **versions):
            store.analyses.add(
                analysis_id,
                study_id="study",
                feature_set_id=None,
                recipe=config.recipe,
                config=as_dict(config),
                versions={**deciding_versions(config), **versions},
                notes=[],
                frames={},
            )
            return store

        yield add


def test_analyses_of_other_software_say_so(add):
    add("old", recipe("paper"), results="0")
    store = add("new", recipe("paper"))
    assert workflow.list_analyses(store, "study")["name"].tolist() == [
        "paper recipe, other software",
        "paper recipe",
    ]


def test_the_reference_is_the_last_of_its_settings(add):
    add("what-if", with_changes(recipe("paper"), selection__rho=0.5))
    add("old", recipe("paper"), results="0")
    add("new", recipe("paper"))
    store = add("strict", recipe("strict"))
    assert workflow.reference_id(store, "study") == "new"


def test_without_a_shipped_recipe_the_first_settings_are_the_reference(add):
    first = with_changes(recipe("paper"), selection__rho=0.5)
    add("old", first, results="0")
    add("other", with_changes(recipe("paper"), selection__rho=0.6))
    store = add("new", first)
    assert workflow.reference_id(store, "study") == "new"


def test_an_analysis_with_networks_stands_before_one_without(add):
    trained = with_changes(recipe("paper"), deep=DeepConfig(backbone="resnet18"))
    add("first", trained)
    add("other", with_changes(trained, deep__backbone="densenet121"))
    store = add("without", recipe("paper"))
    assert workflow.reference_id(store, "study") == "other"


def test_of_several_networks_the_earlier_ones_are_what_ifs(add):
    trained = with_changes(recipe("paper"), deep=DeepConfig(backbone="resnet18"))
    last = with_changes(trained, deep__backbone="densenet121")
    add("first", trained)
    add("last", last)
    store = add("without", recipe("paper"))

    def what_if(config):
        return workflow.is_what_if(store, SimpleNamespace(config=config, study_id="study", recipe="paper"))

    assert what_if(trained)
    assert not what_if(last)
    assert not what_if(recipe("paper"))


def test_results_of_changed_code_have_another_name(monkeypatch):
    before = deciding_versions(recipe("paper"))
    monkeypatch.setattr("sgcore.config.fingerprints.RESULTS_REVISION", 1000)
    assert deciding_versions(recipe("paper")) == {**before, "results": "1000"}
