"""Adjusted p values."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.stats import adjust


def test_holm_and_benjamini_hochberg_by_hand():
    p = [0.01, 0.04, 0.03, 0.005]
    np.testing.assert_allclose(adjust(p, "holm"), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(adjust(p, "bh"), [0.02, 0.04, 0.04, 0.02])
    np.testing.assert_array_equal(adjust(p, "none"), p)


def test_missing_values_stay_and_do_not_count():
    adjusted = adjust([0.01, np.nan, 0.04])
    np.testing.assert_allclose(adjusted, [0.02, np.nan, 0.04])
    assert np.isnan(adjust([np.nan, np.nan])).all()
    assert adjust([]).size == 0


def test_input_is_not_changed():
    p = np.array([0.02, 0.03])
    adjust(p)
    np.testing.assert_array_equal(p, [0.02, 0.03])


def test_refusals():
    with pytest.raises(ValueError, match="choose holm"):
        adjust([0.1], "bonferroni")
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust([1.1])


@pytest.mark.parametrize(("method", "theirs"), [("holm", "holm"), ("bh", "fdr_bh")])
def test_both_agree_with_statsmodels(method, theirs):
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(2)
    for p in (rng.random(40), np.round(rng.random(40) ** 3, 2), np.array([0.0, 1.0, 0.5, 0.5])):
        np.testing.assert_allclose(adjust(p, method), multipletests(p, method=theirs)[1], rtol=1e-14)
