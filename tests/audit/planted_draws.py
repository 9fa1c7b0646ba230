"""What resamplings and permuted tests leave, with the fault of each of their checks, or without."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sgcore.audit import audit

RADIOMICS = {"family": "Radiomics", "classifier": "SVM"}


@dataclass(frozen=True)
class Draws:
    """As :class:`sgcore.audit.check.Draws`."""

    rows: pd.DataFrame
    detail: pd.DataFrame = field(default_factory=pd.DataFrame)
    draws: int = 100
    usual: int = 100
    reason: str | None = None

    @property
    def complete(self):
        return self.draws >= self.usual


def both_units(row):
    return pd.DataFrame([{**row, "unit": unit} for unit in ("patient", "image")])


def univariate_null(below, permuted, survivors=0, distinct=10**6, tested=100):
    """``univariate_null`` with ``below`` small p values as it is, and those of the permutations."""
    rows = [
        {
            "family": "Radiomics",
            "draw": draw,
            "tested": tested,
            "below": count,
            "survivors": 0,
            "distinct": distinct,
        }
        for draw, count in enumerate([below, *permuted])
    ]
    rows[0]["survivors"] = survivors
    return pd.DataFrame(rows)


def stability(
    phi, half=0.05, frequencies=(("f1", 0.9, True), ("f2", 0.3, True), ("f3", 0.2, False)), **changed
):
    row = {
        "family": "Radiomics", "phi": phi, "ci_low": phi - half, "ci_high": phi + half, "draws": 100,
        "n_features": 50, "n_empty": 0, "mean_size": 4.2, "method": "Nogueira", "reason": "", **changed,
    }  # fmt: skip
    detail = pd.DataFrame(frequencies, columns=["feature", "frequency", "selected"]).assign(
        family="Radiomics"
    )
    return Draws(pd.DataFrame([row]), detail)


def outside(difference, spread=0.02, **changed):
    row = {
        **RADIOMICS, "repeats": 20, "n_patients": 78, "n_pos": 40, "n_neg": 38, "n_left_out": 0, "inside": 0.7,
        "outside": 0.7 + difference, "difference": difference, "lowest": difference - spread,
        "highest": difference + spread, "reason": "", **changed,
    }  # fmt: skip
    return Draws(both_units(row), draws=20, usual=20)


def permuted(p, **changed):
    row = {
        **RADIOMICS, "subset": "external", "observed": 0.72, "reached": 40, "p": p, "p_low": p * 0.7,
        "p_high": min(1.0, p * 1.4), "chance_median": 0.56, "chance_95": 0.71, "permutations": 1000, "distinct": "9",
        "n_empty": 0, "reason": None, **changed,
    }  # fmt: skip
    return Draws(both_units(row), draws=1000, usual=1000)


def splits(share, **changed):
    row = {
        **RADIOMICS, "subset": "external", "observed": 0.8, "share": share, "median": 0.7, "low": 0.6, "high": 0.82,
        "lucky": 0.79, "lowest": 0.55, "highest": 0.84, "splits": 50, "reason": None, **changed,
    }  # fmt: skip
    return Draws(both_units(row), draws=50, usual=50)


def planted(faulty):
    """The draws of a study by kind; None of the other kinds."""
    found = {
        "stability": stability(0.2 if faulty else 0.8),
        "outside": outside(0.15 if faulty else 0.005),
        "permutation": permuted(0.3 if faulty else 0.002),
        "splits": splits(0.99 if faulty else 0.4),
    }
    return found.get


def null_frames(faulty):
    """Frames of the same checks."""
    null = np.arange(0, 60)
    return {"univariate_null": univariate_null(30 if faulty else 90, null)}


def judged(check, of):
    """The finding of one check alone: what others need may be missing."""
    (found,) = audit(of, (check,))
    return found
