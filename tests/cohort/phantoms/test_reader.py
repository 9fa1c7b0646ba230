"""The reader sees scenes, errs as often as is said, and says what there is to see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from sgcore.cohort.phantoms.cohort import phantom_cohort
from sgcore.cohort.phantoms.counts import Group
from sgcore.cohort.phantoms.reader import DESCRIPTORS, Reader, read
from sgcore.cohort.phantoms.streams import stream

#: Sees everything as it is.
SURE = Reader(**dict.fromkeys(("cystic", "irregularity", "blur_mm", "echo_db", "posterior_db", "caliper"), 0.0),
              focus_seen=1.0, focus_invented=0.0)  # fmt: skip


@pytest.fixture(scope="module")
def scenes():
    counts = [Group("Center A", "train", primary=300, secondary=300, images=1000)]
    return phantom_cohort(counts=counts, seed=8).scenes


def test_two_readings_agree_substantially_but_not_always(scenes):
    one, two = (read(scenes, np.random.default_rng(seed)) for seed in (1, 2))
    for name in DESCRIPTORS:
        if name != "aspect_ratio":
            assert 0.6 < cohen_kappa_score(one[name], two[name]) < 0.85, name
    ratio = np.log(one["aspect_ratio"] / two["aspect_ratio"])
    assert ratio.std() == pytest.approx(0.06 * np.sqrt(2), rel=0.1)


def test_the_reader_is_unbiased_against_one_who_never_errs(scenes):
    truth = read(scenes, np.random.default_rng(0), SURE)
    found = read(scenes, np.random.default_rng(1))
    for name in ("shape", "margin"):
        shares = [frame[name].value_counts(normalize=True) for frame in (truth, found)]
        assert (shares[0] - shares[1]).abs().max() < 0.04, name
    assert np.log(found["aspect_ratio"] / truth["aspect_ratio"]).mean() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    ("field", "value", "name", "word"),
    [
        ("cystic_share", 0.0, "composition", "solid"),
        ("cystic_share", 0.4, "composition", "mixed cystic and solid"),
        ("echo_db", -13.0, "echogenicity", "very hypoechoic"),
        ("echo_db", -7.0, "echogenicity", "hypoechoic"),
        ("echo_db", -1.0, "echogenicity", "isoechoic"),
        ("irregularity", 0.1, "shape", "regular"),
        ("irregularity", 0.9, "shape", "irregular"),
        ("margin_blur_mm", 0.1, "margin", "well-defined"),
        ("margin_blur_mm", 1.1, "margin", "ill-defined"),
        ("calcifications", 0, "calcification", "none"),
        ("calcifications", 2, "calcification", "echogenic foci"),
        ("posterior_db", 7.0, "posterior_acoustics", "enhancement"),
        ("posterior_db", 0.0, "posterior_acoustics", "no change"),
        ("posterior_db", -6.0, "posterior_acoustics", "shadowing"),
    ],
)
def test_what_is_plain_to_see_is_said(scenes, field, value, name, word):
    shown = replace(scenes[0], **{field: value})
    assert read([shown], np.random.default_rng(0), SURE).loc[0, name] == word


def test_the_aspect_ratio_is_height_over_width(scenes):
    shown = replace(scenes[0], width_mm=20.0, height_mm=10.0)
    assert read([shown], np.random.default_rng(0), SURE).loc[0, "aspect_ratio"] == 0.5


def test_the_words_of_a_cohort_are_those_of_its_scenes_alone():
    """No label, center or patient reaches the reader: the scenes and a generator of its own give every word."""
    cohort = phantom_cohort(seed=2)
    again = read(cohort.scenes, stream(2, "reader"))
    pd.testing.assert_frame_equal(again, cohort.descriptors.drop(columns="image_id"))


def test_there_are_seven_descriptors(scenes):
    frame = read(scenes[:5], np.random.default_rng(0))
    assert tuple(frame.columns) == DESCRIPTORS
    assert len(DESCRIPTORS) == 7
    assert frame.notna().all(axis=None)
