"""SGA030: was a network, classifier or family's model picked on the set that it is reported on?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.networks import (
    BROUGHT,
    DEEP_FAMILIES,
    SCORES,
    deep_families,
    out_of_fold,
    picked_networks,
)
from sgcore.audit.reported import reported_set
from sgcore.domain import Severity


class PickedOnReportedSet:
    """Names every pick, of networks too, the set it was made on and how many candidates there were.

    A finding is a pick on the set that the study is judged by: a validation set that stands beside an external one is
    there to pick on.
    """

    code = "SGA030"
    title = "Picked on the set it is reported on"
    severity: Severity = "error"
    page = "models-classifiers"

    def run(self, evidence: Evidence) -> Outcome:
        picks = evidence.frame("picks")
        rows = evidence.frame("evaluations")
        if picks.empty or rows.empty:
            return Outcome("not_applicable", "No model was fitted, so nothing was picked.")
        # Of DL these are networks.
        candidates = rows.groupby("family")["classifier"].nunique()
        picks = picks.assign(candidates=picks["family"].map(candidates))
        network = _network_pick(picks, evidence)
        picks = pd.concat([picks, network], ignore_index=True)
        chosen = picks[(picks["candidates"] > 1) & picks["evaluated_on"].notna()]
        reported = reported_set(rows)
        epochs = _epochs(evidence)
        # Of an external set the epochs knew nothing.
        stopped = epochs if reported != "external" else ""
        aside = f" {epochs}" if epochs and not stopped else ""
        looks = f" Held-out results of what-if analyses were opened {evidence.looks} time(s)." * bool(
            evidence.looks
        )
        bad = chosen[chosen["evaluated_on"] == reported]
        tuned = chosen[~chosen["evaluated_on"].isin([reported, "training folds"])]
        aside = _tuned(tuned) + aside + _seen_in_folds(chosen, evidence) + looks
        if bad.empty and not stopped:
            folds = chosen[chosen["evaluated_on"] == "training folds"]
            said = f"No pick was made on {f'the {reported}' if reported else 'a held-out'} set."
            if len(folds):
                said += f" By patient-grouped folds of the training patients: {_name(folds)}."
            elif tuned.empty:
                said = "No family had several candidates to pick from by an AUC."
            return Outcome("passed", f"{said}{aside}{_family(rows, reported, evidence)}", table=picks)
        messages, remedies = [], []
        if len(bad):
            shared = " Models on deep features of a network that was picked there share in this." * bool(
                (network["evaluated_on"] == reported).any()
            )
            bonus = _bonus(evidence.frame("chance"), str(reported))
            messages.append(
                f"{_name(bad)}. The AUC on that set is the best of several and too high by construction.{shared}{bonus}"
            )
            remedies.append("Pick by training folds (the strict recipe), or report all candidates.")
        if stopped:
            messages.append(stopped)
            remedies.append(
                "Train the networks for a number of epochs that is fixed beforehand, without `--early-stopping`."
            )
        return Outcome("finding", " ".join(messages) + aside, remedy=" ".join(remedies), table=picks)


def _tuned(picks: pd.DataFrame) -> str:
    """That a validation set on which something was picked is no test of it."""
    if picks.empty:
        return ""
    return f" Picked on validation patients, whose AUC is no test of it: {_name(picks)}."


def _family(rows: pd.DataFrame, reported: str | None, evidence: Evidence) -> str:
    """That whoever puts the best family forward picks once more, on the reported set, and what this gains."""
    families = rows.loc[(rows["subset"] == reported) & rows["picked"].astype(bool), "family"].nunique()
    if reported is None or families < 2:
        return ""
    return (
        f" This does not cover the choice among {families} families: the one with the highest AUC on the {reported} "
        f"set is picked on that set.{_bonus(evidence.frame('chance'), reported)}"
    )


def _network_pick(picks: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """The pick of the network whose deep features other families use, by the same rule as DL's; no row without one."""
    families, networks = deep_families(evidence), picked_networks(evidence)
    scored = picks[(picks["family"] == SCORES) & (picks["candidates"] > 1)]
    if scored.empty or not families or networks.empty:
        return picks.iloc[:0]
    known = evidence.frame("evaluations")
    candidates = set(known.loc[known["family"] == SCORES, "classifier"])
    if evidence.study.deep_features is not None:
        # A study may bring scores of networks whose deep features it does not bring.
        candidates &= set(evidence.study.deep_features["backbone"])
    if len(candidates) < 2:
        return picks.iloc[:0]
    return scored.assign(
        family=" and ".join(families),
        classifier=f"deep features of {networks['backbone'].iloc[0]}",
        candidates=len(candidates),
    )


def _seen_in_folds(chosen: pd.DataFrame, evidence: Evidence) -> str:
    """That folds of families on deep features hold nobody out from a network that saw all training patients."""
    networks = picked_networks(evidence)
    folds = chosen[(chosen["evaluated_on"] == "training folds") & chosen["family"].isin(DEEP_FAMILIES)]
    if folds.empty or networks.empty or out_of_fold(networks):
        return ""
    return (
        f" The folds of {' and '.join(folds['family'])} compare classifiers, but their scores are too high: the deep "
        "features come from a network that is not known to have left any training patient out (SGA023)."
    )


def _epochs(evidence: Evidence) -> str:
    """That validation patients chose the epoch whose weights the networks have; empty where they did not."""
    deep, networks = evidence.config.deep, evidence.frame("networks")
    if deep is None or deep.early_stopping is None or networks.empty or (networks["origin"] == BROUGHT).all():
        return ""
    families = [SCORES, *deep_families(evidence)]
    return (
        "The loss on validation patients chose the epoch whose weights the networks have (early stopping): validation "
        f"AUCs of {', '.join(families)} are not of unseen patients."
    )


def _bonus(chance: pd.DataFrame, reported: str) -> str:
    """What the best of all candidates gains by being picked, and how often chance reaches it."""
    text = ""
    for row in chance.itertuples() if len(chance) else ():
        if row.subset != reported or pd.isna(row.estimate):
            continue
        others = f", those of {row.n_what_ifs} opened what-if(s) among them," if row.n_what_ifs else ""
        text += (
            f" Of all {row.n_candidates} candidates{others} {row.best} has the highest AUC on the {row.subset} "
            f"set by patient, {row.naive:.3f} ({row.n_patients} patients); {row.estimate:.3f} ({row.ci_low:.3f} to "
            f"{row.ci_high:.3f}) is to be expected of such a "
            f"pick on new patients of the same centers, {row.bonus:.3f} less."
        )
        if not pd.isna(row.p):
            text += (
                f" With labels permuted within centers the best of {row.n_candidates} reaches "
                f"{row.chance_95:.3f} in one case of twenty; p = {row.p:.4f} ({row.permutations} permutations)."
            )
    return text


def _name(picks: pd.DataFrame) -> str:
    return "; ".join(
        f"{row.family}: {row.classifier}, best of {row.candidates} "
        + (
            "in the training folds"
            if row.evaluated_on == "training folds"
            else f"on the {row.evaluated_on} set"
        )
        for row in picks.itertuples()
    )
