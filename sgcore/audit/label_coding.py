"""Centers in which a column of the patients says the opposite of their labels, as elsewhere it does not."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import pandas as pd

from sgcore.audit.study_columns import described
from sgcore.domain import Study

#: A column goes with the labels where at least this share of the other centers' patients have its level's usual label.
AGREE = 0.9
#: So seldom would labels that have nothing to do with the column disagree with it so often.
RARE = 0.01
#: Patients a level on average: rarer ones go with any label.
PER_LEVEL = 3


@dataclass(frozen=True)
class Contradiction:
    """``agree`` of ``n`` patients of a center have the label that their level of ``column`` has in other centers.

    There it is the label of ``elsewhere`` (a share) of the patients.
    """

    center: str
    column: str
    agree: int
    n: int
    elsewhere: float


def contradictions(study: Study) -> list[Contradiction]:
    """Centers whose labels are probably coded the other way, by column; empty where no column goes with labels.

    The usual label of a level is that of most patients of the other centers; levels that they do not have say nothing.
    """
    found = []
    for table, column in described(study):
        if table != "patients":
            continue
        known = study.patients[study.patients[column].notna()]
        if known[column].nunique() * PER_LEVEL > len(known):
            continue
        for center in known["center"].unique():
            here = known["center"] == center
            one = _judged(known[here], known[~here], str(center), column)
            if one is not None:
                found.append(one)
    return found


def _judged(own: pd.DataFrame, others: pd.DataFrame, center: str, column: str) -> Contradiction | None:
    share = others.groupby(column)["y"].mean()
    usual = (share[share != 0.5] > 0.5).astype(int)
    elsewhere = others["y"] == others[column].map(usual)
    told = own[column].map(usual).dropna()
    agree, n = int((own.loc[told.index, "y"] == told).sum()), len(told)
    if usual.nunique() < 2 or elsewhere.mean() < AGREE or _as_few(agree, n) >= RARE:
        return None
    return Contradiction(center, column, agree, n, float(elsewhere.mean()))


def _as_few(agree: int, n: int) -> float:
    """How often as few of n labels agree when each does so by the toss of a coin."""
    return sum(comb(n, k) for k in range(agree + 1)) / 2**n
