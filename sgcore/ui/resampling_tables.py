"""Results of a resampling as tables that people read."""

from __future__ import annotations

import pandas as pd

from sgcore.plots import words
from sgcore.ui.tables import why, with_interval


def repeats(rows: pd.DataFrame) -> pd.DataFrame:
    """A model of repeated cross-validation a row."""
    return pd.DataFrame(
        {
            "Family": rows["family"],
            "Classifier": rows["classifier"],
            "Mean AUC of the repeats (95% interval)": with_interval(rows, "auc"),
            "Single repeats": [
                words.interval(low, high) for low, high in zip(rows["lowest"], rows["highest"], strict=True)
            ],
            "On the patients it was fitted on": rows["fitted"],
            "Overfitting": rows["optimism"],
            "Repeats": rows["repeats"],
            "Patients": rows["n_patients"],
            "Images left out": rows["n_left_out"],
            "Interval by": rows["method"],
            **why(rows),
        }
    )


def permutations(rows: pd.DataFrame) -> pd.DataFrame:
    """A pick and set a row."""
    return pd.DataFrame(
        {
            "Family": rows["family"],
            "Picked": rows["classifier"],
            "Cases": rows["subset"].map(words.SUBSETS),
            "Reported AUC": rows["observed"],
            "By chance (median)": rows["chance_median"],
            "By chance (95% stay below)": rows["chance_95"],
            "p": rows["p"].map(_p),
            "p, limits by the number of runs": [
                "–" if words.missing(low) else f"{_p(low)} to {_p(high)}"
                for low, high in zip(rows["p_low"], rows["p_high"], strict=True)
            ],
            "Permutations": rows["permutations"],
            "Nothing selected in": rows["n_empty"],
            "Possible": rows["distinct"],
            **why(rows),
        }
    )


def frequencies(detail: pd.DataFrame, residue: set[str]) -> pd.DataFrame:
    """A feature a row, those that were ever selected or are in the model."""
    rows = detail[(detail["frequency"] > 0) | detail["selected"]]
    rows = rows.sort_values("frequency", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "Feature": rows["feature"],
            "In words": [words.named(name, name in residue) for name in rows["feature"]],
            "Selected in": [words.percent(share) for share in rows["frequency"]],
            "In the model": rows["selected"].astype(bool),
        }
    )


def left_out_centers(rows: pd.DataFrame) -> pd.DataFrame:
    """A left-out center a row."""
    return pd.DataFrame(
        {
            "Center left out": rows["center"],
            "Picked by the others": rows["classifier"].fillna("–"),
            "AUC (95% interval)": with_interval(rows, "auc"),
            "Patients": rows["n_patients"],
            "Images": rows["n_images"],
            "Positive": rows["n_pos"],
            "Negative": rows["n_neg"],
            "Images left out": rows["n_left_out"],
            "Interval by": rows["method"],
            **why(rows.assign(reason=_joined(rows))),
        }
    )


def _p(value: float) -> str:
    """A thousand permutations and more tell p apart below 0.001."""
    return words.p_value(value, digits=4)


def _joined(rows: pd.DataFrame) -> pd.Series:
    """Reason and note of a center, and why it is not in the mean, in one cell."""
    # The reason of a center that has an AUC is why it is not in the mean; said once.
    aside = rows["not_pooled"].where(rows["not_pooled"] != rows["reason"])
    parts = ("not in the mean: " + aside).to_frame("mean").assign(reason=rows["reason"], note=rows["note"])
    parts = parts[["reason", "mean", "note"]].fillna("").to_numpy().tolist()
    return pd.Series(["; ".join(part for part in some if part) for some in parts], index=rows.index)
