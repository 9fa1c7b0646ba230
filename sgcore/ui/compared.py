"""Curves and differences of several models on one set, as the classifiers and the families page show them."""

from __future__ import annotations

import streamlit as st

from sgcore import plots, workflow
from sgcore.domain import FAMILIES
from sgcore.plots import words
from sgcore.ui import answers, results, tables
from sgcore.ui.charts import chart
from sgcore.ui.results import Shown
from sgcore.ui.state import choose
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme

#: What the part of a page is called.
PART = "AUC"
_CORRECTIONS = {"holm": "Holm", "bh": "Benjamini-Hochberg"}


def roc(view: View, shown: Shown, *, name: str) -> None:
    """ROC curves: families by color with the best one's band, classifiers by dash."""
    if not shown.drawable:
        why = answers.reason(shown.rows) or "no model has scores here"
        st.write(f"No curve can be drawn for these cases: {plain(why)}.")
        return
    families = shown.column == "family"
    chart(
        plots.roc(
            shown.points,
            theme(),
            colors=shown.colors,
            dashes=None if families else shown.dashes,
            symbols=None if families else shown.symbols,
            labels=shown.labels,
            band=shown.best if families else None,
            operating=shown.operating,
        ),
        view,
        name=name,
        says=_caption(view, shown, shown.best if families else None),
        table=tables.evaluations(shown.rows, origin=results.threshold_origin(view)),
        raw=shown.rows,
    )


def differences(view: View, shown: Shown, *, name: str) -> None:
    """Paired differences in AUC of every two models, where there are two."""
    if shown.comparisons.empty:
        return
    families = shown.column == "family"
    st.header(f"Differences between {'families' if families else 'classifiers'} (DeLong)", anchor=False)
    method = choose(
        "correction",
        list(_CORRECTIONS),
        "holm",
        st.segmented_control,
        "p adjusted over this matrix by",
        format_func=_CORRECTIONS.__getitem__,
        help="Holm holds the chance of any false difference in the matrix at 5%. Benjamini-Hochberg holds the share "
        "of false ones among those called different; it suits screening, not a claim about one pair.",
    )
    pairs = workflow.adjusted(shown.comparisons, "bh" if method == "bh" else "holm")
    chart(
        plots.difference_matrix(pairs, theme(), list(FAMILIES if families else shown.points)),
        view,
        name=name,
        says="Below the diagonal: row minus column, with its interval, which is not adjusted. Above: raw p and p "
        f"adjusted by {_CORRECTIONS[method]}.",
        table=tables.comparisons(pairs, adjusted=f"p, adjusted by {_CORRECTIONS[method]}"),
        raw=pairs.assign(correction=method),
    )


def promises(view: View, shown: Shown) -> None:
    """Families that rest on less than their name promises, beside a part whose sentences name them."""
    for family in dict.fromkeys(shown.rows.get("family", [])):
        rests = results.ratio_alone(view, family)
        if rests:
            small(f"{family} here is {rests}.")


def _caption(view: View, shown: Shown, band: str | None) -> str:
    """What the curves are drawn from."""
    at = shown.at
    cases = f"{words.SUBSETS[at.subset]} cases{'' if at.center is None else f' of {at.center}'}"
    cases += "" if at.subgroup is None else f", {at.subgroup.level} only"
    marks = "Dots" if shown.column == "family" else "Markers"
    text = f"{cases}, by {view.unit}. {marks}: each model at its own threshold, chosen by {view.unit} in training."
    return text if band is None else f"{text} Band: 95% interval of {band} at each threshold by itself."
