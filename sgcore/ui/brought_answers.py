"""What the families page says of models made elsewhere: the sentence, the captions, the tables. Plain functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sgcore.domain import FAMILIES, EvaluationSet
from sgcore.plots import words
from sgcore.ui import answers, tables
from sgcore.workflow.brought_pairs import NO_PATIENTS

if TYPE_CHECKING:
    from sgcore.workflow import BroughtComparison, BroughtModels

NONE = "No model made elsewhere is stored for this study yet."
_ONE_BY_ONE = "each case counts as one, which is too narrow where patients have several"
#: What intervals of a file that does not name its patients leave out.
NAMELESS = f"The file names no patients: {_ONE_BY_ONE}."


def sentence(
    found: BroughtComparison, families: pd.DataFrame, at: EvaluationSet, *, centers: int, total: int
) -> str:
    """How the best model made elsewhere does, and beside the best family; ``total`` are in the file."""
    rows = answers.ranked(found.rows)
    place = answers.place_of(at, centers) if found.by else own_place(at.center)
    if rows.empty and answers.flat(found.rows).any():
        return f"No model made elsewhere ranks the cases {place}: everybody gets the same score."
    if rows.empty:
        return f"No model made elsewhere has an AUC {place}{answers.because(found.rows)}."
    first = rows.iloc[0]
    name = str(first["family"])
    counted = words.cases(first["n_patients"], first["n_images"] if at.unit == "image" else None)
    shown = "shown " if len(found.rows) < total else ""
    many = len(rows) > 1
    text = (
        f"{name}{'' if many else ', made elsewhere,'} has "
        f"{f'the highest AUC of {len(rows)} {shown}models made elsewhere' if many else 'AUC'} {place}, "
        f"{words.estimate(first, counted or words.count(int(first['n_pos'] + first['n_neg']), 'case'))}"
    )
    narrow = f" {NAMELESS}" if found.nameless else ""
    ours = answers.ranked(families)
    if ours.empty:
        return f"{text}; no family of the study has an AUC to compare it with.{narrow}"
    best = ours.iloc[0]
    other = str(best["family"])
    pair = answers.difference(found.pairs, name, other)
    if pair is None or words.missing(pair["delta"]):
        why = _why(found.pairs, name, other)
        if why == NO_PATIENTS:
            # The reason says already that the file names none.
            why, narrow = f"{why}; in its AUC {_ONE_BY_ONE}", ""
        own = f"{other} of the study has {words.estimate(best)}"
        return f"{text}; {own}, and no comparison is possible: {why}.{narrow}"
    if found.by is None:
        groups = "independent groups" + ("" if found.nameless else " of patients")
        lost = int(pair["n_left_out"])
        aside = f", {words.count(lost, 'case')} without a score left out" if lost else ""
        return f"{text}; as {groups}, {answers.versus({**pair, 'n_left_out': 0}, other)}{aside}.{narrow}"
    if found.by == "patient" and pair["n_left_out"]:
        both = f", {words.count(int(pair['n_left_out']), 'patient')} without one of the two scores left out"
        return f"{text}; {answers.versus({**pair, 'n_left_out': 0}, other)}{both}.{narrow}"
    return f"{text}; {answers.versus(pair, other)}.{narrow}"


def own_place(center: str | None) -> str:
    """Where a number holds that no case of the study stands behind."""
    return "on the file's own cases" + ("" if center is None else f" of {center}")


def dots_caption(found: BroughtComparison, picks: pd.DataFrame, at: EvaluationSet) -> str:
    """What circles and squares are, and on which cases; ``picks`` tell whether the families chose on them."""
    place = answers.place_of(at)
    where = place if found.by else own_place(at.center)
    # A file that names no patients is counted by case, whatever its neighbors are counted by.
    by = f" by {at.unit}"
    all_, ours, theirs = ("", f",{by}", ", by case") if found.nameless else (by, "", "")
    text = (
        f"AUC{all_} with 95% intervals. Circles: the study's families by their picked classifier, {place}{ours}. "
        f"Squares: models made elsewhere, {where}{theirs}; the direction of their scores is never turned."
    )
    if found.nameless:
        text += f" {NAMELESS}"
    if any(answers.picked_on(on, at.subset) for on in picks["evaluated_on"]):
        text += " Classifiers of families were picked on this set, which flatters the families."
    if at.subset == "train" and found.by:
        text += (
            " The families' scores are out of fold; whether the other models were trained on these patients, "
            "the file does not say."
        )
    return text


def matrix_caption(found: BroughtComparison) -> str:
    """What each cell compares."""
    text = (
        "Below the diagonal: row minus column, with its interval. Above: raw p and p adjusted by Holm over the "
        "pairs shown here. Each pair on the cases that both scored (DeLong, paired)."
    )
    if found.by is None and found.pairs["method"].str.contains("unpaired").any():
        text += (
            " The file was declared to be of other patients than the study's: families and models made elsewhere "
            "are compared as independent groups."
        )
    return f"{text} {NAMELESS}" if found.nameless else text


def matched(brought: BroughtModels) -> str:
    """How the file's cases were found in the study, and what is in one of the two only."""
    match, rows = brought.match, words.count(len(brought.table.y), "case")
    if match is None:
        return f"{rows}, compared by itself"
    if match.by is None:
        return f"{rows}, none found in the study: {match.reason}"
    noun = "image" if match.by == "image" else "patient"
    all_ = "all" if not match.n_foreign else f"{len(match.cases)} of them"
    parts = [f"{rows}, {all_} found in the study by {noun}"]
    if match.n_foreign:
        parts.append(f"{match.n_foreign} not in the study and left out of comparisons")
    lacks = [
        f"{absent} of {total} {words.SUBSETS[subset].lower()} {noun}s"
        for subset, (absent, total) in match.lacking.items()
        if absent
    ]
    if lacks:
        parts.append(f"the file lacks {words.join(lacks)}")
    return "; ".join(parts)


def aucs(rows: pd.DataFrame, kind: str = "Made by") -> pd.DataFrame:
    """Families and models made elsewhere, one a row; ``kind`` is what their ``classifier`` says."""
    return pd.DataFrame(
        {
            "Model": rows["family"],
            kind: rows["classifier"],
            "AUC (95% interval)": tables.with_interval(rows, "auc"),
            "Pairs of the same center": tables.with_interval(
                rows, "within_center_auc", "within_center_low", "within_center_high"
            ),
            "Which pairs": rows["within_center_note"].fillna(""),
            **_counted(rows),
            "Positive": _whole(rows["n_pos"]),
            "Negative": _whole(rows["n_neg"]),
            _left_out(rows, "Not scored"): _whole(rows["n_left_out"]),
            "Interval by": rows["method"],
            **tables.why(rows),
        }
    )


def pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Pairs of models with difference, interval, p and the test that was made."""
    return pd.DataFrame(
        {
            "First": rows["a"],
            "Second": rows["b"],
            "Difference in AUC": tables.with_interval(rows, "delta"),
            "p": rows["p"].map(words.p_value),
            "p, adjusted by Holm": rows["p_adjusted"].map(words.p_value),
            **_counted(rows),
            _left_out(rows, "Left out"): _whole(rows["n_left_out"]),
            "Test": rows["method"],
            **tables.why(rows),
        }
    )


def labelled(names: Sequence[str]) -> dict[str, str]:
    """Names for a figure: inert, short, and still different from each other."""
    shown: dict[str, str] = {}
    for name in names:
        label = name if name in FAMILIES else words.inert(words.short(name, 24))
        taken = sum(other == label for other in shown.values())
        shown[name] = f"{label} #{taken + 1}" if taken else label
    return shown


def _why(pairs_: pd.DataFrame, first: str, second: str) -> str:
    wanted = {first, second}
    for row in pairs_.to_dict("records"):
        if {row["a"], row["b"]} == wanted and row["reason"]:
            return str(row["reason"])
    return "the two were not compared"


def _counted(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Patients and images, where the file tells them."""
    known = {"Patients": rows["n_patients"], "Images": rows["n_images"]}
    return {name: _whole(values) for name, values in known.items() if values.notna().any()}


def _left_out(rows: pd.DataFrame, otherwise: str) -> str:
    """Images, where every row counts them; a file of patients, or one that names none, counts its own cases."""
    return "Images left out" if rows["n_images"].notna().all() else otherwise


def _whole(values: pd.Series) -> pd.Series:
    return values.astype("float64").round().astype("Int64")
