"""Sentences of the centers page: what is known, of how many, and never that centers agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.stats.delong import ALL_EQUAL
from sgcore.ui import center_answers
from sgcore.workflow import external_need
from sgcore.workflow.by_center import CenterEffects, effects_of
from tests.workflow.test_center_effects import EXTERNAL, effects, predictions


def test_no_external_center() -> None:
    text = center_answers.travels(effects(predictions({})))
    assert text.startswith("Radiomics (LR) has an AUC of 0.")
    assert "20 patients) on the validation cases of Alpha; the study has no external center" in text


def test_one_external_center() -> None:
    text = center_answers.travels(effects(predictions({"Beta": 60}, effect=2.0)))
    assert "60 patients) in the one external center, Beta; one center cannot say whether it travels." in text
    text = center_answers.travels(effects(predictions({"Beta": 12}, effect=0.0)))
    assert "Beta, an interval that includes chance (0.5); one center cannot say" in text


def test_by_image_is_said() -> None:
    text = center_answers.travels(effects(predictions({"Beta": 60}), "image"))
    assert text.startswith("Radiomics (LR), counted by image, has an AUC of 0.")


def test_one_external_center_of_one_class() -> None:
    model = predictions({"Beta": 12})
    model.loc[model["center"] == "Beta", "y_true"] = 1
    text = center_answers.travels(effects(model))
    assert text == (
        "Radiomics (LR) has no AUC in the one external center, Beta: one class only (all positive), n = 12."
    )


def test_two_centers_have_no_mean() -> None:
    text = center_answers.travels(effects(predictions({"Beta": 20, "Gamma": 24})))
    assert "20 patients) in Beta and" in text
    assert text.endswith("two centers are too few for a mean, or to say what a third would show.")


def test_three_centers_do_not_predict_and_five_do() -> None:
    three = center_answers.travels(effects(predictions(dict.fromkeys(EXTERNAL[:3], 20))))
    assert "in 3 external centers; their mean is" in three
    assert three.endswith("; a new center cannot be predicted from 3.")
    five = center_answers.travels(effects(predictions(dict.fromkeys(EXTERNAL, 40), effect=2.0)))
    assert "in 5 external centers" in five
    assert "and a new center is predicted at 0." in five
    assert "chance" not in five
    noise = center_answers.travels(effects(predictions(dict.fromkeys(EXTERNAL, 20), effect=0.0)))
    assert "which includes chance (0.5)" in noise


def test_centers_without_an_auc_or_a_variance_are_named() -> None:
    model = predictions(dict.fromkeys(EXTERNAL, 20))
    model.loc[model["center"] == "Gamma", "y_true"] = 0
    model.loc[model["center"] == "Beta", "y_score"] = model["y_true"] * 9.0
    text = center_answers.travels(effects(model))
    assert "(no AUC in Gamma: one class only (all negative), n = 20)" in text
    assert text.endswith(
        "a new center cannot be predicted from 3; 1 of the 4 is not in the mean: Beta with an AUC of 1, without "
        "which it is too low."
    )
    lone = model[model["center"].isin(["Alpha", "Gamma", "Delta"])]
    assert "Delta, the only one of 2 external centers with one" in center_answers.travels(effects(lone))
    nobody = model[model["center"].isin(["Alpha", "Gamma"])]
    two = pd.concat([nobody, nobody[nobody["center"] == "Gamma"].assign(center="Eta")])
    assert "no AUC in any of 2 external centers: one class only" in center_answers.travels(effects(two))


def test_many_small_centers_stay_a_sentence() -> None:
    names = tuple(f"Center {i:02d}" for i in range(30))
    model = predictions({name: 20 if name < "Center 05" else 6 for name in names})
    perfect = model["center"].isin(names[5:])
    model.loc[perfect, "y_score"] = model["y_true"] * 9.0
    found = effects_of(model, ("Alpha",), names, "patient")
    assert (found.external["auc"] == 1).sum() == 25
    text = center_answers.travels(found)
    assert text.endswith(
        "; 25 of the 30 are not in the mean: Center 05, Center 06, Center 07 and 22 more with an AUC of 1, without "
        "which it is too low."
    )
    assert text.count("Center ") == 5
    notes = center_answers.notes(found)
    assert len(notes) == len(found.rows)
    assert notes.count("not in the mean: its AUC is 1, which has no finite logit") == 25


def test_a_center_without_scores_is_not_called_empty() -> None:
    model = predictions({"Beta": 20, "Gamma": 20})
    model.loc[model["center"] == "Beta", "y_score"] = np.nan
    found = effects(model)
    assert "(no AUC in Beta: none of 40 images has a score)" in center_answers.travels(found)
    nobody = model.assign(y_score=np.nan)
    assert center_answers.enough(external_need(effects(nobody))) == (
        "How many patients the external set needs cannot be said: none of 80 images has a score."
    )


def _flat(*centers: str, of: dict[str, int] | None = None, differing: bool = False) -> CenterEffects:
    """A model that gives everybody of ``centers`` one score, or one in each of them."""
    model = predictions(of or dict.fromkeys(centers, 20), effect=2.0)
    for number, center in enumerate(centers):
        model.loc[model["center"] == center, "y_score"] = 0.25 + number * differing
    return effects(model)


@pytest.mark.parametrize("differing", [True, False])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_one_score_for_everybody_is_no_measured_auc(count: int, differing: bool) -> None:
    found = _flat(*EXTERNAL[:count], differing=differing)
    assert (found.external["auc"] == 0.5).all()
    where = "the one external center, Zeta," if count == 1 else f"each of {count} external centers"
    text = center_answers.travels(found)
    assert text == (
        f"Radiomics (LR) gives everybody in {where} the same score and ranks nobody there, so that nothing shows "
        "whether it travels."
    )
    need = external_need(found)
    assert need["n_needed"].isna().all()
    assert center_answers.enough(need) == (
        "How many patients the external set needs cannot be said: in every external center everybody has the same "
        "score: that ranks nobody, and is no AUC to plan with."
    )
    if count > 1:
        said = center_answers.pairs(found)
        assert "the same score, which ranks nobody." in said
        assert said.startswith(
            f"All external cases together have {'an AUC' if differing else 'the same score'}"
        )


def test_a_center_of_equal_scores_is_named_beside_the_others() -> None:
    same = "in Zeta everybody has the same score, which ranks nobody"
    two = center_answers.travels(_flat("Zeta", of={"Zeta": 20, "Beta": 12}))
    assert f"in Beta, the only one of 2 external centers with one ({same}); one center cannot" in two
    three = center_answers.travels(_flat("Zeta", of=dict.fromkeys(EXTERNAL[:3], 20)))
    assert f"in Gamma ({same}); two centers are too few for a mean" in three
    four = center_answers.travels(_flat("Zeta", of=dict.fromkeys(EXTERNAL[:4], 20)))
    assert f"in 3 external centers ({same}); their mean is" in four
    assert "not in the mean" not in four
    both = center_answers.travels(_flat("Zeta", "Beta", of=dict.fromkeys(EXTERNAL[:4], 20)))
    assert "(in each of Zeta and Beta everybody has the same score, which ranks nobody)" in both
    assert external_need(_flat("Zeta", of=dict.fromkeys(EXTERNAL[:3], 20)))["n_needed"].notna().all()
    mixed = predictions({"Beta": 20, "Gamma": 20})
    mixed.loc[mixed["center"] == "Gamma", "y_true"] = 0
    mixed.loc[mixed["center"] == "Beta", "y_score"] = 0.25
    assert center_answers.travels(effects(mixed)) == (
        "Radiomics (LR) has no measured AUC in any of 2 external centers: no AUC in Gamma: one class only (all "
        "negative), n = 20; in Beta everybody has the same score, which ranks nobody."
    )


def test_equal_scores_at_home() -> None:
    model = predictions({}).assign(y_score=0.25)
    assert center_answers.travels(effects(model)) == (
        "Radiomics (LR) gives everybody the same score on cases that did not train it and ranks nobody there; the "
        "study has no external center, so that nothing shows whether it travels."
    )


def test_one_auc_in_all_centers_is_no_range() -> None:
    model = predictions(dict.fromkeys(EXTERNAL, 20))
    text = center_answers.travels(effects(model.assign(y_score=model["y_true"] * 9.0)))
    assert "has an AUC of 1.000 in each of 5 external centers; they have no common mean" in text


def test_perfect_centers_of_both_ends_leave_the_side_open() -> None:
    model = predictions(dict.fromkeys(EXTERNAL, 20))
    for center, sign in (("Beta", 9.0), ("Gamma", -9.0)):
        model.loc[model["center"] == center, "y_score"] = sign * model["y_true"]
    text = center_answers.travels(effects(model))
    assert text.endswith("; 2 of the 5 are not in the mean: Beta with an AUC of 1; Gamma with an AUC of 0.")


def test_centers_are_never_said_to_agree() -> None:
    found = effects(predictions(dict.fromkeys(EXTERNAL, 20)))
    assert found.pooled.on_logit.i2 < 0.01
    said = center_answers.differ(found)
    assert "from 5 centers" in said
    assert "does not mean that they agree" in said
    assert center_answers.differ(effects(predictions({"Beta": 20, "Gamma": 20}))) == ""


def test_pairs_within_centers_stand_beside_all_pairs() -> None:
    model = predictions({"Beta": 20, "Gamma": 20})
    said = center_answers.pairs(effects(model))
    assert "within their center only it is" in said
    assert center_answers.pairs(effects(predictions({"Beta": 20}))) == ""
    mixed = model.assign(
        y_true=np.where(
            model["center"] == "Gamma", 1, np.where(model["center"] == "Beta", 0, model["y_true"])
        )
    )
    assert "there is none: no center has both classes" in center_answers.pairs(effects(mixed))


def test_size_of_the_external_set() -> None:
    found = effects(predictions({"Beta": 60}))
    said = center_answers.enough(external_need(found))
    assert said.startswith("60 external patients, 30 of them positive, give an AUC of 0.")
    assert "A width of 0.1 would need about" in said
    assert "which there are" in center_answers.enough(external_need(found, auc_width=0.9))
    tiny = external_need(effects(predictions({"Beta": 4}, effect=0.5, seed=3)))
    assert 0 < tiny.loc[0, "at"] < 1
    assert tiny.loc[0, "width"] < 1
    assert "4 external patients, 2 of them positive, give an AUC of 0." in center_answers.enough(tiny)
    none = center_answers.enough(external_need(effects(predictions({}))))
    assert none == "How many patients the external set needs cannot be said: no cases."


@pytest.mark.parametrize(("evaluated_on", "warned"), [("external", True), ("training folds", False)])
def test_pick_on_these_centers_is_said(evaluated_on: str, warned: bool) -> None:
    pick = pd.Series({"classifier": "LR", "evaluated_on": evaluated_on})
    assert bool(center_answers.picked_here(pick, "LR")) is warned
    assert not center_answers.picked_here(pick, "SVM")


def test_a_closed_what_if_of_equal_scores_has_no_measured_auc() -> None:
    row = pd.Series({"auc": 0.5, "ci_low": np.nan, "ci_high": np.nan, "reason": ALL_EQUAL})
    assert center_answers.closed(row, "US", "LR").startswith(
        "In training folds US (LR) gives everybody the same"
    )
