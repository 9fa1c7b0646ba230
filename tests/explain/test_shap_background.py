"""The draw of the background: one row an image, patients as evenly as can be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.explain import BACKGROUND_ROWS, draw_background


def _counts(patients, places):
    return pd.Series(patients[places]).value_counts()


def test_patients_give_as_evenly_as_their_images_allow():
    patients = np.repeat(["A", "B", "C", "D"], [1, 2, 40, 40])
    counts = _counts(patients, draw_background(patients, seed=3, size=21))
    assert (counts["A"], counts["B"]) == (1, 2)
    assert sorted([counts["C"], counts["D"]]) == [9, 9]


def test_with_more_patients_than_rows_none_gives_two():
    patients = np.repeat(np.arange(80), 3)
    places = draw_background(patients, seed=3)
    assert len(places) == BACKGROUND_ROWS == len(set(places)) == len(_counts(patients, places))


def test_fewer_images_than_rows_are_all_taken_once():
    np.testing.assert_array_equal(draw_background(["A", "A", "B"], seed=0), [0, 1, 2])


def test_the_draw_follows_its_seed():
    patients = np.repeat(np.arange(80), 3)
    draws = [tuple(draw_background(patients, seed=seed)) for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_every_image_has_its_chance():
    patients = np.repeat(np.arange(6), 2)
    drawn = np.concatenate([draw_background(patients, seed=seed, size=3) for seed in range(400)])
    # 100 of 400 on average, standard deviation 8.7.
    shares = np.bincount(drawn, minlength=12)
    assert shares.min() > 65
    assert shares.max() < 135


def test_images_without_all_features_are_not_drawn():
    patients = np.repeat(np.arange(10), 2)
    usable = np.tile([True, False], 10)
    places = draw_background(patients, seed=0, usable=usable)
    np.testing.assert_array_equal(places, np.arange(0, 20, 2))
    with pytest.raises(ValueError, match="no background"):
        draw_background(patients, seed=0, usable=np.zeros(20, bool))
    with pytest.raises(ValueError, match="0 were asked for"):
        draw_background(patients, seed=0, size=0)
