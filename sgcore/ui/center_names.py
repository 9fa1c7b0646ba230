"""Many centers in a sentence: three are named, the others counted, and no reason is left out."""

from __future__ import annotations

import re

import pandas as pd

from sgcore.plots import words
from sgcore.ui.answers import flat

#: More centers than this are counted, not named.
NAMED = 3


def named(centers: list[str]) -> str:
    """``Beta``, ``Beta and Eta``, ``Beta, Eta, Zeta and 27 more``."""
    more = len(centers) - NAMED
    return words.join([*centers[:NAMED], *([f"{more} more"] if more > 0 else [])])


def measured(rows: pd.DataFrame) -> pd.DataFrame:
    """Centers with an AUC that says how their cases are ranked: the 0.5 of equal scores is no measured one."""
    return rows[rows["auc"].notna() & ~flat(rows)]


def no_auc(rows: pd.DataFrame) -> str:
    """``no AUC in Beta: one class only; Eta and Zeta: ...`` for the centers without one; else nothing.

    Reasons that differ in their numbers alone are one, and the first center's is given as its own. Centers
    whose scores are all equal come last, in words of their own.
    """
    lost = rows[rows["auc"].isna()]
    parts = []
    for centers, reasons in _alike(lost["center"], lost["reason"]):
        same = len(set(reasons)) == 1
        why = reasons[0] if same or not reasons[0] else f"in {centers[0]} {reasons[0]}"
        parts.append(named(centers) + (f": {why}" if why else ""))
    said = [f"no AUC in {'; '.join(parts)}"] if parts else []
    equal = list(rows.loc[flat(rows), "center"])
    if equal:
        each = "each of " if len(equal) > 1 else ""
        said.append(f"in {each}{named(equal)} everybody has the same score, which ranks nobody")
    return "; ".join(said)


def not_in_the_mean(rows: pd.DataFrame, *, pooled: bool) -> str:
    """``; 2 of the 9 are not in the mean: Beta and Eta with an AUC of 1, ...`` for centers with an AUC; else nothing.

    ``rows`` : ``center, auc, not_pooled``, the last why a center with an AUC could not enter the mean.
    ``pooled`` : whether the others have a mean.
    """
    known = measured(rows)
    aside = known[known["not_pooled"].notna()]
    if aside.empty:
        return ""
    parts = []
    both_ways = aside["auc"].eq(1.0).any() and aside["auc"].eq(0.0).any()
    for limit, error in ((1.0, "low"), (0.0, "high")):
        perfect = list(aside.loc[aside["auc"] == limit, "center"])
        if perfect:
            # Logits of 0 and 1 are infinite: what is left out is the best or the worst there is. Where it is
            # both, nobody knows which way the mean is off.
            without = f", without which it is too {error}" if pooled and not both_ways else ""
            parts.append(f"{named(perfect)} with an AUC of {limit:g}{without}")
    rest = aside[~aside["auc"].isin([0.0, 1.0])]
    for centers, reasons in _alike(rest["center"], rest["not_pooled"]):
        parts.append(f"{named(centers)}, {reasons[0]}")
    does = f"{'is' if len(aside) == 1 else 'are'} not in the mean" if pooled else "cannot enter one"
    return f"; {len(aside)} of the {len(known)} {does}: {'; '.join(parts)}"


def _alike(centers: pd.Series, reasons: pd.Series) -> list[tuple[list[str], list[str]]]:
    """Centers and reasons by what the reasons say, numbers aside; the largest group first."""
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for center, reason in zip(centers, reasons, strict=True):
        text = "" if words.missing(reason) else str(reason)
        names, whys = groups.setdefault(re.sub(r"\d[\d.]*", "#", text), ([], []))
        names.append(str(center))
        whys.append(text)
    return sorted(groups.values(), key=lambda group: -len(group[0]))
