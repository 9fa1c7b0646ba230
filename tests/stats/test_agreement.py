"""ICC(2,1) against Shrout and Fleiss, pingouin, and features without an ICC."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest

from sgcore.stats import icc_2_1

# Shrout PE, Fleiss JL. Psychol Bull 1979;86:420, table 2.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
)


def pingouin_icc(ratings: np.ndarray) -> pd.DataFrame:
    subjects, raters = np.indices(ratings.shape).reshape(2, -1)
    long = pd.DataFrame({"subject": subjects, "rater": raters, "value": ratings.ravel()})
    return pingouin.intraclass_corr(long, "subject", "rater", "value").set_index("Type")


def test_shrout_and_fleiss():
    result = icc_2_1(SHROUT_FLEISS)
    assert result.icc[0] == pytest.approx(0.29, abs=0.005)
    assert result.average[0] == pytest.approx(0.62, abs=0.005)
    assert (result.n_subjects, result.n_raters) == (6, 4)


# pingouin 0.5.5 calls pandas in a way that pandas 3.1 deprecates.
@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")
@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_pingouin(seed):
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(5, 20)), int(rng.integers(2, 6)))
    ratings = rng.normal(size=(shape[0], 1)) * rng.uniform(0, 2) + rng.normal(size=shape)
    ratings = SHROUT_FLEISS if seed == 0 else ratings
    expected, result = pingouin_icc(ratings), icc_2_1(ratings)
    assert result.icc[0] == pytest.approx(expected.loc["ICC(A,1)", "ICC"], rel=1e-9)
    assert result.average[0] == pytest.approx(expected.loc["ICC(A,k)", "ICC"], rel=1e-9)
    low, high = expected.loc["ICC(A,1)", "CI95"]
    assert (result.ci_low[0], result.ci_high[0]) == pytest.approx((low, high), abs=0.0051)


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")
def test_the_wines_of_pingouin():
    """The example of ``pingouin.intraclass_corr``, as its documentation prints it: four judges, eight wines."""
    wines = pingouin.read_dataset("icc")
    ratings = wines.pivot(index="Wine", columns="Judge", values="Scores").to_numpy()
    result = icc_2_1(ratings)
    assert (result.n_subjects, result.n_raters) == (8, 4)
    assert (round(result.icc[0], 3), round(result.average[0], 3)) == (0.728, 0.914)
    assert (round(result.ci_low[0], 2), round(result.ci_high[0], 2)) == (0.43, 0.93)
    expected = pingouin.intraclass_corr(wines, "Wine", "Judge", "Scores").set_index("Type")
    single, mean = expected.loc["ICC(A,1)"], expected.loc["ICC(A,k)"]
    assert result.icc[0] == pytest.approx(single["ICC"], rel=1e-9)
    assert result.average[0] == pytest.approx(mean["ICC"], rel=1e-9)
    np.testing.assert_array_equal(np.round([result.ci_low[0], result.ci_high[0]], 2), single["CI95"])
    # Of the three forms for one judge, only absolute agreement of these judges gives this number.
    assert (
        np.isclose(expected.loc[["ICC(1,1)", "ICC(A,1)", "ICC(C,1)"], "ICC"], result.icc[0], atol=1e-5).sum()
        == 1
    )


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")
def test_all_six_numbers_of_shrout_and_fleiss_by_pingouin():
    values = pingouin_icc(SHROUT_FLEISS)["ICC"]
    names = ["ICC(1,1)", "ICC(A,1)", "ICC(C,1)", "ICC(1,k)", "ICC(A,k)", "ICC(C,k)"]
    np.testing.assert_allclose(values[names], [0.17, 0.29, 0.71, 0.44, 0.62, 0.91], atol=0.0052)


def test_features_are_independent_and_scale_free():
    rng = np.random.default_rng(0)
    ratings = rng.normal(size=(12, 1, 30)) + 0.5 * rng.normal(size=(12, 4, 30))
    together = icc_2_1(ratings)
    alone = [icc_2_1(ratings[:, :, j]).ci_low[0] for j in range(30)]
    np.testing.assert_allclose(together.ci_low, alone, rtol=1e-12)
    np.testing.assert_allclose(icc_2_1(-1e180 * ratings).icc, together.icc, rtol=1e-9)
    np.testing.assert_allclose(icc_2_1(ratings + 3).icc, together.icc, rtol=1e-9)
    assert (together.ci_low < together.icc).all()
    assert (together.icc < together.ci_high).all()


def test_a_rater_who_is_off_lowers_absolute_agreement():
    rng = np.random.default_rng(1)
    ratings = rng.normal(size=(20, 1)) + 0.1 * rng.normal(size=(20, 3))
    assert icc_2_1(ratings).icc[0] > 0.95
    assert icc_2_1(ratings + np.array([0, 0, 2])).icc[0] < 0.6


def test_perfect_agreement_is_one():
    result = icc_2_1(np.repeat(np.arange(5.0)[:, None], 3, axis=1))
    assert (result.icc[0], result.ci_low[0], result.ci_high[0]) == (1, 1, 1)


def test_undefined():
    ratings = np.repeat(SHROUT_FLEISS[:, :, None], 4, axis=2)
    ratings[:, :, 1] = 5 + 1e-15 * ratings[:, :, 1]
    ratings[:, :, 2] = ratings[:1, :, 2]
    ratings[0, 0, 3] = np.nan
    result = icc_2_1(ratings)
    no_spread = "undefined: no spread between subjects"
    assert list(result.reason) == ["", no_spread, no_spread, "undefined: missing or infinite values"]
    np.testing.assert_array_equal(np.isnan(result.icc), [False, True, True, True])
    assert icc_2_1(SHROUT_FLEISS[:1]).reason[0].startswith("undefined: 1 subject(s) and 4 rater(s)")
    with pytest.raises(ValueError, match="ratings must be"):
        icc_2_1([1.0, 2.0])
