"""What checks of models share: the set that a study is judged by, words for intervals, and why there is no model."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.domain import Subset

#: The held-out subsets, the one that weighs more first.
HELD_OUT: tuple[Subset, ...] = ("external", "validation")


def reported_set(rows: pd.DataFrame) -> Subset | None:
    """The external set where ``rows`` (with ``subset``) have it, else the validation set; None without either."""
    known = set(rows["subset"]) if len(rows) else set()
    return next((name for name in HELD_OUT if name in known), None)


def no_models(evidence: Evidence) -> Outcome:
    """Why there is no model to judge."""
    rows = evidence.frame("unavailable")
    if rows.empty:
        return Outcome("not_applicable", "This study has no analysis with a model to judge.")
    whys = "; ".join(f"{row.family}: {row.reason}" for row in rows.itertuples())
    return Outcome("not_applicable", f"No model could be fitted ({whys}).")


def no_held_out(what: str) -> Outcome:
    """``what`` completes "there is nothing to judge ... on"."""
    return Outcome(
        "not_applicable", f"No patient was held out of training: there is nothing to judge {what} on."
    )


def between(low: float, high: float, digits: int = 2) -> str:
    """``0.60 to 0.90``, or that there is no interval."""
    return "no interval" if pd.isna(low) or pd.isna(high) else f"{low:.{digits}f} to {high:.{digits}f}"


def p_text(p: float, digits: int = 3) -> str:
    """``= 0.013``, or ``< 0.001`` where the digits would show zero."""
    least = 10.0**-digits
    return f"< {least:.{digits}f}" if p < least else f"= {p:.{digits}f}"


def joined(parts: Iterable[str]) -> str:
    """``a, b and c``."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def without_estimate(rows: pd.DataFrame) -> str:
    """`` Not estimated: Radiomics (one class only).`` of rows with ``family`` and ``reason``; empty without rows."""
    if rows.empty:
        return ""
    told = "; ".join(
        dict.fromkeys(f"{row.family} ({row.reason or 'no reason is recorded'})" for row in rows.itertuples())
    )
    return f" Not estimated: {told}."
