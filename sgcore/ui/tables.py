"""Result frames as tables that people read: names of the field, three decimals, intervals in one cell."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sgcore.plots import words
from sgcore.ui.text import plain, small

#: Rows up to which a table is shown whole.
_WHOLE = 15


def table(frame: pd.DataFrame, *, key: str) -> None:
    """A table without its index; numbers with three decimals, what is missing as a dash.

    Screen readers call it by the words of its ``key``.
    """
    if frame.empty:
        small("No rows.")
        return
    config: dict[str, Any] = {}
    for name in frame.columns:
        if pd.api.types.is_float_dtype(frame[name]):
            config[name] = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        frame,
        # A list of facts is read whole; Streamlit shows ten rows by itself.
        height="content" if len(frame) <= _WHOLE else "auto",
        hide_index=True,
        column_config=config,
        key=key,
        placeholder="–",
        alt=re.sub("[-_]+", " ", key).capitalize(),
    )


def wrapped(frame: pd.DataFrame, *, longest: int = 160) -> None:
    """A short table whose long cells take several lines, rather than end at the edge of their column.

    Cells of more than ``longest`` letters, such as the many levels of a histology, are cut, and said so.
    """
    long = frame.map(lambda value: len(str(value)) > longest)
    shown = frame.astype(object).where(~long, frame.map(lambda value: f"{str(value)[:longest]} …"))
    # A sign and its number stay on one line.
    st.table(
        shown.map(lambda value: plain(value).replace("< ", "<\u00a0")).rename(columns=plain), hide_index=True
    )
    if long.to_numpy().any():
        small("Long cells are cut here; the download holds them whole.")


def with_interval(
    rows: pd.DataFrame, value: str, low: str = "ci_low", high: str = "ci_high", digits: int = 3
) -> list[str]:
    """``0.807 (0.594 to 0.923)`` a row, or the dash."""
    return [
        "–" if words.missing(v) else f"{v:.{digits}f} ({words.interval(a, b, digits)})"
        for v, a, b in zip(rows[value], rows[low], rows[high], strict=True)
    ]


def with_signs(rows: pd.DataFrame) -> list[str]:
    """A difference a row with its interval: ``+0.126 (+0.032 to +0.220)``, or the dash."""
    return [
        "–" if words.missing(v) else f"{words.signed(v)} ({words.signed_interval(a, b)})"
        for v, a, b in zip(rows["delta"], rows["ci_low"], rows["ci_high"], strict=True)
    ]


def thresholds(values: pd.Series) -> pd.Series:
    """Thresholds of models; one at minus or plus infinity calls everybody alike, and is no number to show."""
    if not np.isinf(values.to_numpy(float)).any():
        return values
    alike = {-np.inf: "none: all called positive", np.inf: "none: all called negative"}
    return values.map(lambda value: alike.get(value, "–" if words.missing(value) else f"{value:.3f}"))


def _cases(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """How many were counted; images that were left out have a column where there are any."""
    left_out = {"Images left out": rows["n_left_out"]} if rows["n_left_out"].fillna(0).any() else {}
    return {"Patients": rows["n_patients"], "Images": rows["n_images"], **left_out}


def number(value: Any, digits: int) -> str:
    """A number with so many digits, or a dash where it is missing."""
    return "–" if words.missing(value) else f"{value:,.{digits}f}"


def why(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """The ``reason`` of rows as the column "Note", such as why a number is missing; none where all are empty."""
    notes = rows["reason"].fillna("")
    return {"Note": notes} if (notes != "").any() else {}


def evaluations(rows: pd.DataFrame, *, origin: str) -> pd.DataFrame:
    """Models with AUC, sensitivity, specificity and accuracy; ``origin`` says where thresholds are from."""
    return pd.DataFrame(
        {
            "Family": rows["family"],
            "Classifier": rows["classifier"],
            "Cases": rows["subset"].map(words.SUBSETS),
            "Picked": rows["picked"].astype(bool),
            "AUC (95% interval)": with_interval(rows, "auc"),
            **_cases(rows),
            "Positive": rows["n_pos"],
            "Negative": rows["n_neg"],
            "Sensitivity": with_interval(rows, "sensitivity", "sensitivity_low", "sensitivity_high"),
            "Specificity": with_interval(rows, "specificity", "specificity_low", "specificity_high"),
            "Accuracy": with_interval(rows, "accuracy", "accuracy_low", "accuracy_high"),
            "Threshold": thresholds(rows["threshold"]),
            "Threshold from": origin,
            "Interval by": rows["method"],
            **why(rows),
        }
    )


def family_aucs(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a family: pooled AUC, pairs of the same center, and by image what ignoring patients gives."""
    by_image = len(rows) > 0 and rows["unit"].iloc[0] == "image"
    naive = {"If images were independent": with_interval(rows, "auc", "naive_ci_low", "naive_ci_high")}
    return pd.DataFrame(
        {
            "Family": rows["family"],
            "Classifier": rows["classifier"],
            "AUC (95% interval)": with_interval(rows, "auc"),
            "Pairs of the same center": with_interval(
                rows, "within_center_auc", "within_center_low", "within_center_high"
            ),
            "Which pairs": rows["within_center_note"].fillna(""),
            **(naive if by_image else {}),
            **_cases(rows),
            **why(rows),
        }
    )


def comparisons(rows: pd.DataFrame, *, adjusted: str = "p, adjusted by Holm") -> pd.DataFrame:
    """Pairs with their difference, interval, raw and adjusted p; ``adjusted`` says by what."""
    return pd.DataFrame(
        {
            "First": rows["a"],
            "Second": rows["b"],
            "Difference in AUC": with_signs(rows),
            "p": rows["p"].map(words.p_value),
            adjusted: rows["p_adjusted"].map(words.p_value),
            **_cases(rows),
            **why(rows),
        }
    )


def operating(points: pd.DataFrame, measures: tuple[str, str], *, origin: str) -> pd.DataFrame:
    """One row a model and measure at its threshold; ``origin`` says where thresholds are from."""
    rows = points[points["measure"].isin(measures)]
    counted = {}
    if rows["successes"].notna().any():
        hits = zip(rows["successes"], rows["n"], strict=True)
        counted["Cases"] = ["" if words.missing(k) else f"{k:.0f} of {n:.0f}" for k, n in hits]
    at = rows["prevalence"].dropna()
    prevalence = (
        {"At a prevalence of": rows["prevalence"].map(words.percent, na_action="ignore")} if len(at) else {}
    )
    digits = words.decimals(rows["estimate"]) if len(at) else 3
    return pd.DataFrame(
        {
            "Family": rows["family"],
            "Classifier": rows["classifier"],
            "Measure": rows["measure"].map(words.OPERATING),
            "Estimate (95% interval)": with_interval(rows, "estimate", digits=digits),
            **counted,
            **prevalence,
            **_cases(rows),
            "Positive": rows["n_pos"],
            "Negative": rows["n_neg"],
            "Threshold": thresholds(rows["threshold"]),
            "Threshold from": origin,
            "Interval by": rows["method"],
            **why(rows),
        }
    )


def operating_differences(rows: pd.DataFrame) -> pd.DataFrame:
    """Pairs with their difference in a proportion, the cases on which they disagree, and the test."""
    return pd.DataFrame(
        {
            "First": rows["a"],
            "Second": rows["b"],
            "Difference": with_signs(rows),
            "Only first right": rows["only_a"],
            "Only second right": rows["only_b"],
            "Cases": rows["n"],
            "p": rows["p"].map(words.p_value),
            "p, adjusted by Holm": rows["p_adjusted"].map(words.p_value),
            "Test": rows["method"],
            **_cases(rows),
            **why(rows),
        }
    )


def fates(rows: pd.DataFrame) -> pd.DataFrame:
    """Each feature with the step that dropped it and the numbers behind that.

    The p that counts patients has a column where there is one: a descriptor's own p counts them already.
    """
    by_patient = rows["p_clustered"].map(words.p_value)
    return pd.DataFrame(
        {
            "Feature": rows["feature"],
            "In words": list(map(words.named, rows["feature"], rows["residue"])),
            "Fate": rows["step"].map(words.STEPS),
            "Test": rows["test"],
            "p": rows["p"].map(words.p_value),
            **({"p, patients counted": by_patient} if rows["p_clustered"].notna().any() else {}),
            "q": rows["q"].map(words.p_value),
            "Too similar to": rows["partner"],
            "Spearman": rows["rho"],
            "Coefficient": rows["coefficient"],
            "Why": rows["reason"].fillna(""),
        }
    )


def failures(rows: pd.DataFrame) -> pd.DataFrame:
    """Images without radiomics features, each with its reason."""
    return rows.rename(columns={"image_id": "Image", "reason": "Why it has no features"})
