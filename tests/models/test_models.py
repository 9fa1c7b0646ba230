"""Classifiers, the US family, the pick, and the one function that fits and predicts."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from sgcore import stats
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from sgcore.domain import CLASSIFIERS
from sgcore.errors import UsageError
from sgcore.models import DescriptorSelector, fit_classifier, fit_predict, pick
from sgcore.models.descriptor_coding import ASPECT_BELOW_1, DescriptorCoding


def _data(seed=0, n=60, d=5, effect=1.2):
    rng = np.random.default_rng(seed)
    patients = np.repeat(np.arange(n // 2), 2)
    y = patients % 2
    X = rng.normal(size=(n, d))
    X[:, 0] += effect * y
    return X, y, np.array([f"P{p:03d}" for p in patients])


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_scores_are_probabilities_and_repeat(name):
    X, y, patients = _data()
    first = fit_classifier(name, X, y, patients, seed=1, folds=3).score(X)
    again = fit_classifier(name, X, y, patients, seed=1, folds=3).score(X)
    np.testing.assert_array_equal(first, again)
    assert first.min() >= 0
    assert first.max() <= 1
    assert stats.auc(y, first).auc > 0.7


def test_the_svm_sigmoid_needs_no_second_patient():
    X, y, _ = _data(n=20)
    patients = np.where(y == 1, 0, np.arange(20) + 1)
    fitted = fit_classifier("SVM", X, y, patients, seed=0, folds=5)
    assert np.isfinite(fitted.score(X)).all()
    assert "no folds" in fitted.notes[0]


def test_the_svm_never_turns_its_margins_round():
    flat = 0
    for seed in range(10):
        X, y, patients = _data(seed, effect=0)
        fitted = fit_classifier("SVM", X, y, patients, seed=seed, folds=5)
        calibrated = fitted.estimator.calibrated_classifiers_[0]
        margin, scores = calibrated.estimator.decision_function(X), fitted.score(X)
        assert stats.auc(y, scores).auc == stats.auc(y, margin).auc
        said = any("no better than chance" in note for note in fitted.notes)
        assert said == (np.ptp(scores) < 1e-4)
        if said:
            np.testing.assert_allclose(scores, y.mean(), atol=1e-4)
        flat += said
    assert 0 < flat < 10
    X, y, patients = _data(effect=2)
    assert not fit_classifier("SVM", X, y, patients, seed=0, folds=5).notes


def test_an_unknown_classifier_is_named():
    X, y, patients = _data()
    with pytest.raises(UsageError, match="'CNN'"):
        fit_classifier("CNN", X, y, patients, seed=0, folds=3)


CONFIG = AnalysisConfig(
    selection=SelectionConfig(n_alphas=25, folds=3), models=ModelConfig(classifiers=("LR",), folds=3)
)


def _frames(seed, n=90, d=60, effect=0.0):
    rng = np.random.default_rng(seed)
    patients = np.repeat(np.arange(n // 2), 2)
    y = rng.permutation(np.arange(n // 2) % 2)[patients]
    X = rng.normal(size=(n, d))
    X[:, 0] += effect * y
    index = pd.Index([f"i{i}" for i in range(n)], name="image_id")
    return (
        pd.DataFrame(X, index=index, columns=[f"f{i}" for i in range(d)]),
        pd.Series(y, index=index),
        pd.Series([f"P{p}" for p in patients], index=index),
    )


def test_held_out_images_change_nothing_that_is_learned():
    features, labels, groups = _frames(0, effect=1.5)
    train = features.index[:60]
    first = fit_predict(features, labels, groups, CONFIG, train=train, classifiers=("LR",))
    other = features.copy()
    other.iloc[60:] += 100
    flipped = labels.copy()
    flipped.iloc[60:] = 1 - flipped.iloc[60:]
    second = fit_predict(other, flipped, groups, CONFIG, train=train, classifiers=("LR",))
    pd.testing.assert_frame_equal(first.trace, second.trace)
    for estimate in ("fitted", "out_of_fold"):
        left, right = (
            r.scores[(r.scores["estimate"] == estimate) & r.scores["image_id"].isin(train)].reset_index(
                drop=True
            )
            for r in (first, second)
        )
        pd.testing.assert_frame_equal(left, right)


def test_every_training_image_has_one_out_of_fold_score():
    features, labels, groups = _frames(1, effect=1.5)
    train = features.index[:60]
    result = fit_predict(features, labels, groups, CONFIG, train=train, classifiers=("LR", "RF"))
    out = result.scores[result.scores["estimate"] == "out_of_fold"]
    assert out.groupby("classifier")["image_id"].agg(set).map(lambda ids: ids == set(train)).all()
    assert not out.duplicated(["image_id", "classifier"]).any()
    assert pickle.loads(pickle.dumps(result)).counts == result.counts  # noqa: S301  (its own pickle)


def test_noise_labels_selection_inside_the_folds_is_honest():
    inside, outside = [], []
    for seed in range(12):
        features, labels, groups = _frames(seed, n=60, d=150)
        y = labels.to_numpy()
        run = fit_predict(features, labels, groups, CONFIG, train=features.index, classifiers=("LR",))
        scores = run.scores.query("estimate == 'out_of_fold'").set_index("image_id")["y_score"]
        inside.append(stats.auc(y, scores.loc[features.index].to_numpy()).auc)
        chosen = run.trace.loc[run.trace["step"] != "univariate", "feature"]
        leaky = fit_predict(
            features[chosen], labels, groups, CONFIG, train=features.index, classifiers=("LR",)
        )
        scores = leaky.scores.query("estimate == 'out_of_fold'").set_index("image_id")["y_score"]
        outside.append(stats.auc(y, scores.loc[features.index].to_numpy()).auc)
    assert abs(np.mean(inside) - 0.5) < 0.1
    assert np.mean(outside) > 0.6


def test_an_empty_selection_ranks_nobody_in_any_fold():
    features, labels, groups = _frames(2)
    config = AnalysisConfig(selection=SelectionConfig(p_threshold=1e-12), models=CONFIG.models)
    result = fit_predict(features, labels, groups, config, train=features.index[:70], classifiers=("LR",))
    out = result.scores[result.scores["estimate"] == "out_of_fold"]
    assert out["y_score"].unique().tolist() == [labels.iloc[:70].mean()]
    assert any("3 of 3 training folds: no feature was left" in note for note in result.notes)


def test_an_empty_selection_scores_the_prevalence():
    features, labels, groups = _frames(2)
    config = AnalysisConfig(selection=SelectionConfig(p_threshold=1e-12), models=CONFIG.models)
    result = fit_predict(
        features, labels, groups, config, train=features.index, classifiers=("LR",), estimates=("fitted",)
    )
    assert result.scores["y_score"].unique().tolist() == [labels.mean()]
    assert "no feature was left" in result.notes[0]


@pytest.mark.parametrize("name", ["LR", "RF"])
def test_an_image_without_a_selected_feature_has_no_score(name):
    features, labels, groups = _frames(3, effect=2)
    train = features.index[:60]
    features.loc["i80", "f0"] = np.nan
    run = fit_predict(
        features, labels, groups, CONFIG, train=train, classifiers=(name,), estimates=("fitted",)
    )
    assert run.trace.set_index("feature").loc["f0", "step"] == "selected"
    scores = run.scores.set_index("image_id")["y_score"]
    assert scores.index[scores.isna()].tolist() == ["i80"]
    assert any("i80" in note and note.startswith("1 image(s)") for note in run.notes)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_value_beyond_all_numbers_is_no_score(name):
    features, labels, groups = _frames(3, effect=2)
    features.loc["i80", "f0"] = 1e300
    run = fit_predict(features, labels, groups, CONFIG, train=features.index[:60], classifiers=(name,))
    fitted = run.scores[run.scores["estimate"] == "fitted"].set_index("image_id")["y_score"]
    assert fitted.index[fitted.isna()].tolist() == ["i80"]
    assert any("beyond all numbers" in note and "i80" in note for note in run.notes)


@pytest.mark.parametrize("name", CLASSIFIERS)
@pytest.mark.parametrize("unit", [2.0**-660, 2.0**996])
def test_the_unit_of_a_feature_changes_no_score(name, unit):
    features, labels, groups = _frames(3, effect=2)
    train = features.index[:60]
    plain = fit_predict(features, labels, groups, CONFIG, train=train, classifiers=(name,)).scores
    scaled = fit_predict(features * unit, labels, groups, CONFIG, train=train, classifiers=(name,)).scores
    np.testing.assert_allclose(scaled["y_score"], plain["y_score"], atol=1e-9)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_an_outlier_of_1e300_among_the_training_images_stops_nothing(name):
    features, labels, groups = _frames(3, effect=2)
    features.loc["i5", "f0"] = 1e300
    run = fit_predict(features, labels, groups, CONFIG, train=features.index[:60], classifiers=(name,))
    out = run.scores[run.scores["estimate"] == "fitted"]
    assert out["y_score"].between(0, 1).all()


def _descriptors(n=80, seed=0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    frame = pd.DataFrame(
        {
            "margin": np.where(rng.random(n) < 0.25 + 0.5 * y, "ill-defined", "clear"),
            "echo": rng.choice(["hypo", "iso"], n),
            "aspect_ratio": np.exp(rng.normal(-0.1, 0.3, n)),
            "empty": np.nan,
        },
        index=[f"i{i}" for i in range(n)],
    )
    frame.loc["i3", "echo"] = None
    return frame, y, np.arange(n)


def test_descriptors_are_prepared_by_what_training_holds():
    frame, _, _ = _descriptors()
    frame.loc["i79", "margin"] = "spiculated"
    coding = DescriptorCoding().fit(frame.iloc[:60])
    prepared, notes = coding.transform(frame), coding.describe(frame)
    assert "empty" not in prepared
    assert set(prepared[ASPECT_BELOW_1].unique()) == {0.0, 1.0}
    assert prepared.loc["i3", "echo"] == "not recorded"
    assert any("empty is missing in all training images" in note for note in notes)
    assert any("spiculated" in note for note in notes)


def test_the_us_model_keeps_what_both_regressions_keep():
    frame, y, patients = _descriptors(n=120)
    fit = DescriptorSelector().fit(frame, y, patients)
    assert fit.kept_ == ["margin"]
    assert set(fit.odds_ratios_["model"]) == {"univariable", "multivariable"}
    assert fit.transform(frame).shape == (120, 1)
    assert fit.trace_.set_index("feature").loc["margin", "step"] == "selected"
    assert fit.counts_ == {"features": 3, "usable": 3, "univariate": 1, "multivariable": 1}


def test_a_single_descriptor_must_differ_too():
    frame, y, patients = _descriptors(n=120)
    fit = DescriptorSelector().fit(frame[["margin"]], y, patients)
    assert fit.kept_ == ["margin"]
    assert "rests on margin alone" in fit.notes_[0]
    fit = DescriptorSelector(p_threshold=1e-12).fit(frame[["aspect_ratio"]], y, patients)
    assert fit.kept_ == []
    assert fit.counts_["univariate"] == 0
    assert fit.trace_.loc[0, ["feature", "step"]].tolist() == [ASPECT_BELOW_1, "univariate"]


def test_what_a_fold_does_not_train_on_changes_no_descriptor_of_it():
    frame, y, patients = _descriptors(n=120)
    index, labels = frame.index, pd.Series(y, index=frame.index)
    frame["age"] = np.random.default_rng(1).normal(60, 10, len(frame))
    frame.loc[frame.index[::7], "age"] = np.nan
    one = fit_predict(frame, labels, pd.Series(patients, index=index), CONFIG, train=index[:90],
                      classifiers=("LR",), kind="descriptors")  # fmt: skip
    other = frame.copy()
    other.loc[index[90:], "age"] = 1e6
    two = fit_predict(other, labels, pd.Series(patients, index=index), CONFIG, train=index[:90],
                      classifiers=("LR",), kind="descriptors")  # fmt: skip
    held = one.scores["estimate"] == "out_of_fold"
    pd.testing.assert_frame_equal(one.scores[held], two.scores[held])


def _evaluations(rows):
    columns = ["family", "classifier", "subset", "estimate", "auc"]
    return pd.DataFrame(rows, columns=columns).assign(center=None, unit="patient")


def test_the_pick_follows_its_rule_and_says_when_it_cannot():
    rows = [
        ("R", "LR", "train", "out_of_fold", 0.7),
        ("R", "SVM", "train", "out_of_fold", 0.8),
        ("R", "LR", "validation", "fitted", 0.75),
        ("R", "SVM", "validation", "fitted", 0.65),
        ("US", "LR", "validation", "fitted", 0.6),
    ]
    by_folds = pick(_evaluations(rows), "folds", "patient").set_index("family")
    assert by_folds.loc["R", ["classifier", "evaluated_on"]].tolist() == ["SVM", "training folds"]
    assert by_folds["unit"].unique().tolist() == ["patient"]
    asked_external = pick(_evaluations(rows), "external", "patient").set_index("family")
    assert asked_external.loc["R", ["classifier", "evaluated_on"]].tolist() == ["LR", "validation"]
    assert "no AUC on the external set" in asked_external.loc["R", "reason"]
    assert asked_external.loc["US", "reason"] == "the only candidate"


def test_equal_aucs_are_picked_in_the_order_of_the_list():
    rows = [("R", name, "external", "fitted", 0.7) for name in reversed(CLASSIFIERS)]
    assert pick(_evaluations(rows), "external", "patient")["classifier"].tolist() == [CLASSIFIERS[0]]


def test_networks_are_candidates_in_the_order_in_which_they_stand():
    rows = [
        (family, name, "validation", "fitted", area)
        for family, areas in (("DL", (0.7, 0.8)), ("R", (0.7, 0.7)))
        for name, area in zip(("vgg19", "resnet18"), areas, strict=True)
    ]
    picks = pick(_evaluations(rows), "validation", "patient").set_index("family")
    assert picks["classifier"].to_dict() == {"DL": "resnet18", "R": "vgg19"}
    one = pick(_evaluations(rows[:1]), "folds", "patient")
    assert one.loc[0, ["classifier", "reason"]].tolist() == ["vgg19", "the only candidate"]
    mixed = _evaluations([("X", name, "external", "fitted", 0.7) for name in ("vgg19", "SVM", "LR")])
    assert pick(mixed, "external", "patient")["classifier"].tolist() == ["LR"]
    # Whoever asks for the folds' pick has not looked at held-out cases, and must not by this way.
    by_folds = pick(_evaluations(rows), "folds", "patient").set_index("family")
    assert by_folds.loc["DL", ["classifier", "reason"]].tolist() == [
        "vgg19",
        "no set has an AUC; the first candidate",
    ]
