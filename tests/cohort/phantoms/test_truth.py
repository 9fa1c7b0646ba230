"""What carries the label, where, how strongly, and how alike a patient's images are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort.phantoms.traits import draw_traits
from sgcore.cohort.phantoms.truth import ASSOCIATIONS, NEGATIVE, POSITIVE, TRAITS, Association, Truth
from tests.cohort.phantoms.cohorts import differences, many

#: Four standard errors of a difference between 1000 and 1000 patients with two images at an ICC of 0.7.
NEAR = 4 * np.sqrt(2 * 0.85 / 1000)


@pytest.mark.parametrize(("subset", "place"), [("train", "development"), ("external", "external")])
def test_traits_differ_by_label_as_the_truth_says(subset, place):
    found = differences(subset, Truth())
    for trait, association in ASSOCIATIONS.items():
        assert found[trait] == pytest.approx(getattr(association, place), abs=NEAR), trait


def test_texture_is_strongest_everywhere_and_the_shape_of_its_margin_weaker():
    for place in ("development", "external"):
        strength = {trait: abs(getattr(found, place)) for trait, found in ASSOCIATIONS.items()}
        assert max(strength, key=strength.get) == "texture"
        assert strength["texture"] > strength["margin"] > strength["irregularity"] > 0


def test_aspect_and_posterior_echoes_tell_in_the_development_center_alone():
    inside, outside = differences("validation", Truth()), differences("external", Truth())
    for trait in ("aspect", "posterior"):
        assert abs(inside[trait]) > 0.7
        assert outside[trait] * inside[trait] < 0
        assert abs(outside[trait]) < 0.5


def test_without_an_effect_no_trait_depends_on_the_label():
    people, truth = many("train", patients=60), Truth(label_effect=0)
    other = people.assign(label=people["label"].map({POSITIVE: NEGATIVE, NEGATIVE: POSITIVE}))
    drawn = [draw_traits(group, truth, np.random.default_rng(1)) for group in (people, other)]
    pd.testing.assert_frame_equal(*drawn, check_exact=True)
    # With an effect the same draws differ, or this test would see nothing.
    moved = [draw_traits(group, Truth(), np.random.default_rng(1)) for group in (people, other)]
    assert (abs(moved[0]["texture"] - moved[1]["texture"]) > 1).all()


def test_an_effect_of_two_doubles_every_difference():
    for trait in TRAITS:
        for development in (True, False):
            once, twice = (Truth(label_effect=k).difference(trait, development=development) for k in (1, 2))
            assert twice == 2 * once


@pytest.mark.parametrize("icc", [0.3, 0.7])
def test_images_of_a_patient_are_as_alike_as_the_truth_says(icc):
    traits = draw_traits(many("train"), Truth(label_effect=0, icc=icc), np.random.default_rng(2)).to_numpy()
    pairs = traits.reshape(-1, 2, len(TRAITS))
    for k in range(len(TRAITS)):
        assert np.corrcoef(pairs[:, 0, k], pairs[:, 1, k])[0, 1] == pytest.approx(icc, abs=0.08)
    assert traits.var(axis=0) == pytest.approx(1, abs=0.12)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"icc": 1.2}, "icc 1.2 .* 0 to 1"),
        ({"icc": float("nan")}, "icc nan"),
        ({"gain_sd_db": -1.0}, "gain_sd_db -1.0"),
        ({"associations": {"colour": Association()}}, "colour; traits are texture"),
    ],
)
def test_impossible_truths_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Truth(**wrong)
