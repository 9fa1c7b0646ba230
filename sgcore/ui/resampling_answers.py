"""What stored draws say, in one sentence each; plain functions over result frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sgcore.plots import words
from sgcore.ui.answers import because
from sgcore.ui.center_names import measured, no_auc, not_in_the_mean

if TYPE_CHECKING:
    from sgcore.workflow import Resampled

#: Up to this share of the runs that selected something, few reach the AUC: with half of the runs empty p is then
#: about 0.05 or less.
_FEW = 0.1


def so_far(found: Resampled) -> str:
    """Empty when all usual draws are there, else how many there are."""
    if found.complete:
        return ""
    return f" So far {found.draws:,} of {found.usual:,} draws are computed."


def cross_validation(found: Resampled, rows: pd.DataFrame, classifier: str | None, folds: int) -> str:
    """How far the fitted AUC of a family's pick lies above what patients outside the fit get."""
    known = rows.dropna(subset=["auc"])
    own = known[known["classifier"] == classifier]
    if own.empty:
        return f"Repeated cross-validation has no AUC here{because(rows)}."
    row = own.iloc[0]
    repeats = f"{words.count(int(row['repeats']), 'repeat')} of {folds} folds"
    text = (
        f"On training patients whom it has not seen, {row['family']} ({classifier}) has AUC "
        f"{words.estimate(row, words.patients(row), repeats, 'every step inside')}"
    )
    if not words.missing(row["optimism"]):
        # Only what lies outside the interval is said to be more than the play of chance.
        beyond = not words.missing(row["ci_high"]) and row["fitted"] > row["ci_high"]
        text += (
            f"; on those it was fitted on, {words.auc(row['fitted'])} ({words.signed(row['optimism'])}"
            f"{', overfitting' if beyond else ''})"
        )
    text += f". The folds alone move it from {words.auc(row['lowest'])} to {words.auc(row['highest'])}."
    return text + so_far(found)


def permutation(found: Resampled, row: pd.Series | None, family: str, subset: str) -> str:
    """How often the whole pipeline reaches the reported AUC on permuted labels.

    Runs that select nothing have an AUC of 0.5. Where they are half or more they come first: where few of the
    others reach the AUC, the p then tells a selection from none.
    """
    if row is None:
        return f"{family} has no pick whose AUC on the {words.IN_SENTENCE[subset]} could be compared with chance."
    if not words.missing(row["reason"]):
        return f"{words.possessive(family)} AUC on the {words.IN_SENTENCE[subset]} cannot be compared: {row['reason']}."
    runs, empty, reached = (int(row[name]) for name in ("permutations", "n_empty", "reached"))
    times = f"{reached:,}" if reached else "none"
    text = (
        f"With the labels of whole patients permuted, the whole pipeline reached {words.possessive(family)} AUC on the "
        f"{words.IN_SENTENCE[subset]}, {words.auc(row['observed'])} ({row['classifier']}), in {times} of "
        f"{words.count(runs, 'run')} ({_p(row, runs)}); by chance it is {words.auc(row['chance_median'])} in the "
        f"middle and up to {words.auc(row['chance_95'])} in 95% of them."
    )
    if 2 * empty >= runs:
        text = (
            f"In {empty:,} of {words.count(runs, 'run')} on permuted labels nothing was selected (AUC 0.5): "
            f"{_despite_empty(row['observed'], reached, runs - empty)}. {text}"
        )
    elif empty:
        text += f" In {empty:,} of them nothing was selected (AUC 0.5)."
    else:
        text += " Every run selected something."
    return text + so_far(found)


def _despite_empty(observed: float, reached: int, others: int) -> str:
    """What many empty runs do to the p; ``others`` are the runs that selected something."""
    if observed <= 0.5:
        return "these runs already reach the reported AUC"
    if reached <= _FEW * others:
        return "the p says that something was selected with the labels as they are, hardly how well it ranks"
    if others == 1:
        return "the one that selected something reached the reported AUC"
    return f"of the {others:,} that selected something, {reached:,} reached the reported AUC"


def _p(row: pd.Series, runs: int) -> str:
    """p with its limits by the number of runs; the least that these can give is said to be no more."""
    if row["reached"] == 0:
        return (
            f"p = {row['p']:.2g}, the smallest that {words.count(runs, 'run')} can give; at most {row['p_high']:.4f} "
            "by the number of runs"
        )
    return f"p = {row['p']:.4f}, {row['p_low']:.4f} to {row['p_high']:.4f} by the number of runs"


def stability(found: Resampled, row: pd.Series | None, detail: pd.DataFrame, family: str) -> str:
    """Whether other draws of the patients would select the same features."""
    if row is None:
        return f"No selection of {family} has been repeated yet."
    if words.missing(row["phi"]):
        return f"{words.possessive(family)} selection has no stability: {row['reason']}." + so_far(found)
    kept = detail[detail["selected"]]
    again = int((kept["frequency"] >= 0.5).sum())
    return (
        f"Draws of 63% of the training patients select {_alike(row['phi'])} features: stability {row['phi']:.2f} "
        f"({row['ci_low']:.2f} to {row['ci_high']:.2f} is Monte Carlo error; 1 is always the same set, 0 is chance; "
        f"{words.count(int(row['draws']), 'draw')}). {again} of the {words.count(len(kept), 'feature')} of the model "
        f"{'is' if again == 1 else 'are'} selected in at least half of them; "
        f"{words.count(int(row['n_empty']), 'draw')} selected nothing." + so_far(found)
    )


def _alike(phi: float) -> str:
    """Nogueira, Sechidis & Brown (2018) read phi as a kappa: below 0.40 poor, above 0.75 excellent."""
    if phi < 0.4:
        return "largely other"
    return "partly the same" if phi <= 0.75 else "mostly the same"


def centers(found: Resampled, rows: pd.DataFrame, together: pd.DataFrame, family: str) -> str:
    """What a center gets from models that the other centers trained; rows and mean at one unit."""
    known = measured(rows).sort_values("auc", kind="stable")
    lost = no_auc(rows)
    if known.empty:
        none = "" if rows["auc"].isna().any() else "no measured AUC: "
        return f"Trained on all other centers, {family} has {none}{lost}." + so_far(found)
    low, high = _place(known.iloc[0]), _place(known.iloc[-1])
    text = f"AUCs from {low} to {high}" if len(known) > 1 else f"AUC {low}"
    text = f"Trained on all other centers, {family} has {text}"
    mean = together[together["measure"] == "mean"].iloc[0]
    pooled = not words.missing(mean["auc"])
    aside = not_in_the_mean(rows, pooled=pooled)
    if pooled:
        text += f"; mean of {words.count(int(mean['k']), 'center')} {words.estimate(mean)}{aside}"
    elif aside and len(known) > 2:
        text += f". They have no common mean: {mean['reason']}{aside}"
    elif len(rows) > 1:
        text += f". {words.count(len(known), 'center')} cannot say what a new one would get"
    return f"{text}{f'; {lost}' if lost else ''}." + so_far(found)


def _place(row: Any) -> str:
    return f"{words.estimate(row, words.patients(row))} in {row['center']}"
