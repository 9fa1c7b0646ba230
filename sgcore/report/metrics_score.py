"""The METRICS score as a range: what is known counts, what only people know may go either way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

from sgcore.report.checklists import Answered

#: Lower ends of the quality categories, in percent (Kocak et al. 2024, doi 10.1186/s13244-023-01572-w).
CATEGORIES = ((80, "excellent"), (60, "good"), (40, "moderate"), (20, "low"), (0, "very low"))


@dataclass(frozen=True)
class MetricsScore:
    """Percent of the weights that apply.

    ``lowest`` is with every open item a no, ``highest`` with every one a yes. An item is open while a person has
    to answer or to confirm it, also where only its condition is unknown. ``n_open`` of ``n_items`` are;
    ``n_apart`` do not apply.
    """

    lowest: float
    highest: float
    n_open: int
    n_apart: int
    n_items: int

    @property
    def sentence(self) -> str:
        if self.n_apart == self.n_items:
            return "METRICS score: no item applies."
        return (
            f"METRICS score: from {self.lowest:.1f}% ({category(self.lowest)}) if all {self.n_open} open items turn "
            f"out as no, to {self.highest:.1f}% ({category(self.highest)}) if all turn out as yes; "
            f"{self.n_apart} of {self.n_items} items do not apply."
        )


def metrics_score(rows: Sequence[Answered]) -> MetricsScore:
    """Weights of items with a yes over those of all that apply.

    A condition that is not known leaves its item in the sum: between a no and a yes lies also that it does not apply.
    """
    apply = [row for row in rows if row.answer.state != "not_applicable"]
    total = sum(row.item.weight for row in apply)
    known = [row for row in apply if row.answer.state == "data"]
    yes = sum(row.item.weight for row in known if row.answer.holds)
    open_ = sum(row.item.weight for row in apply if row.answer.state != "data")
    share = (100 * yes / total, 100 * (yes + open_) / total) if total else (nan, nan)
    return MetricsScore(*share, len(apply) - len(known), len(rows) - len(apply), len(rows))


def category(percent: float) -> str:
    """The name of a score's quality category."""
    return next(name for least, name in CATEGORIES if percent >= least)
