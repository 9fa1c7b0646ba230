"""Result frames as tables that people read: names of the field, three decimals, intervals in one cell."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sgcore.plots import words


def table(frame: pd.DataFrame, *, key: str, height: int | str = "auto") -> None:
    """A table without its index; numbers with three decimals, what is missing as a dash."""
    if frame.empty:
        st.caption("No rows.")
        return
    config: dict[str, Any] = {}
    for name in frame.columns:
        if pd.api.types.is_float_dtype(frame[name]):
            config[name] = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        key=key,
        height=height,  # type: ignore[arg-type]
        placeholder="–",
    )


def with_interval(rows: pd.DataFrame, value: str, low: str, high: str) -> list[str]:
    """``0.807 (0.594 to 0.923)`` a row, or the dash."""
    return [
        "–" if words.missing(v) else f"{v:.3f} ({words.interval(a, b)})"
        for v, a, b in zip(rows[value], rows[low], rows[high], strict=True)
    ]


def evaluations(rows: pd.DataFrame, *, origin: str) -> pd.DataFrame:
    """Models with AUC, sensitivity, specificity and accuracy; ``origin`` says where thresholds are from."""
    return pd.DataFrame(
        {
            "Family": rows["family"],
            "Classifier": rows["classifier"],
            "Cases": rows["subset"].map(words.SUBSETS),
            "Picked": rows["picked"].astype(bool),
            "AUC (95% interval)": with_interval(rows, "auc", "ci_low", "ci_high"),
            "Patients": rows["n_patients"],
            "Images": rows["n_images"],
            "Positive": rows["n_pos"],
            "Negative": rows["n_neg"],
            "Sensitivity": with_interval(rows, "sensitivity", "sensitivity_low", "sensitivity_high"),
            "Specificity": with_interval(rows, "specificity", "specificity_low", "specificity_high"),
            "Accuracy": with_interval(rows, "accuracy", "accuracy_low", "accuracy_high"),
            "Threshold": rows["threshold"],
            "Threshold from": origin,
            "Interval by": rows["method"],
            "Why missing": rows["reason"].fillna(""),
        }
    )


def family_aucs(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a family: pooled AUC, pairs of the same center, and the interval that ignores clusters."""
    return pd.DataFrame(
        {
            "Family": rows["family"],
            "Classifier": rows["classifier"],
            "AUC (95% interval)": with_interval(rows, "auc", "ci_low", "ci_high"),
            "Pairs of the same center": with_interval(
                rows, "within_center_auc", "within_center_low", "within_center_high"
            ),
            "If images were independent": with_interval(
                rows.assign(value=rows["auc"]), "value", "naive_ci_low", "naive_ci_high"
            ),
            "Patients": rows["n_patients"],
            "Images": rows["n_images"],
            "Why missing": rows["reason"].fillna(""),
        }
    )


def comparisons(rows: pd.DataFrame) -> pd.DataFrame:
    """Pairs with their difference, interval, raw and adjusted p."""
    return pd.DataFrame(
        {
            "First": rows["a"],
            "Second": rows["b"],
            "Difference in AUC": with_interval(rows, "delta", "ci_low", "ci_high"),
            "p": rows["p"].map(words.p_value),
            "p, Holm-adjusted": rows["p_adjusted"].map(words.p_value),
            "Patients": rows["n_patients"],
            "Images": rows["n_images"],
            "Why missing": rows["reason"].fillna(""),
        }
    )


def fates(rows: pd.DataFrame) -> pd.DataFrame:
    """Each feature with the step that dropped it and the numbers behind that."""
    return pd.DataFrame(
        {
            "Feature": rows["feature"],
            "In words": [
                f"{words.feature(name)}{', numerical residue' if residue else ''}"
                for name, residue in zip(rows["feature"], rows["residue"], strict=True)
            ],
            "Fate": rows["step"].map(words.STEPS),
            "Test": rows["test"],
            "p": rows["p"].map(words.p_value),
            "q": rows["q"].map(words.p_value),
            "Too similar to": rows["partner"],
            "Spearman": rows["rho"],
            "Coefficient": rows["coefficient"],
            "Why": rows["reason"].fillna(""),
        }
    )


def odds(rows: pd.DataFrame) -> pd.DataFrame:
    """Odds ratios with intervals; how each model was fitted."""
    two = [
        "–" if words.missing(v) else f"{v:.2f} ({a:.2f} to {b:.2f})"
        for v, a, b in zip(rows["odds_ratio"], rows["ci_low"], rows["ci_high"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Model": rows["model"],
            "Descriptor": rows["term"],
            "Odds ratio (95% interval)": two,
            "p": rows["p"].map(words.p_value),
            "Fitted by": rows["method"],
            "Why missing": rows["reason"].fillna(""),
        }
    )


def groups(rows: pd.DataFrame) -> pd.DataFrame:
    """A cohort table as people read it: the columns of the groups stay, the rest gets its name."""
    known = {"variable": "Variable", "descriptor": "Descriptor", "subset": "Cases", "test": "Test"}
    shown = rows.drop(columns=["smd", "smd_low", "smd_high", "p", "reason"], errors="ignore").rename(
        columns=known
    )
    if "Cases" in shown:
        shown["Cases"] = shown["Cases"].map(words.SUBSETS)
    shown["p"] = rows["p"].map(words.p_value)
    shown["Standardized difference"] = [
        "–" if words.missing(v) else f"{v:.2f} ({a:.2f} to {b:.2f})"
        for v, a, b in zip(rows["smd"], rows["smd_low"], rows["smd_high"], strict=True)
    ]
    shown["Why missing"] = rows["reason"].fillna("")
    return shown
