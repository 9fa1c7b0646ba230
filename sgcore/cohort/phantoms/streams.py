"""A generator of random numbers for each purpose, so that what one draws moves no other."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

Purpose = Literal["patients", "pathology", "traits", "scenes", "scanners", "reader", "features", "network"]


def stream(seed: int, purpose: Purpose) -> np.random.Generator:
    """The generator of ``purpose`` of this seed, a whole number from 0."""
    return np.random.default_rng([seed, get_args(Purpose).index(purpose)])
