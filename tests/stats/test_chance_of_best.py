"""The best of k at chance: the reference study's figures, the normal limit, and what cannot be asked."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.stats import chance_of_best

#: One pair more or less: the AUC of 14 against 15 patients moves in steps of 1 / 210.
STEP = 1 / 210


@pytest.mark.parametrize(
    ("correlation", "six", "all_48"), [(0.5, 0.743, 0.810), (0.8, 0.733, 0.771), (0.95, 0.714, 0.743)]
)
def test_the_expected_figures_of_the_reference_study(correlation: float, six: float, all_48: float) -> None:
    (found,) = chance_of_best(14, 15, (6, 48), [correlation], auc=0.807)
    # The expected figures are 95th percentiles of another simulation; all lie on the grid, two steps apart at most.
    assert found.upper == pytest.approx((six, all_48), abs=2 * STEP + 1e-3)
    assert found.reached[0] < 0.05
    assert found.median[0] < found.upper[0] < found.upper[1]


def test_one_candidate_is_a_rank_sum() -> None:
    (found,) = chance_of_best(20, 25, (1,), [0.5], auc=0.6, replicates=8000)
    sd = np.sqrt(46 / (12 * 20 * 25))
    assert found.median[0] == pytest.approx(0.5, abs=0.01)
    assert found.upper[0] == pytest.approx(0.5 + 1.645 * sd, abs=0.01)


def test_the_integral_agrees_with_the_simulation() -> None:
    (simulated,) = chance_of_best(50, 50, (1, 6, 24), [0.8], auc=0.6, replicates=3000)
    # From this size on the integral would be used; here it is asked for by the number of candidates.
    (integral,) = chance_of_best(50, 50, (1, 6, 24, 100_000), [0.8], auc=0.6)
    assert integral.replicates == 0
    assert simulated.replicates == 3000
    assert integral.upper[:3] == pytest.approx(simulated.upper, abs=0.006)
    assert integral.reached[:3] == pytest.approx(simulated.reached, abs=0.02)


def test_the_same_seed_gives_the_same_numbers_and_frame_rows() -> None:
    (one,), (two, other) = (chance_of_best(5, 6, (2, 4), rho, replicates=200) for rho in ([0.5], [0.5, 0.9]))
    assert one == two
    assert other.correlation == 0.9
    assert np.isnan(one.reached).all()
    assert one.frame()["candidates"].tolist() == [2, 4]


def test_an_auc_on_the_grid_is_reached_and_classes_may_change_places() -> None:
    # One positive among five: the AUC of one candidate is 0, 0.2, ... or 1, each in a sixth of all cases.
    (found,) = chance_of_best(1, 5, (1,), [0.0], auc=0.8)
    assert found.reached[0] == pytest.approx(2 / 6, abs=0.01)
    (above,) = chance_of_best(1, 5, (1,), [0.0], auc=0.801)
    assert above.reached[0] == pytest.approx(1 / 6, abs=0.01)
    assert chance_of_best(5, 1, (1,), [0.0], auc=0.8)[0].reached == found.reached


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 5, (2,), [0.5]), "0 positive"),
        ((5, 5, (), [0.5]), "at least 1"),
        ((5, 5, (2,), [0.5, 1.0]), r"\[0.5, 1.0\]; each lies"),
        ((5, 5, (2,), []), "each lies"),
    ],
)
def test_what_cannot_be_asked(arguments: tuple, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        chance_of_best(*arguments)
