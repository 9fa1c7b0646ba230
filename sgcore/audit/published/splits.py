"""How many cases of a set are positive: as printed, as somebody assumed, or which splits are plausible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import scipy

from sgcore.audit.published.paper import HELD_OUT, Paper, ReportedAuc, ReportedSet
from sgcore.domain import Unit

UNITS: tuple[Unit, ...] = ("image", "patient")
#: Plausible splits of a large set that are tried: between them an interval hardly changes.
_MOST_TRIED = 50


@dataclass(frozen=True)
class ClassSplit:
    """Class counts of a set by ``unit``; positives from ``lowest`` to ``highest`` are plausible, equal when printed."""

    set: str
    unit: Unit
    n_pos: int
    n_neg: int
    source: Literal["printed", "assumed", "unknown"]
    lowest: int
    highest: int
    why: str

    @property
    def n(self) -> int:
        return self.n_pos + self.n_neg

    @property
    def counts(self) -> str:
        """``14 positive and 15 negative patients``."""
        return f"{self.n_pos} positive and {self.n_neg} negative {self.unit}s"

    def some_plausible(self) -> list[tuple[int, int]]:
        """Positives and negatives of plausible splits from the lowest to the highest, every one of a small set."""
        step = max(1, (self.highest - self.lowest) // _MOST_TRIED)
        tried = {*range(self.lowest, self.highest, step), self.n_pos, self.highest}
        return [(k, self.n - k) for k in sorted(tried)]


def class_split(paper: Paper, of: ReportedSet, unit: Unit) -> ClassSplit | None:
    """The split of a set; None where the paper does not give its number of cases, or gives a single one.

    Without printed class counts, plausible is what a sample of this size holds in 95 of 100 cases at the share of
    positives of the largest set whose counts are printed (binomial), or from a third to two thirds without such a set.
    """
    n, positive = of.cases(unit), of.positives(unit)
    if n is None or n < 2:
        return None
    if positive is not None and not of.split_assumed:
        return ClassSplit(of.name, unit, positive, n - positive, "printed", positive, positive, "")
    share, where = _printed_share(paper)
    if share is None:
        low, high, likely = n // 3, n - n // 3, n // 2
        why = "a third to two thirds"
    else:
        low, high = (int(scipy.stats.binom.ppf(tail, n, share)) for tail in (0.025, 0.975))
        likely = round(n * share)
        why = f"95% of samples at the share of positives of {where}"
    given = likely if positive is None else positive
    low, high, n_pos = (min(max(1, k), n - 1) for k in (min(low, given), max(high, given), given))
    source: Literal["assumed", "unknown"] = "unknown" if positive is None else "assumed"
    return ClassSplit(of.name, unit, n_pos, n - n_pos, source, low, high, why)


def _printed_share(paper: Paper) -> tuple[float | None, str]:
    """Share of positives of the largest set whose class counts are printed, and its name."""
    known = [
        (of.cases(unit) or 0, (of.positives(unit) or 0), of.name)
        for unit in UNITS
        for of in paper.sets
        if of.positives(unit) is not None and not of.split_assumed
    ]
    if not known:
        return None, ""
    n, positive, name = max(known)
    return positive / n, f"{name!r} ({positive} of {n})"


def assumed_text(splits: list[ClassSplit]) -> str:
    """Sentences on class counts that are not the paper's own; empty where all are printed."""
    unknown = [split for split in splits if split.source != "printed"]
    texts = []
    for name in dict.fromkeys(split.set for split in unknown):
        of_set = [split for split in unknown if split.set == name]
        counts = " and ".join(f"{each.n_pos} of {each.n} {each.unit}s" for each in of_set)
        ranges = " and ".join(f"{each.lowest} to {each.highest} {each.unit}s" for each in of_set)
        texts.append(
            f"The class counts of {name!r} are not printed: {counts} are taken as positive, {ranges} are plausible "
            f"({of_set[0].why})."
        )
    return " ".join(texts)


def held_out(paper: Paper) -> list[ReportedSet]:
    """Validation and external sets with an AUC, external ones first."""
    found = [each for each in paper.sets if each.role in HELD_OUT and paper.aucs_on(each.name)]
    return sorted(found, key=lambda each: each.role != "external")


def strictest(paper: Paper, of: ReportedSet) -> ClassSplit | None:
    """The split by patient, who are independent; by image where the number of patients is not given."""
    return class_split(paper, of, "patient") or class_split(paper, of, "image")


def one_a_model(paper: Paper, split: ClassSplit) -> list[ReportedAuc]:
    """AUCs that count the cases of ``split``, the highest first: of each model the one whose unit is printed.

    AUCs of the other unit stand in only where the set has no others.
    """
    aucs = paper.aucs_on(split.set)
    fitting = [auc for auc in aucs if auc.unit in (None, split.unit)] or aucs
    of_model = {auc.model: auc for auc in sorted(fitting, key=lambda auc: auc.unit is not None)}
    return sorted(of_model.values(), key=lambda auc: -auc.value.value)
