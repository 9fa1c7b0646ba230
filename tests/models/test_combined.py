"""Combined: RadiomicsDL's features beside the descriptors that the US family would keep."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.config import with_changes
from sgcore.models import DescriptorSelector
from sgcore.models.harmonizing import harmonized
from tests.models.deep_cases import CONFIG, DEEP, DESCRIPTORS, RADIOMICS, cases, scores, selected


def test_kept_descriptors_stand_beside_the_features():
    study = cases(1)
    stacked, us, both = (study.run(kind) for kind in ("radiomics_dl", "descriptors", "combined"))
    assert list(both.design.columns) == [*stacked.design.columns, *us.design.columns]
    pd.testing.assert_frame_equal(both.design[stacked.design.columns], stacked.design)
    pd.testing.assert_frame_equal(both.design[us.design.columns], us.design)
    assert "margin=clear" in both.design.columns
    expected = pd.concat([stacked.trace, us.trace], ignore_index=True)
    pd.testing.assert_frame_equal(both.trace, expected)
    assert both.counts == stacked.counts | {"multivariable": len(selected(us))}
    pd.testing.assert_frame_equal(both.lasso_curve, stacked.lasso_curve)
    assert both.odds_ratios.empty


def test_a_descriptor_with_information_helps():
    study = cases(1, n=180, radiomics=0.7, deep=0.7, descriptor=0.9)
    held = study.labels.index.difference(study.train)
    areas = [
        stats.auc(study.labels[held].to_numpy(), scores(study.run(kind))[held].to_numpy()).auc
        for kind in ("radiomics_dl", "combined")
    ]
    assert areas[1] > areas[0] + 0.05


def test_without_a_descriptor_it_is_radiomics_dl():
    study = cases(0, descriptor=0, deep=3, radiomics=3)
    config = with_changes(CONFIG, selection__p_threshold=1e-4)
    stacked, both = study.run(config=config), study.run("combined", config=config)
    assert both.counts["multivariable"] == 0
    pd.testing.assert_frame_equal(both.scores, stacked.scores)
    told = "no descriptor was kept: the features are those of RadiomicsDL alone"
    assert told in both.notes
    assert f"in 3 of 3 training folds: {told}" in both.notes


def test_nothing_of_any_kind_ranks_nobody():
    study = cases(0)
    result = study.run("combined", config=with_changes(CONFIG, selection__p_threshold=1e-30))
    assert scores(result).unique().tolist() == [study.labels[study.train].mean()]
    assert result.design.shape[1] == 0


def test_levels_of_three_are_two_terms():
    study = cases(1, descriptor=0.9)
    rng = np.random.default_rng(5)
    third = rng.random(len(study.labels)) < 0.2
    study.features.loc[third, "margin"] = "spiculated"
    result = study.run("combined", estimates=())
    terms = [name for name in result.design.columns if name.startswith("margin=")]
    first = study.features.loc[study.train, "margin"].value_counts().index[0]
    assert sorted(terms) == sorted(f"margin={level}" for level in {*study.features["margin"]} - {first})
    for term in terms:
        is_level = (study.features["margin"] == term.removeprefix("margin=")).astype(float)
        pd.testing.assert_series_equal(result.design[term], is_level, check_names=False)


def test_an_analysis_repeats_to_the_last_bit():
    one, two = (cases(2).run("combined", ("LR", "RF")) for _ in range(2))
    pd.testing.assert_frame_equal(one.scores, two.scores)
    pd.testing.assert_frame_equal(one.design, two.design)
    assert one.notes == two.notes


def test_a_descriptor_selector_without_a_value_keeps_nothing():
    frame = pd.DataFrame({"margin": [None] * 6, "aspect_ratio": np.nan}, index=list("abcdef"))
    fit = DescriptorSelector().fit(frame, np.array([0, 1] * 3), np.arange(6))
    assert fit.kept_ == []
    assert fit.trace_.empty
    assert fit.transform(frame).shape == (6, 0)
    assert not len(fit.get_feature_names_out())
    assert set(fit.counts_.values()) == {0}


def _in_centers(seed=0):
    """The same scanner effect on all numbers in B, whose patients are every second one; W only tests."""
    study = cases(seed)
    person = study.groups.str[1:].astype(int)
    centers = pd.Series(np.where(person % 2, "B", "A"), study.labels.index)
    centers[centers.index.difference(study.train)[:10]] = "W"
    away = centers == "B"
    study.features.loc[away, [*RADIOMICS, *DEEP]] = study.features.loc[away, [*RADIOMICS, *DEEP]] * 2 + 5
    return study, centers


def test_combat_takes_effects_out_of_radiomics_alone():
    study, centers = _in_centers()
    groups, train = study.groups, study.train
    whole = harmonized(
        study.columns("combined"), centers, groups, train, untouched=(*DEEP, *DESCRIPTORS)
    ).values
    radiomics = harmonized(study.columns("features"), centers, groups, train).values
    pd.testing.assert_frame_equal(whole[RADIOMICS], radiomics)
    others = [*DEEP, *DESCRIPTORS]
    pd.testing.assert_frame_equal(whole[others], study.features.loc[whole.index, others])
    assert not np.allclose(radiomics, study.features.loc[radiomics.index, RADIOMICS])


def test_a_center_without_a_batch_has_no_score():
    study, centers = _in_centers()
    config = with_changes(CONFIG, selection__harmonize="combat")
    for kind in ("radiomics_dl", "combined"):
        result = study.run(kind, config=config, centers=centers)
        assert scores(result)[centers == "W"].isna().all()
        assert scores(result)[centers != "W"].notna().all()
        assert not set(result.design.index) & set(centers.index[centers == "W"])
        assert list(result.unscored) == ["W"]
        assert scores(result, "out_of_fold")[study.train].notna().all()
        for name in set(DEEP) & set(result.design.columns):
            unit = study.features.loc[result.design.index, name] / result.design[name]
            assert unit.nunique() == 1
