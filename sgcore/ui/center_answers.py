"""Whether a model travels, and whether the external set can tell, in one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sgcore.plots import words
from sgcore.ui.answers import because, flat, picked_on
from sgcore.ui.center_names import NAMED, measured, no_auc, not_in_the_mean

if TYPE_CHECKING:
    from sgcore.workflow import CenterEffects


def travels(effects: CenterEffects) -> str:
    """What the model reaches in the external centers, and what that says about a new one."""
    by_image = ", counted by image," if effects.unit == "image" else ""
    who = f"{effects.family} ({effects.classifier}){by_image}"
    external = effects.external
    known, same = measured(external), flat(external)
    if external.empty:
        return f"{who} {_at_home(effects)}; the study has no external center, so that nothing shows whether it travels."
    if len(external) == 1:
        center = external["center"].iloc[0]
        if same.any():
            return (
                f"{who} gives everybody in the one external center, {center}, the same score and ranks nobody there, "
                "so that nothing shows whether it travels."
            )
        if known.empty:
            return f"{who} has no AUC in the one external center, {center}{because(external)}."
        row = known.iloc[0]
        return (
            f"{who} has an AUC of {_value(row)} in the one external center, {center}{_chance(row)}; one center cannot "
            "say whether it travels."
        )
    lost = no_auc(external)
    if same.all():
        return (
            f"{who} gives everybody in each of {len(external)} external centers the same score and ranks nobody there, "
            "so that nothing shows whether it travels."
        )
    if known.empty:
        if same.any():
            return f"{who} has no measured AUC in any of {len(external)} external centers: {lost}."
        return f"{who} has no AUC in any of {len(external)} external centers{because(external)}."
    missing = f" ({lost})" if lost else ""
    if len(known) == 1:
        row = known.iloc[0]
        return (
            f"{who} has an AUC of {_value(row)} in {row['center']}, the only one of {len(external)} external centers "
            f"with one{_chance(row)}{missing}; one center cannot say whether it travels."
        )
    if len(known) == 2:
        first, second = (known.iloc[i] for i in (0, 1))
        return (
            f"{who} has an AUC of {_value(first)} in {first['center']} and {_value(second)} in "
            f"{second['center']}{missing}; two centers are too few for a mean, or to say what a third would show."
        )
    low, high = (known.loc[index] for index in (known["auc"].idxmin(), known["auc"].idxmax()))
    least, most = words.auc(low["auc"]), words.auc(high["auc"])
    reaches = f"an AUC of {least} in each of"
    if least != most:
        first, last = (f"{row['center']}, {words.patients(row)}" for row in (low, high))
        reaches = f"an AUC from {least} ({first}) to {most} ({last}) in"
    return f"{who} has {reaches} {len(known)} external centers{missing}; {_pooled(effects)}."


def _at_home(effects: CenterEffects) -> str:
    """What it reaches in development centers on cases that did not train it."""
    rows = measured(effects.rows)
    if rows.empty and flat(effects.rows).any():
        return "gives everybody the same score on cases that did not train it and ranks nobody there"
    if rows.empty:
        return f"has no AUC on cases that did not train it{because(effects.rows)}"
    parts = [f"{_value(row)} on {_home(row)}" for row in rows.head(NAMED).to_dict("records")]
    more = f" (and on {len(rows) - NAMED} more)" if len(rows) > NAMED else ""
    return f"has an AUC of {words.join(parts)}{more}"


def _home(row: dict[str, Any]) -> str:
    if row["subset"] == "validation":
        return f"the validation cases of {row['center']}"
    return f"cases of {row['center']} from another time or device"


def _value(row: Any) -> str:
    return words.estimate(row, words.patients(row))


def _chance(row: Any) -> str:
    if words.missing(row["ci_low"]) or not row["ci_low"] <= 0.5 <= row["ci_high"]:
        return ""
    return ", an interval that includes chance (0.5)"


def _pooled(effects: CenterEffects) -> str:
    """Mean and prediction of the external centers, or why there is none."""
    pooled = effects.pooled
    aside = not_in_the_mean(effects.external, pooled=not pooled.reason)
    if pooled.reason:
        return f"they have no common mean: {pooled.reason}{aside}"
    text = f"their mean is {words.auc(pooled.auc)} ({words.interval(pooled.ci_low, pooled.ci_high)})"
    if pooled.prediction_reason:
        return f"{text}; {pooled.prediction_reason}{aside}"
    includes = (
        ", which includes chance (0.5)" if pooled.prediction_low <= 0.5 <= pooled.prediction_high else ""
    )
    return (
        f"{text}, and a new center is predicted at {words.interval(pooled.prediction_low, pooled.prediction_high)}"
        f"{includes}{aside}"
    )


def notes(effects: CenterEffects) -> list[str]:
    """Of each row, why it has no AUC, what to know of it, or why it is not in the mean."""
    aside = effects.external.set_index("center")["not_pooled"].dropna().to_dict()
    found = []
    for row in effects.rows.to_dict("records"):
        why = "" if words.missing(row["reason"]) else str(row["reason"])
        left = aside.get(row["center"]) if row["role"] == "external" else None
        found.append(
            f"not in the mean: {left}" if left and left != why and not effects.pooled.reason else why
        )
    return found


def closed(row: pd.Series | None, family: str, classifier: str | None) -> str:
    """The first line while the held-out results of a what-if are closed: its training folds."""
    who = f"{family} ({classifier})" if classifier else family
    shut = "what it reaches in each center is held out and stays closed until you ask for it"
    if row is None or words.missing(row["auc"]):
        return f"{who} has no AUC in the training folds of this what-if; {shut}."
    if flat(row.to_frame().T).iloc[0]:
        return f"In training folds {who} gives everybody the same score; {shut}."
    return f"In training folds {who} has an AUC of {_value(row)}; {shut}."


def picked_here(pick: pd.Series | None, classifier: str) -> str:
    """A warning where the shown classifier was picked on the shown external cases; else nothing."""
    if pick is None or pick["classifier"] != classifier or not picked_on(pick["evaluated_on"], "external"):
        return ""
    return "The classifier was picked on these patients: expect less elsewhere."


def differ(effects: CenterEffects) -> str:
    """How far the centers are apart, never without their number; nothing where they are not pooled."""
    if effects.pooled.reason:
        return ""
    return f"How far the centers differ: {effects.pooled.spread}. A small I2 does not mean that they agree."


def pairs(effects: CenterEffects) -> str:
    """All pairs of external cases beside the pairs of the same center; nothing for fewer than two centers."""
    if len(effects.external) < 2:
        return ""
    rows = effects.together.set_index("measure")
    every, same = rows.loc["all_pairs"], rows.loc["same_center_pairs"]
    if words.missing(every["auc"]):
        return f"All external cases together have no AUC: {every['reason']}."
    if flat(rows)["all_pairs"]:
        return "All external cases together have the same score, which ranks nobody."
    text = (
        f"All external cases together have an AUC of {_value(every)}, in which cases of different centers are "
        "compared too; "
    )
    if words.missing(same["auc"]):
        return f"{text}compared within centers only there is none: {same['reason']}."
    if measured(effects.external).empty:
        return f"{text}within each center everybody has the same score, which ranks nobody."
    return (
        f"{text}compared within their center only it is {_value(same)}. Where the two are apart, differing "
        "shares of positives pass for skill, or hide it."
    )


def enough(need: pd.DataFrame) -> str:
    """How wide the interval of the external AUC is expected to be, and how many patients a narrower one needs."""
    rows = need.set_index("measure")
    row, slope = rows.loc["auc"], rows.loc["slope"]
    if words.missing(row["n_needed"]):
        return f"How many patients the external set needs cannot be said: {row['reason']}."
    have, needed = int(row["n_patients"]), int(row["n_needed"])
    text = (
        f"{words.count(have, 'external patient')}, {int(row['n_pos'])} of them positive, give an AUC of "
        f"{words.auc(row['at'])} a 95% interval about {row['width']:.2f} wide. "
    )
    text += (
        f"A width of {row['wanted_width']:g} asks for {needed:,} ({row['n_pos_needed']:,.0f} positive), which there are"
        if have >= needed
        else f"A width of {row['wanted_width']:g} would need about {needed:,} ({row['n_pos_needed']:,.0f} positive)"
    )
    if words.missing(slope["n_needed"]):
        return f"{text}."
    return (
        f"{text}; a calibration slope with an interval {slope['wanted_width']:g} wide about "
        f"{int(slope['n_needed']):,}."
    )
