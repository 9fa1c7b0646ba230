"""All eight networks in one analysis, and which of them it stands by."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sgcore import workflow
from sgcore.deep import BACKBONES
from sgcore.workflow import maps
from tests.support.networks import NETWORK, settings, write_preset
from tests.support.studies import make_study

pytestmark = [pytest.mark.long, pytest.mark.extended]

#: The smallest input that Inception can take.
ALL = replace(NETWORK, backbone="all", size=75, epochs=1)


@pytest.fixture(scope="module")
def analysis(tmp_path_factory):
    folder = tmp_path_factory.mktemp("all")
    # Drawing the weights of eight networks anew is most of the time.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maps, "SEEDS", maps.SEEDS[:1])
        with workflow.open_store(folder / "s.duckdb") as store:
            study = workflow.import_study(
                make_study(folder, centers={"Alpha": 10, "Beta": 4}, views=1), store
            )
            yield workflow.run(study, settings(write_preset(folder), ALL), store)


def test_all_eight_are_candidates_of_the_dl_family(analysis):
    assert analysis.frame("networks")["backbone"].tolist() == list(BACKBONES)
    predictions = analysis.frame("predictions").query("family == 'DL'")
    assert set(predictions["classifier"]) == set(BACKBONES)
    assert predictions.groupby("classifier")["image_id"].nunique().eq(14).all()


def test_the_best_on_validation_patients_is_chosen_and_gives_the_deep_features(analysis):
    rows = analysis.frame("evaluations").query(
        "family == 'DL' and subset == 'validation' and unit == 'image'"
    )
    areas = rows[rows["center"].isna()].set_index("classifier")["auc"]
    pick = analysis.frame("picks").set_index("family").loc["DL"]
    assert (pick["rule"], pick["evaluated_on"]) == ("validation", "validation")
    assert areas[pick["classifier"]] == areas.max()
    networks = analysis.frame("networks")
    assert networks.loc[networks["picked"], "backbone"].tolist() == [pick["classifier"]]
    assert set(analysis.frame("explained_variance")["backbone"]) == {pick["classifier"]}
    assert set(analysis.frame("training_curves")["backbone"]) == set(BACKBONES)


def test_maps_are_those_of_the_chosen_network(analysis):
    networks = analysis.frame("networks").set_index("backbone")
    chosen = analysis.frame("picks").set_index("family").loc["DL", "classifier"]
    own = analysis._store.networks.part("maps", [networks.loc[chosen, "network_id"]])
    pd.testing.assert_frame_equal(analysis.frame("grad_cam"), own.drop(columns="network_id"))
