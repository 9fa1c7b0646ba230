"""RadiomicsDL: both selections, on training rows alone, in every fold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import stats
from sgcore.config import with_changes
from sgcore.models import fit_predict
from sgcore.selection import FeatureSelector
from tests.models.deep_cases import CONFIG, DEEP, RADIOMICS, cases, scores, selected


def _held_out_auc(study, result):
    held = study.labels.index.difference(study.train)
    return stats.auc(study.labels[held].to_numpy(), scores(result)[held].to_numpy()).auc


def test_a_component_that_carries_the_label_is_selected_and_helps():
    study = cases(1, n=180, radiomics=0.6, deep=2)
    radiomics, both = study.run("features"), study.run()
    assert "DL_0" in selected(both)
    assert _held_out_auc(study, both) > _held_out_auc(study, radiomics) + 0.05


def test_the_second_selection_is_among_components_and_what_the_first_left():
    study = cases(0)
    first, result = study.run("features"), study.run()
    assert result.trace["feature"].tolist() == [*DEEP, *selected(first)]
    left = [result.counts[step] for step in ("features", "usable", "univariate", "correlation", "lasso")]
    assert left == sorted(left, reverse=True)
    assert left[0] == len(result.trace)
    assert left[-1] == len(selected(result))
    assert set(result.lasso_path["feature"]) <= set(result.trace["feature"])
    assert result.lasso_curve["chosen"].sum() == 1
    assert result.odds_ratios.empty


def test_a_feature_that_repeats_a_component_is_dropped_for_it():
    study = cases(2)
    study.features["f5"] = study.features["DL_0"]
    trace = study.run().trace.set_index("feature")
    assert trace.loc["DL_0", "step"] == "selected"
    assert trace.loc["f5", ["step", "partner"]].tolist() == ["correlation", "DL_0"]


def test_an_excluded_feature_is_in_neither_selection():
    result = cases(0).run(exclude={"f0": "depends on the ROI"})
    assert "f0" not in result.trace["feature"].tolist()
    assert "f1" in result.trace["feature"].tolist()


@pytest.mark.parametrize("kind", ["radiomics_dl", "combined"])
def test_held_out_images_change_nothing_that_is_learned(kind):
    study, other = cases(3), cases(3)
    held = study.labels.index.difference(study.train)
    noise = np.random.default_rng(9).normal(50, 30, size=(len(held), len(RADIOMICS) + len(DEEP)))
    other.features.loc[held, [*RADIOMICS, *DEEP]] = noise
    other.features.loc[held, "margin"] = "spiculated"
    other.features.loc[held, "aspect_ratio"] = np.nan
    other.labels[held] = 1 - other.labels[held]
    one, two = study.run(kind), other.run(kind)
    pd.testing.assert_frame_equal(one.trace, two.trace)
    pd.testing.assert_frame_equal(one.lasso_path, two.lasso_path)
    pd.testing.assert_frame_equal(one.design.loc[one.trained], two.design.loc[two.trained])
    for estimate in ("fitted", "out_of_fold"):
        pd.testing.assert_series_equal(scores(one, estimate)[study.train], scores(two, estimate)[study.train])


@pytest.mark.parametrize("kind", ["radiomics_dl", "combined"])
def test_each_fold_repeats_both_selections_on_its_own_patients(kind, monkeypatch):
    study, seen = cases(0), []
    fit = FeatureSelector.fit

    def recording(self, X, y, groups=None):
        seen.append((X.index, list(X.columns)))
        return fit(self, X, y, groups=groups)

    monkeypatch.setattr(FeatureSelector, "fit", recording)
    study.run(kind)
    pairs = list(zip(seen[::2], seen[1::2], strict=True))
    assert len(pairs) == 1 + CONFIG.models.folds
    held_out = []
    for (first, of_first), (second, of_second) in pairs:
        assert first.equals(second)
        assert of_first == RADIOMICS
        assert of_second[: len(DEEP)] == DEEP
        held = study.train.difference(first)
        assert not set(study.groups[held]) & set(study.groups[first])
        held_out += list(held)
    assert sorted(held_out) == sorted(study.train)


def test_noise_is_not_found_when_both_selections_stand_in_the_folds():
    inside, outside = [], []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        index = pd.Index([f"i{i}" for i in range(60)], name="image_id")
        labels = pd.Series(rng.permutation(np.arange(60) % 2), index)
        names = [f"f{i}" for i in range(120)]
        features = pd.DataFrame(rng.normal(size=(60, 124)), index, [*names, *DEEP])
        groups = pd.Series(index, index)

        def auc(columns, features=features, labels=labels, groups=groups, names=names):
            result = fit_predict(
                features[[*columns, *DEEP]], labels, groups, CONFIG, train=labels.index, classifiers=("LR",),
                kind="radiomics_dl", deep=DEEP, estimates=("out_of_fold",),
            )  # fmt: skip
            return stats.auc(labels.to_numpy(), scores(result, "out_of_fold")[labels.index].to_numpy()).auc

        inside.append(auc(names))
        first = FeatureSelector.from_config(CONFIG.selection).fit(features[names], labels)
        tested = first.trace_.loc[first.trace_["step"] != "univariate", "feature"]
        outside.append(auc(list(tested)))
    assert abs(np.mean(inside) - 0.5) < 0.1
    assert np.mean(outside) > 0.6


def test_without_radiomics_the_components_are_the_only_candidates():
    study = cases(4, radiomics=0, deep=3)
    config = with_changes(CONFIG, selection__p_threshold=1e-6)
    result = study.run(config=config)
    assert result.trace["feature"].tolist() == DEEP
    assert selected(result) == ["DL_0"]
    told = "no radiomics feature was selected: the components were the only candidates"
    assert told in result.notes
    assert f"in 3 of 3 training folds: {told}" in result.notes


def test_without_a_component_it_says_so():
    result = cases(0, deep=0, radiomics=2.5).run(config=with_changes(CONFIG, selection__p_threshold=1e-6))
    assert set(selected(result)) == {"f0", "f1"}
    assert "no component was selected: only radiomics features are left" in result.notes


def test_nothing_selected_ranks_nobody():
    study = cases(0)
    result = study.run(config=with_changes(CONFIG, selection__p_threshold=1e-30))
    rate = study.labels[study.train].mean()
    assert scores(result).unique().tolist() == [rate]
    assert scores(result, "out_of_fold").unique().tolist() == [rate]
    assert result.design.shape == (len(study.labels), 0)
    assert result.trained.equals(study.train)
    assert result.unavailable is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "radiomics_dl"}, "at least one column in 'deep'"),
        ({"kind": "features", "deep": DEEP}, "no column in 'deep'"),
        ({"kind": "combined", "deep": DEEP}, "at least one column in 'descriptors'"),
        ({"kind": "radiomics_dl", "deep": ["DL_99"]}, "no column 'DL_99'"),
    ],
)
def test_columns_must_fit_the_kind(options, message):
    study = cases(0)
    with pytest.raises(ValueError, match=message):
        fit_predict(
            study.columns("radiomics_dl"), study.labels, study.groups, CONFIG, train=study.train,
            classifiers=("LR",), **options,
        )  # fmt: skip


def test_a_column_may_not_stand_twice():
    study = cases(0)
    features = study.columns("features").rename(columns={"f1": "f0"})
    with pytest.raises(ValueError, match="'f0' stands twice"):
        fit_predict(features, study.labels, study.groups, CONFIG, train=study.train, classifiers=("LR",))
