"""Time of the forest's fit against scikit-learn's RandomForestClassifier, 200 trees on a hundred cases.

Prints both times and their ratio; ends with 1 where a score differs in any bit.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from sgcore.models.forest import Forest

REPEATS = 5


def main() -> int:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(87, 10)), rng.integers(0, 2, 87)
    seconds, scores = {}, {}
    for kind in (RandomForestClassifier, Forest):
        began = time.perf_counter()
        for _ in range(REPEATS):
            model = kind(n_estimators=200, min_samples_leaf=3, random_state=0, n_jobs=1).fit(X, y)
        seconds[kind] = (time.perf_counter() - began) / REPEATS
        scores[kind] = model.predict_proba(X)
        print(f"{kind.__name__}: {1000 * seconds[kind]:.0f} ms")
    print(f"{seconds[RandomForestClassifier] / seconds[Forest]:.1f} times as fast")
    return int(not np.array_equal(*scores.values()))


if __name__ == "__main__":
    sys.exit(main())
