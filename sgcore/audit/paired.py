"""SGA060: are the comparisons paired, on the same cases, and corrected?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.networks import subset_name
from sgcore.audit.reported import between, joined, no_held_out, no_models, p_text
from sgcore.domain import SUBSETS, Severity

ALPHA = 0.05
_COLUMNS = [
    "a", "b", "subset", "n_patients", "n_images", "n_left_out", "auc_a", "auc_b", "delta", "ci_low", "ci_high",
    "p", "p_adjusted", "method", "reason",
]  # fmt: skip


class LooseComparisons:
    """Differences between families that rest on p before the correction, or on other cases."""

    code = "SGA060"
    title = "Differences between models that do not stand"
    severity: Severity = "warning"
    page = "evidence-families"

    def run(self, evidence: Evidence) -> Outcome:
        rows = evidence.frame("comparisons")
        if rows.empty:
            picks = evidence.frame("picks")
            if picks.empty or picks["classifier"].notna().sum() == 0:
                return no_models(evidence)
            return Outcome("not_applicable", "There is one model: nothing was compared.")
        families = rows[
            (rows["kind"] == "families") & rows["center"].isna() & (rows["unit"] == evidence.config.unit)
        ]
        if families.empty:
            return Outcome("not_applicable", "One family has a model: no families were compared.")
        own = families[families["subset"] != "train"]
        if own.empty:
            return no_held_out("the families' differences")
        table = own[_COLUMNS].reset_index(drop=True)
        known = own[own["p"].notna()]
        aside = _not_compared(own[own["p"].isna()])
        if known.empty:
            return Outcome("not_applicable", f"No pair of families could be compared.{aside}", table=table)
        raw = known[(known["p"] < ALPHA) & ~(known["p_adjusted"] < ALPHA)]
        other = known[known["n_left_out"] > 0]
        faults = []
        if len(raw):
            faults.append(
                f"{len(raw)} of {len(known)} differences have p below {ALPHA:g} only before Holm's "
                "correction, and support no claim that one is better: "
                f"{'; '.join(_told(row) for _, row in raw.iterrows())}."
            )
        if len(other):
            faults.append(
                f"{len(other)} of {len(known)} pairs leave out up to {int(other['n_left_out'].max())} images "
                "that only one of the two scored: their AUCs are not those of the tables, which have other "
                "cases."
            )
        stands = known[known["p_adjusted"] < ALPHA]
        standing = (
            f" Below {ALPHA:g} after the correction: {'; '.join(_told(row) for _, row in stands.iterrows())}."
            if len(stands)
            else f" No difference has p below {ALPHA:g} after the correction, which shows no equality."
        )
        tail = f"{standing}{aside} {_detectable(known)}"
        if not faults:
            return Outcome(
                "passed",
                f"All {len(known)} differences between families in the {_sets(known)} are paired (DeLong), "
                f"on the same cases, and corrected (Holm) within each set.{tail}",
                table=table,
            )
        return Outcome(
            "finding",
            f"{' '.join(faults)}{tail}",
            remedy="Quote the adjusted p with the interval of the difference, and how many pairs were compared; "
            "compare families on the cases that all of them scored.",
            table=table,
        )


def _told(row: pd.Series) -> str:
    delta = f"{row['delta']:+.2f} ({between(row['ci_low'], row['ci_high'])})"
    return (
        f"{row['a']} minus {row['b']} in the {subset_name(row['subset'])} {delta}, p {p_text(row['p'])}, "
        f"adjusted {p_text(row['p_adjusted']).removeprefix('= ')} ({int(row['n_patients'])} patients)"
    )


def _not_compared(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    whys = dict.fromkeys(f"{row.a} and {row.b} ({row.reason})" for row in rows.itertuples())
    return f" Not compared: {'; '.join(whys)}."


def _detectable(known: pd.DataFrame) -> str:
    """The difference that an interval of the usual width would have told from 0, before any correction."""
    parts = []
    for subset, part in known.groupby("subset", sort=False):
        half = ((part["ci_high"] - part["ci_low"]) / 2).median()
        if pd.notna(half):
            parts.append(
                f"{half:.2f} in the {subset_name(str(subset))} ({int(part['n_patients'].max())} patients)"
            )
    if not parts:
        return "No difference has an interval."
    return f"A difference had to be about {joined(parts)} for p = {ALPHA:g}, and larger after the correction."


def _sets(known: pd.DataFrame) -> str:
    return joined(subset_name(name) for name in SUBSETS if (known["subset"] == name).any())
