"""Scores by patient."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.stats import patient_scores


def test_mean_in_order_of_appearance():
    result = patient_scores([0.2, 0.9, 0.4, 0.5], ["b", "a", "b", "c"], [0, 1, 0, 1])
    assert list(result.groups) == ["b", "a", "c"]
    np.testing.assert_allclose(result.score, [0.3, 0.9, 0.5])
    np.testing.assert_array_equal(result.y, [0, 1, 1])
    np.testing.assert_array_equal(result.n_images, [2, 1, 1])


def test_a_missing_score_is_not_averaged_away():
    result = patient_scores([0.2, np.nan, 0.4], [1, 1, 2], [0, 0, 1])
    np.testing.assert_array_equal(np.isnan(result.score), [True, False])


def test_refusals():
    with pytest.raises(ValueError, match="patient 'b' has images of both classes"):
        patient_scores([1, 2, 3], ["a", "b", "b"], [0, 0, 1])
    with pytest.raises(ValueError, match="needs a label and a patient"):
        patient_scores([1, 2], ["a", None], [0, 1])
    with pytest.raises(ValueError, match="scores has 1"):
        patient_scores([1], ["a", "b"], [0, 1])
