"""SGP031: is the external set large enough for its AUC?"""

from __future__ import annotations

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper
from sgcore.audit.published.splits import assumed_text, held_out, one_a_model, strictest
from sgcore.domain import Severity

WIDTH = 0.1


class ExternalPatients:
    """Cases needed for a 95% interval of the AUC that is no wider than 0.1."""

    code = "SGP031"
    title = "Too few cases to know the AUC"
    severity: Severity = "warning"

    def run(self, paper: Paper) -> Answer:
        rows, texts, splits = [], [], []
        for each in held_out(paper):
            split = strictest(paper, each)
            if split is None:
                continue
            best = one_a_model(paper, split)[0]
            if not 0 < best.value.value < 1:
                continue
            need = stats.external_size(best.value.value, split.n_pos / split.n, auc_width=WIDTH)
            now = stats.external_precision(best.value.value, split.n_pos, split.n_neg)
            rows.append(
                {
                    "set": each.name,
                    "model": best.model,
                    "auc": best.value.value,
                    "unit": split.unit,
                    "n": split.n,
                    "width": min(now.auc_width, now.ci_high - now.ci_low),
                    "n_needed": int(need.n_auc),
                    "enough": split.n >= need.n_auc,
                }
            )
            texts.append(
                f"{each.name!r} has {split.n:,} {split.unit}s; for an interval of width {WIDTH} at {best.model}'s AUC "
                f"of {best.value.text}, {int(need.n_auc):,} are needed."
            )
            splits.append(split)
        if not rows:
            return not_applicable("No held-out set has an AUC between 0 and 1 and a known number of cases.")
        assumed = assumed_text(splits)
        aim = "Independent cases with Newcombe's variance; a width of 0.1 is the aim (Riley 2021)."
        assumption = f"{aim} {assumed}".strip()
        if all(row["enough"] for row in rows):
            return Answer("passed", " ".join(texts), assumption, "", {"rows": rows})
        remedy = "Read the AUC with its interval; collect more patients before a claim about new ones."
        return Answer("finding", " ".join(texts), assumption, remedy, {"rows": rows})
