"""ComBat as the first step of every fit: training images alone teach it, and nobody stays as measured unsaid."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig, with_changes
from sgcore.models import fit_predict, trainable

PLAIN = AnalysisConfig(
    selection=SelectionConfig(n_alphas=25, folds=3), models=ModelConfig(classifiers=("LR",), folds=3)
)
COMBAT = with_changes(PLAIN, selection__harmonize="combat")


def _frames(sizes, seed=0, d=30, positive=0.5):
    """Patients with two images in centers of ``sizes``; the last 30% of each center are held out."""
    rng = np.random.default_rng(seed)
    rows, held = [], []
    for number, (center, count) in enumerate(sizes.items()):
        share = positive if np.isscalar(positive) else positive[number]
        for index in range(count):
            y = int((index * share) % 1 + share >= 1)
            level = rng.normal(size=d) + 1.5 * y * (np.arange(d) < 3)
            for view in range(2):
                values = (level + 0.3 * rng.normal(size=d)) * (1 + number) + 3 * number
                rows.append((f"{center}{index}-{view}", f"{center}{index}", center, y, *values))
                held.append(index >= 0.7 * count)
    names = ["image_id", "patient", "center", "y", *(f"f{i}" for i in range(d))]
    frame = pd.DataFrame(rows, columns=names).set_index("image_id")
    features = frame[names[4:]]
    return features, frame["y"], frame["patient"], frame["center"], frame.index[~np.array(held)]


def _run(data, config=COMBAT, **options):
    features, labels, groups, centers, train = data
    return fit_predict(
        features, labels, groups, config, train=train, classifiers=("LR",), centers=centers, **options
    )


def _scores(result, estimate):
    rows = result.scores[result.scores["estimate"] == estimate]
    return rows.set_index("image_id")["y_score"]


def test_two_centers_are_scored_on_one_scale():
    data = _frames({"A": 30, "B": 30})
    plain, result = _run(data, PLAIN), _run(data)
    centers, train = data[3], data[4]
    held = data[0].index.difference(train)
    for found in (_scores(result, "fitted").loc[held], _scores(result, "out_of_fold")):
        assert found.notna().all()
        means = found.groupby(centers).mean()
        assert abs(means["A"] - means["B"]) < 0.12
    assert not result.unscored
    assert result.counts["univariate"] >= 3
    assert not np.allclose(plain.trace["statistic"], result.trace["statistic"])
    assert any("fitted on 84 training images; positive training patients: A 10 of 21, B 10 of 21" in note
               for note in result.notes)  # fmt: skip
    assert not any("goes with the center" in note for note in result.notes)


def test_held_out_images_teach_nothing():
    data = _frames({"A": 20, "B": 20, "Z": 6})
    features, labels, groups, centers, train = data
    train = train[centers.loc[train] != "Z"]
    first = _run((features, labels, groups, centers, train))
    other, flipped = features.copy(), labels.copy()
    outside = features.index.difference(train)
    other.loc[outside] = other.loc[outside] * 3 + 100
    flipped.loc[outside] = 1 - flipped.loc[outside]
    second = _run((other, flipped, groups, centers, train))
    pd.testing.assert_frame_equal(first.trace, second.trace)
    for estimate in ("fitted", "out_of_fold"):
        pd.testing.assert_series_equal(
            _scores(first, estimate).loc[train], _scores(second, estimate).loc[train]
        )


def test_a_fold_does_not_learn_from_what_it_holds_out():
    """The held-out patient's own values decide nothing of the score that another held-out patient gets."""
    features, labels, groups, centers, train = _frames({"A": 15, "B": 15})
    whole = _run((features, labels, groups, centers, train), estimates=("out_of_fold",))
    before = _scores(whole, "out_of_fold")
    moved = features.copy()
    moved.loc[groups == groups.loc[train[0]]] += 50.0
    after = _scores(_run((moved, labels, groups, centers, train), estimates=("out_of_fold",)), "out_of_fold")
    same = (before - after).abs() < 1e-12
    # One fold of three holds that patient out: its other patients keep their scores, all others may move.
    assert same.sum() >= len(train) / 3 - 6
    assert not same.all()


def test_a_center_without_training_patients_has_no_score_and_a_reason():
    features, labels, groups, centers, train = _frames({"A": 20, "B": 20, "Warsaw": 10})
    train = train[centers.loc[train] != "Warsaw"]
    result = _run((features, labels, groups, centers, train))
    fitted = _scores(result, "fitted")
    assert fitted[centers == "Warsaw"].isna().all()
    assert fitted[centers != "Warsaw"].notna().all()
    assert list(result.unscored) == ["Warsaw"]
    assert any(
        "no batch for Warsaw" in note and "its 20 images have no score" in note for note in result.notes
    )


def test_an_empty_selection_gives_no_score_to_a_center_without_a_batch():
    features, labels, groups, centers, train = _frames({"A": 20, "B": 20, "Warsaw": 10})
    train = train[centers.loc[train] != "Warsaw"]
    strict = with_changes(COMBAT, selection__p_threshold=1e-30)
    fitted = _scores(_run((features, labels, groups, centers, train), strict), "fitted")
    assert fitted[centers == "Warsaw"].isna().all()
    assert fitted[centers != "Warsaw"].nunique() == 1


def test_a_training_center_too_small_for_a_batch_trains_nothing():
    data = _frames({"A": 20, "B": 20, "C": 4})
    groups, centers, train = data[2:]
    result = _run(data)
    assert "training patients there, at least 5" in result.unscored["C"]
    out = _scores(result, "out_of_fold")
    assert set(out.index) == set(train)
    assert out[centers.loc[out.index] == "C"].isna().all()
    assert out[centers.loc[out.index] != "C"].notna().all()
    inside = centers != "C"
    without = _run((*(part[inside] for part in data[:4]), train[inside.loc[train]]))
    pd.testing.assert_frame_equal(result.trace, without.trace)
    assert set(trainable(COMBAT, centers.loc[train], groups.loc[train])) == set(train[inside.loc[train]])
    assert len(trainable(PLAIN, centers.loc[train], groups.loc[train])) == len(train)


def test_a_fold_that_loses_a_batch_says_so():
    # Five or six training patients in B: a fold of three leaves fewer than five of them.
    result = _run(_frames({"A": 30, "B": 8}))
    assert _scores(result, "fitted").notna().all()
    assert _scores(result, "out_of_fold").isna().any()
    told = [note for note in result.notes if "training folds: ComBat cannot be fitted" in note]
    assert told
    assert "no image held out there has a score" in told[0]


def test_one_center_is_made_without_it_and_says_so():
    data = _frames({"A": 30, "Z": 10})
    features, labels, groups, centers, train = data
    train = train[centers.loc[train] == "A"]
    plain, result = (_run((features, labels, groups, centers, train), config) for config in (PLAIN, COMBAT))
    pd.testing.assert_frame_equal(plain.scores, result.scores)
    assert result.notes[0].startswith("ComBat is not applicable: one development center is one batch")
    assert not result.unscored


@pytest.mark.parametrize(("positive", "told"), [((0.5, 0.5), False), ((0.2, 0.8), True)])
def test_labels_that_go_with_the_center_are_told_with_numbers(positive, told):
    result = _run(_frames({"A": 30, "B": 30}, positive=positive))
    note = next(note for note in result.notes if note.startswith("ComBat took"))
    assert ("The label goes with the center (Pearson's chi-square test, p " in note) is told


def test_a_feature_without_spread_in_a_center_is_excluded_with_the_reason():
    data = _frames({"A": 20, "B": 20})
    features = data[0].copy()
    features.loc[data[3] == "B", "f0"] = 3.0
    trace = _run((features, *data[1:])).trace.set_index("feature")
    assert trace.loc["f0", "step"] == "excluded"
    assert "all training images of B" in trace.loc["f0", "reason"]
    given = _run((features, *data[1:]), exclude={"f0": "not wanted"}).trace.set_index("feature")
    assert given.loc["f0", "reason"] == "not wanted"


def test_centers_must_be_given():
    features, labels, groups, _, train = _frames({"A": 20, "B": 20})
    with pytest.raises(ValueError, match="give the center of each image"):
        fit_predict(features, labels, groups, COMBAT, train=train, classifiers=("LR",))
