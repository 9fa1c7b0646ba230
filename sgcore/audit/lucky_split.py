"""SGA033: how lucky is this split?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Draws, Evidence, Outcome
from sgcore.audit.networks import subset_name
from sgcore.audit.not_drawn import not_drawn
from sgcore.audit.reported import joined, no_models, without_estimate
from sgcore.audit.waiting import not_computed
from sgcore.domain import Severity

#: Share of the other splits that lie below a lucky one.
LUCKY = 0.95
#: Other splits below which none can be luckier than 19 of 20.
_FEWEST = 20
_COLUMNS = [
    "family", "classifier", "subset", "unit", "observed", "share", "lowest", "low", "median", "high", "highest",
    "splits", "reason",
]  # fmt: skip


class LuckySplit:
    """The study's own AUCs among those of the same pipeline on other splits of its development patients."""

    code = "SGA033"
    title = "A lucky split"
    severity: Severity = "warning"
    page = "models-classifiers"

    def run(self, evidence: Evidence) -> Outcome:
        picks = evidence.frame("picks")
        if picks.empty:
            return no_models(evidence)
        found = evidence.draws("splits")
        if found is None or found.rows.empty:
            if not (evidence.study.patients["subset"] == "validation").any():
                return Outcome(
                    "not_applicable",
                    "No development patient validates: there is no split that could be lucky.",
                )
            return not_computed("What other splits of the development patients give")
        rows = found.rows[found.rows["unit"] == evidence.config.unit]
        table = rows[_COLUMNS].reset_index(drop=True)
        judged = rows[rows["share"].notna() & (rows["splits"] >= _FEWEST)]
        aside = without_estimate(rows[rows["share"].isna()]) + _too_few(rows[rows["share"].notna()])
        aside += not_drawn(picks.dropna(subset=["classifier"]), found.rows)
        if judged.empty:
            return Outcome(
                "not_applicable", f"The split could not be compared with others.{aside}", table=table
            )
        parts = [
            f"{family}: {', '.join(_told(row) for _, row in part.iterrows())}"
            for family, part in judged.groupby("family", sort=False)
        ]
        message = (
            f"AUC by {evidence.config.unit} of the study's own split among {_splits(found, judged)} of the "
            f"development patients (as many of each label to train, everything made anew): {'; '.join(parts)}."
            f"{_given(evidence)}{aside}"
        )
        lucky = judged[judged["share"] >= LUCKY]
        if lucky.empty:
            return Outcome(
                "passed",
                f"Not a lucky split. {message} Above {_limits(judged)} it would have been one.",
                table=table,
            )
        named = joined(f"{row.family} ({subset_name(row.subset)})" for row in lucky.itertuples())
        return Outcome(
            "finding",
            f"The split is luckier than 19 of 20: {named}. {message} One split in twenty is so lucky by chance, for "
            "each family and set that is looked at.",
            remedy="Report the median and range over many splits, or repeated cross-validation, beside the AUC of "
            "this one; say how and when the split was drawn, and that no other was tried.",
            table=table,
        )


def _told(row: pd.Series) -> str:
    return (
        f"{subset_name(row['subset'])} {row['observed']:.3f}, above {row['share']:.0%} of the others (median "
        f"{row['median']:.3f}, 95% of them {row['low']:.3f} to {row['high']:.3f})"
    )


def _splits(found: Draws, judged: pd.DataFrame) -> str:
    text = f"{int(judged['splits'].max())} other splits"
    return text if found.complete else f"{text} ({found.usual} are usual)"


def _given(evidence: Evidence) -> str:
    """What random splits say of one that was not drawn at random."""
    column = evidence.study.split_column
    if column is None:
        return ""
    return (
        f" The study brings its split (column {column!r}); where it goes by time or device, a validation AUC below "
        "those of random splits is no bad luck."
    )


def _limits(judged: pd.DataFrame) -> str:
    return joined(f"{row.lucky:.3f} ({row.family}, {subset_name(row.subset)})" for row in judged.itertuples())


def _too_few(rows: pd.DataFrame) -> str:
    few = rows[rows["splits"] < _FEWEST]
    if few.empty:
        return ""
    families = joined(dict.fromkeys(few["family"]))
    return f" {families}: {int(few['splits'].min())} other splits, {_FEWEST} are needed."
