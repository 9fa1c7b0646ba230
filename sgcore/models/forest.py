"""The random forest of scikit-learn without what it asks of each of its trees: the same trees in less time."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
from sklearn.tree._criterion import Gini
from sklearn.tree._splitter import BestSplitter
from sklearn.tree._tree import DepthFirstTreeBuilder, Tree
from sklearn.utils.validation import check_is_fitted, validate_data

# scikit-learn's own builder, which is no public interface; the lock pins its version, and a test holds every tree of
# Forest against those of RandomForestClassifier.

_MAX_INT = np.iinfo(np.int32).max


class Forest(RandomForestClassifier):
    """``RandomForestClassifier`` with its usual settings, to the last bit.

    On a hundred cases clones, checks of settings and labels, and the dispatch of jobs take several times as long as to
    grow a tree, and the pipeline null grows a million of them. ``n_estimators, min_samples_leaf`` and ``random_state``
    may be set; the trees are grown one after the other.
    """

    def fit(self, X: Any, y: Any) -> Forest:
        """X : (n, d), NaN where a value is missing; y : (n,) labels."""
        X, y = validate_data(self, X, y, dtype=np.float32, ensure_all_finite=False)
        self.classes_, codes = np.unique(y, return_inverse=True)
        self.n_classes_, self.n_outputs_ = len(self.classes_), 1
        labels = codes.astype(float)[:, None]
        missing = DecisionTreeClassifier()._compute_missing_values_in_feature_mask(X, type(self).__name__)
        settings = {name: getattr(self, name) for name in self.estimator_params}
        # As the clones of a tree would draw their seeds.
        rng = np.random.RandomState(self.random_state)
        seeds = [rng.randint(_MAX_INT) for _ in range(self.n_estimators)]
        self.estimators_ = [self._grown(X, labels, missing, settings, seed, rng) for seed in seeds]
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        X = self._validate_X_predict(X)
        total = np.zeros((len(X), self.n_classes_))
        for tree in self.estimators_:
            total += tree.tree_.predict(X)
        return total / len(self.estimators_)

    def _grown(
        self,
        X: np.ndarray,
        y: np.ndarray,
        missing: np.ndarray | None,
        settings: dict[str, Any],
        seed: int,
        rng: np.random.RandomState,
    ) -> DecisionTreeClassifier:
        """A tree on a bootstrap sample, whose labels are coded and whose values were looked at before."""
        n, d = X.shape
        # Both the sample and the splits begin at the seed; to make a generator takes longer than to grow a tree.
        rng.seed(seed)
        weights = np.bincount(rng.randint(0, n, n), minlength=n).astype(float)
        rng.seed(seed)
        tree = DecisionTreeClassifier(**settings)
        tree.random_state = seed
        tree.n_features_in_, tree.n_outputs_ = d, 1
        tree.classes_, tree.n_classes_ = np.arange(self.n_classes_, dtype=float), self.n_classes_
        tree.max_features_ = max(1, int(np.sqrt(d)))
        counts, leaf = np.array([self.n_classes_], dtype=np.intp), self.min_samples_leaf
        splitter = BestSplitter(Gini(1, counts), tree.max_features_, leaf, 0.0, rng, None)
        tree.tree_ = Tree(d, counts, 1)
        builder = DepthFirstTreeBuilder(
            splitter, max(self.min_samples_split, 2 * leaf), leaf, 0.0, _MAX_INT, 0.0
        )
        builder.build(tree.tree_, X, y, weights, missing)
        return tree
