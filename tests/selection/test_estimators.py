"""Every selector is a scikit-learn transformer."""

from __future__ import annotations

from sklearn.utils.estimator_checks import parametrize_with_checks

from sgcore.selection import CorrelationFilter, FeatureSelector, LassoSelector, UnivariateFilter


@parametrize_with_checks(
    [
        UnivariateFilter(),
        CorrelationFilter(),
        LassoSelector(),
        LassoSelector("logistic", folds=2, n_alphas=4),
        FeatureSelector(),
    ]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)
