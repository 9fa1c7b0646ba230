"""How the checks of Grad-CAM maps put a mean over patients and what is missing from it."""

from __future__ import annotations

import pandas as pd

from sgcore.explain.map_checks import MapSummary


def mean_text(found: MapSummary) -> str:
    """``0.71 (0.60 to 0.82; 29 patients)``, or why there is none."""
    if pd.isna(found.mean):
        return f"not estimable ({found.reason})"
    if pd.isna(found.ci_low):
        return f"{found.mean:.2f} ({found.reason})"
    return f"{found.mean:.2f} ({found.ci_low:.2f} to {found.ci_high:.2f}; {found.n_patients} patients)"


def half_width(found: MapSummary) -> float:
    return (found.ci_high - found.ci_low) / 2


def left_out(values: pd.Series, reasons: pd.Series, noun: str) -> str:
    """`` 3 of 55 maps have no value, most often because the map is zero everywhere.``; empty where all have one."""
    missing = values.isna()
    if not missing.any():
        return ""
    return (
        f" {int(missing.sum())} of {len(values)} {noun} have no value, most often because "
        f"{commonest(reasons[missing])}."
    )


def commonest(reasons: pd.Series) -> str:
    known = reasons[reasons.notna() & (reasons != "")]
    return "no reason is recorded" if known.empty else str(known.value_counts().index[0])
