"""How the families rank cases: AUCs by set and center, ROC curves, paired differences, thresholds."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sgcore import plots
from sgcore.domain import FAMILIES, SUBSETS, Subset, Unit
from sgcore.plots import words
from sgcore.report.blocks import Block, Fold, Paragraph, Table, figure, table
from sgcore.report.material import Material
from sgcore.report.sections.asked import Asked
from sgcore.report.verdict import headline


def performance(asked: Asked) -> Iterator[Block]:
    material = asked.material
    yield Paragraph(headline(material), "strong")
    if not material.subsets:
        return
    yield from _of_set(material, material.headline)
    for subset in material.held_out[:-1]:
        yield Fold(f"The same on the {words.IN_SENTENCE[subset]}", tuple(_of_set(material, subset)))
    yield table(_aucs(_whole(material.picked())), _caption(material.unit))
    other: Unit = "patient" if material.unit == "image" else "image"
    yield Fold(
        f"Table: the same by {other}", (table(_aucs(_whole(material.picked(other))), _caption(other)),)
    )
    apart = _apart(material)
    if len(apart):
        yield Fold(
            "Table: each center by itself", (table(_aucs(apart), f"AUC by center, by {material.unit}"),)
        )
    points = table(_operating(material), f"sensitivity and specificity, by {material.unit}")
    yield Fold("Table: at each model's training threshold", (points,))
    chance = material.frame("chance")
    if len(chance):
        yield table(_luck(chance), "What the best of all candidates stands for, by patient")


def _caption(unit: Unit) -> str:
    return f"AUC of the picked models, by {unit}; training patients are scored out of fold"


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Sets as a whole, in their order, families in theirs."""
    rows = rows[rows["center"].isna()]
    return rows.sort_values("subset", key=lambda names: names.map(SUBSETS.index), kind="stable")


def _apart(material: Material) -> pd.DataFrame:
    """Centers of the sets that have several; the one center of a set is the set."""
    rows = material.picked()
    rows = rows[rows["center"].notna()]
    several = rows.groupby("subset")["center"].transform("nunique") > 1
    return rows[several].sort_values(["subset", "center"], kind="stable")


def _of_set(material: Material, subset: Subset) -> Iterator[Block]:
    rows = material.rows(subset)
    place = words.IN_SENTENCE[subset]
    yield figure(
        f"aucs-{subset}",
        lambda theme: plots.family_dots(rows, theme, within=True),
        f"AUC of each family's picked model on the {place}, by {material.unit}, with 95% intervals.",
    )
    points = {family: material.roc(model, material.at(subset)) for family, model in material.models.items()}
    points = {family: frame for family, frame in points.items() if len(frame)}
    if points:
        band = material.best if material.best in points else next(iter(points))
        colors = {family: family for family in points}
        yield figure(
            f"roc-{subset}",
            lambda theme: plots.roc(
                points, theme, colors={family: theme.family(family) for family in colors}, band=band,
                operating=_thresholds(rows),
            ),
            f"ROC curves on the {place}, by {material.unit}; the band is the pointwise 95% interval of {band}, dots "
            "are the training thresholds.",
        )  # fmt: skip
    else:
        yield Paragraph(f"No family has a ROC curve on the {place}.")
    yield from _differences(material, subset)


def _thresholds(rows: pd.DataFrame) -> dict[str, tuple[float, float]]:
    known = rows.dropna(subset=["sensitivity", "specificity"])
    return {row.family: (1 - row.specificity, row.sensitivity) for row in known.itertuples()}


def _differences(material: Material, subset: Subset) -> Iterator[Block]:
    """DeLong's paired differences of the families."""
    pairs = material.frame("comparisons")
    if len(pairs):
        pairs = material.at(subset).rows(pairs[pairs["kind"] == "families"])
    if pairs.empty:
        yield Paragraph(f"There is no pair of families to compare on the {words.IN_SENTENCE[subset]}.")
        return
    yield figure(
        f"differences-{subset}",
        lambda theme: plots.difference_matrix(pairs, theme, list(FAMILIES)),
        "Row minus column: difference in AUC with its 95% interval below the diagonal, DeLong's p and p adjusted by "
        "Holm above it. An interval that holds 0 leaves open which of the two is better.",
        _pairs(pairs, words.IN_SENTENCE[subset]),
    )


def _pairs(rows: pd.DataFrame, place: str) -> Table:
    shown = pd.DataFrame(
        {
            "First": rows["a"],
            "Second": rows["b"],
            "Difference in AUC": [
                f"{words.signed(row.delta)} ({words.signed_interval(row.ci_low, row.ci_high)})"
                for row in rows.itertuples()
            ],
            "p": rows["p"].map(words.p_value),
            "p, adjusted by Holm": rows["p_adjusted"].map(words.p_value),
            "Patients / images": _two(rows["n_patients"], rows["n_images"]),
            **_left_out(rows),
            "Method": rows["method"],
            "Note": rows["reason"].fillna(""),
        }
    )
    return table(shown, f"paired differences in AUC, {place}")


def _aucs(rows: pd.DataFrame) -> pd.DataFrame:
    within = _interval(rows, "within_center_auc", "within_center_low", "within_center_high")
    several = {"Pairs of the same center": within} if rows["within_center_auc"].notna().any() else {}
    centers = {"Center": rows["center"]} if rows["center"].notna().any() else {}
    return pd.DataFrame(
        {
            "Cases": rows["subset"].map(words.SUBSETS),
            **centers,
            "Family": rows["family"],
            "Classifier": rows["classifier"],
            "AUC (95% interval)": _interval(rows, "auc", "ci_low", "ci_high"),
            **several,
            **_cases(rows),
            "Interval by": rows["method"],
            "Note": rows["reason"].fillna(""),
        }
    )


def _cases(rows: pd.DataFrame) -> dict[str, object]:
    return {
        "Patients / images": _two(rows["n_patients"], rows["n_images"]),
        **_left_out(rows),
        "Positive / negative": _two(rows["n_pos"], rows["n_neg"]),
    }


def _left_out(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Images without a score have a column where there are any."""
    return {"Images left out": rows["n_left_out"]} if rows["n_left_out"].fillna(0).any() else {}


def _two(first: pd.Series, second: pd.Series) -> list[str]:
    return [f"{a:,} / {b:,}" for a, b in zip(first, second, strict=True)]


def _operating(material: Material) -> pd.DataFrame:
    rows = _whole(material.picked())
    return pd.DataFrame(
        {
            "Cases": rows["subset"].map(words.SUBSETS),
            "Family": rows["family"],
            "Classifier": rows["classifier"],
            "Threshold": rows["threshold"],
            **{
                name.capitalize(): _interval(rows, name, f"{name}_low", f"{name}_high")
                for name in ("sensitivity", "specificity", "accuracy")
            },
            "Positive / negative": _two(rows["n_pos"], rows["n_neg"]),
            "Note": rows["operating_reason"].fillna(""),
        }
    )


def _luck(rows: pd.DataFrame) -> pd.DataFrame:
    """The pick bonus and the null of permuted labels."""
    return pd.DataFrame(
        {
            "Set": rows["subset"].map(words.SUBSETS),
            "Candidates": rows["n_candidates"],
            "Best": rows["best"],
            "Its AUC": rows["naive"],
            "On new patients of these centers": _interval(rows, "estimate", "ci_low", "ci_high"),
            "Best of all on permuted labels, 95%": rows["chance_95"],
            "p": [words.p_value(value, 4) for value in rows["p"]],
            "Patients": rows["n_patients"],
            "Note": [_both(row.reason, row.p_reason) for row in rows.itertuples()],
        }
    )


def _both(*reasons: str | None) -> str:
    return "; ".join(dict.fromkeys(str(text) for text in reasons if not words.missing(text) and text))


def _interval(rows: pd.DataFrame, value: str, low: str, high: str) -> list[str]:
    return [
        "–" if words.missing(v) else f"{v:.3f} ({words.interval(a, b)})"
        for v, a, b in zip(rows[value], rows[low], rows[high], strict=True)
    ]
