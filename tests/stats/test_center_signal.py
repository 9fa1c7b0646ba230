"""Center predictability: chance where there is nothing, near 1 where centers shift, and no credit for the label."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from sgcore.stats import center_predictability, group_centers
from sgcore.stats.center_groups import OTHERS
from sgcore.stats.multinomial_ridge import PENALTY, held_out_logits, reduced

CENTERS = np.repeat(["A", "B", "C"], [30, 16, 14])


def _labels(rng: np.random.Generator) -> np.ndarray:
    """Centers with 20, 80 and 50% positives."""
    share = np.repeat([0.2, 0.8, 0.5], [30, 16, 14])
    return (rng.random(60) < share).astype(float)


@pytest.mark.parametrize("d", [5, 90])
def test_the_reduced_fit_is_scikit_learns(d: int) -> None:
    rng = np.random.default_rng(1)
    train, held_out = rng.uniform(-1, 1, size=(50, d)), rng.uniform(-1, 1, size=(12, d))
    classes = np.stack([rng.permutation(np.repeat([0, 1, 2], [25, 15, 10])) for _ in range(3)])
    part = reduced(train, held_out)
    found = held_out_logits(part, classes, 3)
    z = (train - train.mean(axis=0)) / train.std(axis=0) / np.sqrt(d)
    outside = (held_out - train.mean(axis=0)) / train.std(axis=0) / np.sqrt(d)
    for draw, own in zip(found, classes, strict=True):
        model = LogisticRegression(C=1 / PENALTY, tol=1e-9, max_iter=5000).fit(z, own)
        np.testing.assert_allclose(draw, model.predict_log_proba(outside), atol=1e-4)


@pytest.mark.parametrize("shift", [0.0, 2.0])
def test_noise_and_a_label_effect_give_a_half_and_uniform_p(shift: float) -> None:
    areas, ps = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        y = _labels(rng)
        found = center_predictability(
            rng.normal(size=(60, 8)) + shift * y[:, None], CENTERS, y, permutations=19, seed=seed
        )
        areas.append(found.auc)
        ps.append(found.test.p)
    # Standard errors of 40 studies: about 0.01, and 5 and 8 points.
    assert np.mean(areas) == pytest.approx(0.5, abs=0.035)
    assert np.mean(np.array(ps) <= 0.1) <= 0.25
    assert np.mean(np.array(ps) <= 0.5) == pytest.approx(0.5, abs=0.24)


def test_without_the_label_the_same_label_effect_would_tell_the_center() -> None:
    blind, aware = [], []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        y = _labels(rng)
        x = rng.normal(size=(60, 8)) + 2 * y[:, None]
        blind.append(center_predictability(x, CENTERS, np.zeros(60), permutations=1).auc)
        aware.append(center_predictability(x, CENTERS, y, permutations=1).auc)
    assert np.mean(blind) > 0.6
    assert np.mean(aware) == pytest.approx(0.5, abs=0.08)


def test_a_shift_by_center_is_found_and_the_same_seed_gives_the_same() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(60, 200)) + (CENTERS == "B")[:, None] - (CENTERS == "C")[:, None]
    steps: list[int] = []
    found = center_predictability(x, CENTERS, _labels(rng), permutations=39, on_step=steps.append)
    assert found.auc > 0.97
    assert found.test.p == 1 / 40
    assert found.test.chance_median == pytest.approx(0.5, abs=0.08)
    assert list(found.centers["center"]) == ["A", "B", "C"]
    assert found.auc == pytest.approx(found.centers["auc"].mean())
    assert steps == [20, 40]
    again = center_predictability(x, CENTERS, _labels(np.random.default_rng(3)), permutations=39)
    assert again.centers["n_patients"].tolist() == [30, 16, 14]


def test_units_and_unusable_columns_change_nothing() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(60, 6)), _labels(rng)
    plain = center_predictability(x, CENTERS, y, permutations=19)
    extra = np.column_stack(
        [x * [1e-200, 1e200, 1, 5, 1, 1], np.full(60, 7.0), np.where(y == 1, np.nan, 0.0)]
    )
    other = center_predictability(extra, CENTERS, y, permutations=19)
    assert other.auc == pytest.approx(plain.auc, abs=1e-12)
    assert (other.n_features, other.n_dropped) == (6, 2)


def test_small_centers_stand_together_or_are_left_out() -> None:
    two = group_centers(["A"] * 12 + ["B"] * 6 + ["C"] * 5)
    assert (two.names, two.merged, two.left_out) == (("A", OTHERS), ("B", "C"), ())
    assert list(np.bincount(two.codes)) == [12, 11]
    one = group_centers(["A"] * 12 + ["B"] * 10 + ["C"] * 5)
    assert (one.names, one.merged, one.left_out) == (("A", "B"), (), ("C",))
    assert (one.codes == -1).sum() == 5
    assert "there are A 12, B 6" in group_centers(["A"] * 12 + ["B"] * 6).reason
    assert group_centers(["A"] * 12).reason == "all 12 patients are from one center"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"centers": np.repeat("A", 60)}, "all 60 patients are from one center"),
        ({"features": np.full((60, 3), np.nan)}, "none of 3 features is complete and varies"),
        ({"labels": np.r_[np.nan, np.zeros(59)]}, "the label of 1 of 60 patients is missing"),
        (
            {"centers": np.repeat(["A", "B"], 30), "labels": np.repeat([0, 1], 30)},
            "no two centers have patients with the same label",
        ),
    ],
)
def test_reasons(change: dict, reason: str) -> None:
    rng = np.random.default_rng(5)
    given = {"features": rng.normal(size=(60, 3)), "centers": CENTERS, "labels": _labels(rng)} | change
    found = center_predictability(**given, permutations=9)
    assert found.reason == reason
    assert np.isnan(found.auc)
    assert found.test is None


def test_a_center_with_a_label_of_its_own_has_no_auc_and_the_reason() -> None:
    rng = np.random.default_rng(6)
    y = np.where(CENTERS == "C", 1.0, 0.0)
    found = center_predictability(rng.normal(size=(60, 4)), CENTERS, y, permutations=9)
    assert found.centers["auc"].isna().tolist() == [False, False, True]
    assert found.centers["reason"].iloc[2] == "no patient of another center has the same label"
    assert found.auc == pytest.approx(found.centers["auc"].mean())


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="1 folds"):
        center_predictability(np.zeros((60, 2)), CENTERS, np.zeros(60), folds=1)
