"""Every network at its training threshold, set by set, and the chosen one's confusion matrices."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sgcore.domain import SUBSETS
from sgcore.plots import words
from sgcore.ui import at_cases, confusion, network_answers, results, tables
from sgcore.ui.charts import download
from sgcore.ui.networks import FAMILY, Networks
from sgcore.ui.text import plain, small
from sgcore.ui.view import View

_MEASURES = {
    "accuracy": "Accuracy",
    "auc": "AUC",
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "PPV",
    "npv": "NPV",
}


def table(view: View, shown: Networks) -> None:
    """Accuracy to NPV of each network on the set of the sidebar; those of every set folded, to download."""
    rows = _rows(view, shown)
    st.header("Every network at its training threshold", anchor=False)
    here = rows[rows["subset"] == shown.at.subset]
    if here.empty:
        st.write("No network has scores of these cases.")
    else:
        st.table(_readable(here, shown), hide_index=True)
        small(network_answers.table(here, results.threshold_origin(view)))
    for text in network_answers.odd(_ends(view, shown), shown.called):
        small(text)
    if len(rows):
        with st.expander("Table: networks of every set"):
            tables.table(_whole(rows, shown, results.threshold_origin(view)), key="table_network-results")
            download(rows, view, "network-results")


def matrices(view: View, shown: Networks) -> None:
    """Confusion matrices of the chosen network in training, validation and external cases."""
    st.header(f"Confusion matrices of {plain(shown.called[shown.chosen])}", anchor=False)
    rows = _rows(view, shown)
    rows = rows[rows["classifier"] == shown.chosen]
    chosen = [row for subset in SUBSETS if (row := _honest(rows, subset)) is not None]
    known = [row for row in chosen if row[["tp", "fp", "tn", "fn"]].sum()]
    if not known:
        why = next(
            (str(row["operating_reason"]) for row in chosen if row["operating_reason"]), "it has no scores"
        )
        st.write(f"Nothing can be counted: {plain(why)}.")
        return
    confusion.several(
        view,
        {
            f"{_set(row)}, {words.count(int(row['n_pos'] + row['n_neg']), view.unit)}": (
                int(row["tp"]),
                int(row["fp"]),
                int(row["tn"]),
                int(row["fn"]),
            )
            for row in known
        },
        name="network-confusion",
        says=network_answers.matrices(pd.DataFrame(known), results.threshold_origin(view), view.unit),
        beside=False,
    )


def _rows(view: View, shown: Networks) -> pd.DataFrame:
    """Networks in their order, sets in theirs; of a what-if the sets that the page shows."""
    rows = at_cases.called_by_set(view.analysis.id, FAMILY, view.unit)
    rows = rows[rows["subset"].isin(shown.rows["subset"])]
    order = {name: place for place, name in enumerate([*shown.called, *SUBSETS, "out_of_fold", "fitted"])}
    keys = ["classifier", "subset", "estimate"]
    return rows.sort_values(keys, key=lambda values: values.map(order), kind="stable", ignore_index=True)


def _honest(rows: pd.DataFrame, subset: str) -> pd.Series | None:
    """The row of a set: of training patients the out-of-fold one, where there is one."""
    own = rows[rows["subset"] == subset].sort_values("estimate", ascending=False, kind="stable")
    return None if own.empty else own.iloc[0]


def _set(row: pd.Series) -> str:
    """``Training (out of fold)``, ``Training (its own patients)``, ``External``."""
    name = words.SUBSETS[str(row["subset"])]
    if row["subset"] != "train":
        return name
    return f"{name} ({'out of fold' if row['estimate'] == 'out_of_fold' else 'its own patients'})"


def _ends(view: View, shown: Networks) -> dict[str, tuple[float, float]]:
    """Lowest and highest score of each network."""
    return {name: at_cases.score_ends(view.analysis.id, (FAMILY, name)) for name in shown.called}


def _readable(rows: pd.DataFrame, shown: Networks) -> pd.DataFrame:
    """A row a network: each number with its interval below, which stays in one line."""
    names = []
    for name, estimate, subset in zip(rows["classifier"], rows["estimate"], rows["subset"], strict=True):
        text = (
            f"**{plain(shown.called[name])}** (picked)" if name == shown.picked else plain(shown.called[name])
        )
        how = ", out of fold" if estimate == "out_of_fold" else ", its own patients"
        names.append(f"{text}{how}" if subset == "train" else text)
    cells = {
        title: [plain(text).replace(" to ", "\u00a0to\u00a0") for text in _values(rows, name)]
        for name, title in _MEASURES.items()
    }
    return pd.DataFrame({"Network": names, **cells})


def _values(rows: pd.DataFrame, name: str) -> list[str]:
    low, high = ("ci_low", "ci_high") if name == "auc" else (f"{name}_low", f"{name}_high")
    return tables.with_interval(rows, name, low, high)


def _whole(rows: pd.DataFrame, shown: Networks, origin: str) -> pd.DataFrame:
    notes = [
        "; ".join(dict.fromkeys(text for text in texts if text and not words.missing(text)))
        for texts in zip(
            *(rows[name] for name in ("reason", "operating_reason", "ppv_reason", "npv_reason")), strict=True
        )
    ]
    return pd.DataFrame(
        {
            "Network": rows["classifier"].map(shown.called),
            "Picked": rows["classifier"] == shown.picked,
            "Cases": [_set(row) for _, row in rows.iterrows()],
            **{title: _values(rows, name) for name, title in _MEASURES.items()},
            "Patients": rows["n_patients"],
            "Images": rows["n_images"],
            "Positive": rows["n_pos"],
            "Negative": rows["n_neg"],
            "Threshold": tables.thresholds(rows["threshold"]),
            "Threshold from": origin,
            "AUC interval by": rows["method"],
            "Note": notes,
        }
    )
