"""SGP021: how high does the best of all that was tried go by chance?"""

from __future__ import annotations

from functools import lru_cache
from math import prod, sqrt
from typing import Any

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper
from sgcore.audit.published.reported_picks import picks_on_reported
from sgcore.audit.published.splits import assumed_text, one_a_model, strictest
from sgcore.domain import Severity

CORRELATIONS = (0.5, 0.8, 0.95)
REPLICATES = 20_000
#: A share that a simulation of so many replicates does not tell from 5%.
ONE_IN_TWENTY = 0.05 - 1.96 * sqrt(0.05 * 0.95 / REPLICATES)
#: More combinations than these nobody evaluates; their chance level is that of so many.
MOST = 100_000


class ChanceLevel:
    """The best of k at chance, for k of the first pick alone, of the first two combined, and so on."""

    code = "SGP021"
    title = "An AUC that the best of so many reaches by chance"
    severity: Severity = "warning"

    def run(self, paper: Paper) -> Answer:
        bad = picks_on_reported(paper)
        rows: list[dict[str, Any]] = []
        texts, splits = [], []
        for name in dict.fromkeys(pick.set for pick in bad):
            split = strictest(paper, paper.set_named(name))
            aucs = [] if split is None else one_a_model(paper, split)
            if split is None or not aucs:
                continue
            best = aucs[0]
            picks = [pick for pick in bad if pick.set == name]
            numbers = tuple(
                min(MOST, prod(pick.candidates for pick in picks[: i + 1])) for i in range(len(picks))
            )
            # "0.82" may have been 0.819 before it was rounded.
            smallest = float(best.value.band("rounded")[0])
            made = _chance(split.n_pos, split.n_neg, numbers, smallest)
            of_set: list[dict[str, Any]] = [
                {
                    "set": name,
                    "candidates": k,
                    "combined": " x ".join(pick.what for pick in picks[: i + 1]),
                    "correlation": found.correlation,
                    "median": found.median[i],
                    "percentile_95": found.upper[i],
                    "reached": found.reached[i],
                    "auc": best.value.value,
                    "printed": best.value.text,
                    "model": best.model,
                    "might_explain": found.reached[i] >= ONE_IN_TWENTY,
                    "method": found.method,
                }
                for i, k in enumerate(numbers)
                for found in made
            ]
            rows += of_set
            texts.append(_text(name, split.counts, of_set))
            splits.append(split)
        if not rows:
            return not_applicable(
                "No pick of several was made on a held-out set with an AUC and a known number of cases."
            )
        values = {"replicates": REPLICATES, "rows": rows}
        assumption = (
            "No candidate knows anything; every two have scores of the same correlation, 0.5, 0.8 or 0.95, which no "
            "paper reports; simulated with a fixed seed (another one may move a 95th percentile by a step of the set's "
            "AUCs, 1 / (positive x negative cases)). "
            f"{assumed_text(splits)}"
        ).strip()
        if any(row["might_explain"] for row in rows):
            remedy = (
                "Report how many combinations were tried, and a permutation test that repeats every pick."
            )
            return Answer("finding", " ".join(texts), assumption, remedy, values)
        text = " ".join(texts) + " Chance alone reaches the reported AUC in under one case of twenty."
        return Answer("passed", text, assumption, "", values)


@lru_cache(maxsize=64)
def _chance(n_pos: int, n_neg: int, numbers: tuple[int, ...], auc: float) -> tuple[stats.ChanceOfBest, ...]:
    """The simulation, kept: a page asks for it at every change of any other number."""
    return stats.chance_of_best(n_pos, n_neg, numbers, CORRELATIONS, auc=auc, replicates=REPLICATES)


def _text(name: str, counts: str, rows: list[dict[str, Any]]) -> str:
    parts = []
    for k in dict.fromkeys(row["candidates"] for row in rows):
        of_k = [row for row in rows if row["candidates"] == k]
        limits = " / ".join(f"{row['percentile_95']:.3f}" for row in of_k)
        shares = " / ".join(f"{row['reached']:.1%}" for row in of_k)
        might = any(row["might_explain"] for row in of_k)
        so = (
            "so that chance might explain it"
            if might
            else "in under one case of twenty at these correlations"
        )
        parts.append(
            f"best of {k:,} ({of_k[0]['combined']}): {limits}; it reaches {of_k[0]['printed']} in {shares}, {so}"
        )
    first = rows[0]
    return (
        f"{first['model']} has {first['printed']} on {name!r}. With {counts} chance alone reaches, in one case of "
        f"twenty, at a correlation of 0.5 / 0.8 / 0.95: {'. '.join(part[0].upper() + part[1:] for part in parts)}."
    )
