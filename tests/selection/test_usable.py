"""z-scores of any unit, and the columns that have none."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.selection.usable import standardized


@pytest.mark.parametrize("unit", [1e-200, 1e-25, 1.0, 1e150, 1e305])
def test_the_unit_does_not_matter(unit):
    x = np.random.default_rng(0).normal(size=(50, 3))
    z, reasons = standardized(x * unit)
    assert reasons == [None] * 3
    np.testing.assert_allclose(z, (x - x.mean(axis=0)) / x.std(axis=0), rtol=1e-9)


def test_each_unusable_column_has_its_reason():
    x = np.random.default_rng(0).normal(size=(20, 5))
    x[:, 0] = 0.1 + 0.2
    x[3:5, 1] = np.nan
    x[7, 2] = -np.inf
    x[:, 3] = 0.0
    z, reasons = standardized(x)
    assert reasons[0].startswith("constant")
    assert reasons[1] == "missing in 2 of 20 training images"
    assert reasons[2] == "infinite in 1 of 20 training images"
    assert reasons[3].startswith("constant")
    assert reasons[4] is None
    assert not z[:, :4].any()
    assert np.isfinite(z).all()


def test_a_spread_that_is_only_rounding_is_constant():
    noise = np.random.default_rng(1).integers(-1, 2, size=(40, 1)) * np.finfo(float).eps
    assert standardized(1000 * (1 + noise))[1][0].startswith("constant")
    assert standardized(1000 + 1e-6 * np.arange(40.0)[:, None])[1] == [None]
