"""SGA032: how often does the whole pipeline reach this AUC on permuted labels?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.networks import DEEP_FAMILIES, SCORES, deep_families, subset_name
from sgcore.audit.reported import joined, no_held_out, no_models, reported_set, without_estimate
from sgcore.audit.waiting import not_computed
from sgcore.domain import Severity

LIMIT = 0.05
#: Permutations below which no p can be under the limit: the smallest is 1 / (m + 1), and at the limit is a finding.
_FEWEST = 20
_COLUMNS = [
    "family", "classifier", "subset", "unit", "null", "observed", "chance_median", "chance_95", "p", "p_low", "p_high",
    "permutations", "reason",
]  # fmt: skip
PIPELINE, FIXED = "whole pipeline", "models as they are"


class ReachedByChance:
    """The AUC of each family on the set that the study is judged by, against the pipeline on permuted labels."""

    code = "SGA032"
    title = "An AUC that chance reaches as well"
    severity: Severity = "warning"
    page = "models-classifiers"

    def run(self, evidence: Evidence) -> Outcome:
        evaluations = evidence.frame("evaluations")
        if evaluations.empty or evidence.frame("picks").empty:
            return no_models(evidence)
        reported = reported_set(evaluations)
        if reported is None:
            return no_held_out("chance")
        found = evidence.draws("permutation")
        drawn = pd.DataFrame() if found is None else found.rows
        fixed = evidence.frame("fixed_score_nulls")
        if len(fixed):
            # No draw makes families on networks anew.
            again = set(drawn["family"]) if len(drawn) else set()
            if not again and set(fixed["family"]) - {SCORES, *DEEP_FAMILIES}:
                return not_computed("How often chance reaches the reported AUC")
            fixed = fixed[~fixed["family"].isin(again)]
        elif drawn.empty:
            return not_computed("How often chance reaches the reported AUC")
        parts = [part.assign(null=name) for name, part in ((PIPELINE, drawn), (FIXED, fixed)) if len(part)]
        rows = pd.concat(parts, ignore_index=True)
        rows = rows[rows["unit"] == evidence.config.unit]
        table = rows.reindex(columns=_COLUMNS).reset_index(drop=True)
        # With ComBat nobody of an unknown center has a score: what is judged then is the validation set.
        reported = reported_set(rows[rows["p"].notna()]) or reported
        own = rows[rows["subset"] == reported]
        judged = own[own["p"].notna() & (own["permutations"] >= _FEWEST)]
        aside = without_estimate(own[own["p"].isna()]) + _too_few(own) + _network_pick(evidence, reported)
        aside += _lacking(evidence, own)
        if judged.empty:
            return Outcome("not_applicable", f"No AUC could be compared with chance.{aside}", table=table)
        numbers = "; ".join(_told(row) for _, row in judged.iterrows())
        message = (
            f"In the {subset_name(reported)}, by {evidence.config.unit}: {numbers}. {_how(judged)}{aside}"
        )
        weak = judged[judged["p"] >= LIMIT]
        if weak.empty:
            limits = joined(f"{row.family} {row.chance_95:.3f}" for row in judged.itertuples())
            return Outcome(
                "passed",
                f"More than chance explains. {message} An AUC below about {limits} would have been a finding.",
                table=table,
            )
        return Outcome(
            "finding",
            f"Chance reaches the AUC of {joined(weak['family'])} in more than one case of twenty. {message}"
            f"{_edge(judged)} It is not shown that these models know nothing: on so few patients a weak model and "
            "none look alike.",
            remedy="Do not report these AUCs as evidence of a signal. Report p and the chance level beside them, and "
            "test the model as it is on more patients.",
            table=table,
        )


def _told(row: pd.Series) -> str:
    best = f", best of {int(row['n_candidates'])}" if row["null"] == FIXED and row["n_candidates"] > 1 else ""
    p = f"{row['p']:.3f}" if row["p"] >= 0.001 else f"{row['p']:.4f}"
    return (
        f"{row['family']} ({row['classifier']}{best}) AUC {row['observed']:.3f}, by chance {row['chance_median']:.3f} "
        f"in the middle and {row['chance_95']:.3f} in one case of twenty, p = {p} ({row['p_low']:.3f} to "
        f"{row['p_high']:.3f}, {int(row['permutations'])} permutations){_empty(row)}"
    )


def _empty(row: pd.Series) -> str:
    """That permutations selected nothing: where most did, p says no more than that something was selected."""
    empty = row.get("n_empty")
    if pd.isna(empty) or not empty:
        return ""
    text = f", nothing selected and AUC 0.5 in {int(empty)} of them"
    if 2 * empty < row["permutations"]:
        return text
    return f"{text}, so that p says little more than that something was selected"


def _how(judged: pd.DataFrame) -> str:
    text = "Labels of whole patients were permuted within center and set"
    by = {str(name): list(part["family"]) for name, part in judged.groupby("null", sort=False)}
    if FIXED not in by:
        return f"{text}, and everything was made anew each time: selection, classifiers and pick."
    left = (
        f"networks are not trained anew, so that of {joined(by[FIXED])} only the held-out labels were permuted and "
        "the models left as they are"
    )
    if PIPELINE not in by:
        return f"{text}; {left}."
    return (
        f"{text}. Of {joined(by[PIPELINE])} selection, classifiers and pick were made anew each time; {left}."
    )


def _edge(judged: pd.DataFrame) -> str:
    """Families of which more permutations could say the other thing."""
    close = judged[(judged["p_low"] < LIMIT) & (judged["p_high"] >= LIMIT)]
    return "" if close.empty else f" Of {joined(close['family'])} more permutations could decide otherwise."


def _network_pick(evidence: Evidence, reported: str) -> str:
    """That the network behind deep features was picked on the reported set, which their null leaves out."""
    deep, networks, families = evidence.config.deep, evidence.frame("networks"), deep_families(evidence)
    if deep is None or deep.pick != reported or networks.empty or not families:
        return ""
    known = networks["backbone"].nunique()
    if known < 2:
        return ""
    return (
        f" The network of {joined(families)} was picked on this very set, one of {known}: their p is too small by "
        "that (SGA030)."
    )


def _lacking(evidence: Evidence, own: pd.DataFrame) -> str:
    known = evidence.frame("picks").dropna(subset=["classifier"])
    lacking = known.loc[~known["family"].isin(own["family"]), "family"]
    return f" Without a score in this set: {joined(lacking)}." if len(lacking) else ""


def _too_few(own: pd.DataFrame) -> str:
    few = own[own["p"].notna() & (own["permutations"] < _FEWEST)]
    if few.empty:
        return ""
    return (
        f" {joined(few['family'])}: {int(few['permutations'].min())} permutations cannot give a p below {LIMIT}; "
        f"{_FEWEST} are the fewest that can."
    )
