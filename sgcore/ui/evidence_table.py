"""Evidence of a check as a table that people read, whatever its columns are."""

from __future__ import annotations

import pandas as pd

from sgcore.plots import words
from sgcore.ui import tables

#: What columns of evidence are called; others by their own name.
_NAMES = {
    "auc": "AUC",
    "p": "p",
    "q": "q",
    "icc": "ICC",
    "cramers_v": "Cramer's V",
    "p_adjusted": "adjusted p",
    "p_center": "p by center",
    "q_center": "adjusted p by center",
    "p_label": "p by label",
    "q_label": "adjusted p by label",
    "by_chance": "chance reaches",
    "i2": "I²",
    "k": "k",
    "roi_ratio": "share in the ROI over chance",
    "roi_share": "share in the ROI",
    "roi_chance": "share of the ROI",
    "ci_low": "95% from",
    "ci_high": "95% to",
    "naive_ci_low": "as independent, from",
    "naive_ci_high": "as independent, to",
    "y_true": "label",
}

#: Three decimals make a small one zero.
_P_VALUES = ("p", "q", "p_adjusted", "p_center", "q_center", "p_label", "q_label")


def show(table: pd.DataFrame, *, key: str) -> None:
    tables.table(readable(table), key=key)


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """The same rows under words; columns that hold nothing are left out."""
    kept = table.loc[:, table.notna().any()]
    small = {name: kept[name].map(words.p_value) for name in _P_VALUES if name in kept}
    return kept.assign(**small).rename(columns=_word)


def _word(name: str) -> str:
    text = _NAMES.get(name, name.removeprefix("n_").replace("_", " "))
    return text if text in ("AUC", "ICC", "I²", "p", "q", "k") else text[:1].upper() + text[1:]
