"""What the deep learning page says of networks: where they began, and whether they learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sgcore.deep import BACKBONES
from sgcore.domain import EvaluationSet
from sgcore.plots import words
from sgcore.ui import answers

#: Scores of a network that lie closer together than this are practically one.
_ALIKE = 0.001


def title(backbone: str) -> str:
    """``ResNet18`` for ``resnet18``; the name of a network made elsewhere as it is."""
    return BACKBONES[backbone].title if backbone in BACKBONES else backbone


def began(network: pd.Series, epochs: int | None) -> str:
    """``ResNet18 without pretraining, 3 epochs``; ``epochs`` is how many the training had at most."""
    name = title(str(network["backbone"]))
    if network["origin"] == "brought":
        return f"{name} (brought by the study)"
    start = {
        "imagenet": "from ImageNet weights",
        "none": "without pretraining",
        "file": f"from the weights of {network['weights_file']}",
    }.get(str(network["weights"]), "from unknown weights")
    if words.missing(network["epoch"]):
        return f"{name} {start}"
    epoch = int(network["epoch"])
    stopped = epochs is not None and epoch != epochs
    trained = f"weights of epoch {epoch} of at most {epochs}" if stopped else words.count(epoch, "epoch")
    return f"{name} {start}, {trained}"


def learned(start: str, held: pd.DataFrame, own: pd.DataFrame, at: EvaluationSet) -> str:
    """The page's sentence: the network's AUC on the shown set beside that in its own training patients, and a verdict.

    ``held`` is its evaluation on the set ``at`` (training: out of fold), ``own`` that of training patients by
    the network that was fitted on them; each one row or none.
    """
    fitted = own.iloc[0] if len(own) and not words.missing(own.iloc[0]["auc"]) else None
    if at.subset == "train" and held.empty:
        if fitted is None:
            return f"{start}: no score of a training patient."
        return (
            f"{start}: AUC {words.estimate(fitted, words.patients(fitted))} in its own training patients; whether that "
            "holds for others only held-out patients tell."
        )
    place = "in training patients by networks that left them out" if at.subset == "train" else ""
    place = place or answers.place_of(at)
    if held.empty or words.missing(held.iloc[0]["auc"]):
        return f"{start}: no AUC {place}{answers.because(held)}."
    row = held.iloc[0]
    if answers.flat(held).iloc[0]:
        return f"{start}: it gives everybody the same score {place} and ranks nobody."
    text = f"{start}: AUC {words.estimate(row, words.patients(row))} {place}"
    if fitted is not None:
        text += f" against {words.auc(fitted['auc'])} in its own training patients"
    said = _verdict(row, fitted)
    return f"{text}: {said}." if said else f"{text}."


def _verdict(held: Any, own: Any) -> str:
    """What the two say together; nothing where there is no interval."""
    low, high = held["ci_low"], held["ci_high"]
    if words.missing(low) or words.missing(high):
        return ""
    if high < 0.5:
        return "it ranks these patients against their labels"
    far = own is not None and own["auc"] > high
    if low > 0.5:
        learned = "it learned something that holds for patients it did not see"
        return f"{learned}, and knows its own still better" if far else learned
    if far:
        return "it learned its own patients more than the label; for others chance is not ruled out"
    unlearned = own is not None and not words.missing(own["ci_low"]) and own["ci_low"] <= 0.5
    if unlearned:
        return "not even in its own patients is chance ruled out"
    return f"{answers.TOO_FEW} whether it learned more than chance"


def curve(rows: pd.DataFrame, metric: str) -> str:
    """What the curves show, with the last values and the best epoch of the validation images.

    ``rows`` are those of one network, of all training patients.
    """
    known = set(rows.loc[rows[metric].notna(), "subset"])
    text = "Dashed: training images." + (" Solid: validation images." if "validation" in known else "")
    if metric == "auc":
        text += " The dotted line is chance. By image, without intervals."
    for subset, said in (("train", "training"), ("validation", "validation")):
        part = rows[(rows["subset"] == subset) & rows[metric].notna()].sort_values("epoch")
        if part.empty:
            continue
        last = part.iloc[-1]
        text += f" Last {said} value {last[metric]:.3f} (epoch {int(last['epoch'])})"
        if subset == "validation" and len(part) > 1:
            best = part.loc[part[metric].idxmin() if metric == "loss" else part[metric].idxmax()]
            way = "lowest" if metric == "loss" else "highest"
            text += f", {way} {best[metric]:.3f} at epoch {int(best['epoch'])}"
        text += "."
    return text


def variance(rows: pd.DataFrame) -> str:
    """How much of the deep features the components hold; ``rows`` of one network."""
    total = rows["share"].sum()
    return (
        f"Principal components of the deep features, fitted on training images: {words.count(len(rows), 'component')} "
        f"{'holds' if len(rows) == 1 else 'hold'} {words.percent(total)} of their variance. They are made without the "
        "labels; the network before them saw those of its training patients."
    )


def table(rows: pd.DataFrame, origin: str) -> str:
    """What the table of networks holds; ``rows`` are evaluations of one set."""
    text = f"Each number with its 95% interval below; thresholds from {origin}, carried unchanged."
    if (rows["unit"] == "image").any():
        text += " Intervals are clustered by patient."
    row = rows.iloc[0]
    cases = row["n_pos"] + row["n_neg"]
    if cases:
        text += (
            f" PPV, NPV and accuracy hold at this set's mix, {words.percent(row['n_pos'] / cases)} positive."
        )
    if (rows["subset"] == "train").any():
        text += " The thresholds were chosen on training patients"
        own = rows["estimate"] == "fitted"
        text += ", whom the networks know: none of this is an estimate for others." if own.all() else "."
        if own.any() and not own.all():
            text += " Rows of a network's own patients are no estimate for others."
    missing = rows[["ppv", "npv"]].isna()
    if missing.to_numpy().any():
        why = [rows.loc[missing[name], f"{name}_reason"] for name in ("ppv", "npv")]
        text += f" A dash: {words.join(list(dict.fromkeys(str(each) for each in pd.concat(why))))}."
    return text


def odd(ends: Mapping[str, tuple[float, float]], called: Mapping[str, str]) -> list[str]:
    """Networks that give every image one score, or practically one, and those without any.

    ``ends`` are the lowest and highest score of each, NaN where it scored nothing.
    """
    said = []
    for name, (low, high) in ends.items():
        if words.missing(low):
            said.append(f"{called[name]} has no scores.")
        elif low == high:
            said.append(f"{called[name]} gives every image the same score, {low:.3f}: it ranks nobody.")
        elif high - low < _ALIKE:
            said.append(
                f"{called[name]} gives all images practically the same score ({low:.5f} to {high:.5f}): what it ranks "
                "them by is smaller than a person would read off. Its training may have diverged, or hardly begun."
            )
    return said


def matrices(rows: pd.DataFrame, origin: str, unit: str) -> str:
    """What the confusion matrices show; ``rows`` are the evaluations behind them."""
    text = (
        f"Rows: what {unit}s are. Columns: what they are called at the threshold from {origin}. Color: share of the "
        "row."
    )
    train = rows[rows["subset"] == "train"]
    if train.empty:
        return text
    if (train["estimate"] == "out_of_fold").all():
        return f"{text} Training patients stand by networks that left them out."
    return f"{text} There are no folds: training patients stand by the network that was fitted on them."
