"""Probabilities: which scores are some, and how they move to another prevalence."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sgcore.stats._arrays import Floats, as_floats, missing_reason

Kind = Literal["probability", "score"]


def as_probabilities(y_prob: ArrayLike, kind: Kind) -> tuple[Floats, str]:
    """``y_prob`` (n,) as floats, and why they cannot be used as probabilities; empty when they can.

    Raises
    ------
    ValueError : not one-dimensional, an unknown kind, a declared probability outside [0, 1].
    """
    if kind not in ("probability", "score"):
        raise ValueError(f"kind is {kind!r}; choose probability or score.")
    p = as_floats(y_prob, "y_prob")
    if kind == "score":
        return p, "not applicable: these are scores (margins or logits), not probabilities"
    outside = p[(p < 0) | (p > 1)]
    if outside.size:
        raise ValueError(
            f'y_prob holds {outside[0]:g}; probabilities lie between 0 and 1. Use kind="score" for margins.'
        )
    return p, missing_reason(p, "probability")


def no_risks(p: Floats) -> str:
    """Why probabilities (n,) without missing ones tell no grades of risk; empty when they do."""
    if p.size and np.ptp(p) < 1e-12:
        return f"all {p.size} probabilities are equal ({p[0]:.3g})"
    if np.isin(p, (0, 1)).all():
        return f"all {p.size} probabilities are 0 or 1, which are calls and no risks"
    return ""


def check_prevalence(value: float, name: str) -> None:
    """Raise ValueError unless ``value`` is a prevalence strictly between 0 and 1."""
    if not 0 < value < 1:
        raise ValueError(f"{name} is {value}; a prevalence lies strictly between 0 and 1, for example 0.2.")


def at_prevalence(p: Floats, prevalence: float, train_prevalence: float) -> Floats:
    """Probabilities whose logits are shifted by logit(prevalence) - logit(train_prevalence).

    Bayes' rule for cases of the same kind met at another prevalence. Written with odds, so that 0 and
    1 stay what they are.
    """
    if prevalence == train_prevalence:
        return p
    ratio = prevalence / (1 - prevalence) / (train_prevalence / (1 - train_prevalence))
    return np.asarray(p * ratio / (1 - p + p * ratio))
