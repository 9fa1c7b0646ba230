"""Rows and details of each kind of resampling, from the parts of its stored draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import Resampling, Unit
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import MODEL, UNITS, counted, labelled
from sgcore.workflow.center_effects import effects_of
from sgcore.workflow.redraws import strata

Parts = dict[str, pd.DataFrame]
#: Why a left-out center has no AUC: its model cannot tell its patients apart, or selected nothing at all.
ONE_SCORE = "everybody got the same score"
NO_MODEL = f"no model, {ONE_SCORE}"


def _centers(analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows: a family in each left-out center. Detail: what the centers say together.

    A center in which everybody got the same score has no AUC: 0.5 is certain there whatever the labels, and
    would pass for a measurement.
    """
    study = analysis.study
    cases = labelled(study).assign(subset="external")
    draws = parts["draws"]
    scores = parts["scores"].merge(cases, on="image_id", validate="many_to_one")
    scores = scores.merge(draws[["draw", "family", "picked"]], on=["draw", "family"], validate="many_to_one")
    scores = scores[scores["classifier"] == scores["picked"]]
    together, single = [], []
    for family, own in draws.groupby("family", sort=False):
        model = scores[scores["family"] == family]
        without = _one_score(model) | _without_model(own)
        # Cases without a row of scores are counted all the same: of no model, or without features.
        silent = cases[cases["center"].isin(set(own["name"]) - set(model["center"]))]
        silent = silent.assign(y_score=np.where(silent["center"].isin(without), 0.0, np.nan))
        model = pd.concat([model, silent.assign(family=family, classifier="none")])
        for unit in UNITS:
            found = effects_of(model, (), (*study.development, *study.external), unit, without=without)
            # Pairs across centers would compare scores of different models.
            whole = found.together[found.together["measure"] != "all_pairs"]
            together.append(whole.assign(family=family, unit=unit, spread=found.pooled.spread))
            single.append(found.rows.assign(family=family, unit=unit))
    rows = pd.concat(single, ignore_index=True).drop(columns=["role", "subset"])
    names = draws[["name", "family", "picked", "note", "reason"]].rename(
        columns={"name": "center", "picked": "classifier", "reason": "untested"}
    )
    rows = rows.merge(names, on=["center", "family"], how="left", validate="many_to_one")
    rows["reason"] = rows.pop("untested").fillna(rows["reason"])
    return rows, pd.concat(together, ignore_index=True)


def _one_score(model: pd.DataFrame) -> dict[str, str]:
    """Left-out centers in which several images have a score, and all the same one."""
    known = model.groupby("center")["y_score"].agg(["count", "nunique"])
    return dict.fromkeys(known.index[(known["count"] > 1) & (known["nunique"] == 1)], ONE_SCORE)


def _without_model(draws: pd.DataFrame) -> dict[str, str]:
    """Left-out centers for which the others gave one family no model, each with the reason."""
    empty = draws[draws["picked"].isna() | (draws["selected"] == 0)]
    return dict(zip(empty["name"], empty["reason"].fillna(NO_MODEL), strict=True))


def _cross_validation(analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows: a model and unit, mean over the repeats beside the fitted scores. Detail: each repeat's AUC."""
    scores = parts["scores"].merge(labelled(analysis.study), on="image_id", validate="many_to_one")
    fitted = analysis.frame("evaluations")
    fitted = fitted[
        (fitted["subset"] == "train") & (fitted["estimate"] == "fitted") & fitted["center"].isna()
    ]
    fitted = fitted.set_index([*MODEL, "unit"])["auc"]
    rows: list[dict[str, Any]] = []
    detail: list[dict[str, Any]] = []
    for (family, classifier), model in scores.groupby(MODEL, sort=False):
        for unit in UNITS:
            result, left_out, numbers = _repeated(model, unit)
            apparent = float(fitted.get((family, classifier, unit), np.nan))
            key = {"family": family, "classifier": classifier, "unit": unit}
            rows.append(
                key
                | {
                    "repeats": result.n_repeats,
                    "n_patients": result.n_patients,
                    "n_pos": result.n_pos,
                    "n_neg": result.n_neg,
                    "n_left_out": left_out,
                    "auc": result.auc,
                    "ci_low": result.ci_low,
                    "ci_high": result.ci_high,
                    "lowest": result.lowest,
                    "highest": result.highest,
                    "fitted": apparent,
                    "optimism": apparent - result.auc,
                    "method": result.method,
                    "reason": result.reason,
                }
            )
            aucs = zip(numbers, result.per_repeat, strict=True)
            detail += [key | {"draw": draw, "auc": float(auc)} for draw, auc in aucs]
    return pd.DataFrame(rows), pd.DataFrame(detail)


def _repeated(model: pd.DataFrame, unit: Unit) -> tuple[stats.RepeatedAuc, int, list[int]]:
    """The repeats of a model on the images that every repeat scored, how many images that leaves out, and which."""
    wide = model.pivot(index="image_id", columns="draw", values="y_score")
    complete = wide.dropna()
    names = [f"repeat {draw}" for draw in complete.columns]
    people = model.drop_duplicates("image_id").set_index("image_id").loc[complete.index]
    table = people[["patient_id", "center", "y_true"]].join(complete.set_axis(names, axis=1)).reset_index()
    cases = counted(table, unit, *names)
    result = stats.repeated_auc(cases.y, cases.rows[names].to_numpy(float), cases.groups)
    return result, len(wide) - len(complete), [int(draw) for draw in complete.columns]


def _stability(analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows: a family's stability. Detail: how often each feature was selected, and whether it is selected."""
    selections = parts["selections"]
    trace = analysis.frame("selection")
    rows: list[dict[str, Any]] = []
    detail = []
    for family, own in parts["draws"].groupby("family", sort=False):
        features = trace.loc[trace["family"] == family]
        chosen = selections[selections["family"] == family]
        # A feature that could be selected in no draw would make the others look stable.
        could = (features["step"] != "excluded") | features["feature"].isin(chosen["feature"])
        names = list(features.loc[could, "feature"])
        numbers = sorted(own["draw"].unique())
        if not names:
            rows.append({"family": family, "draws": len(numbers), "n_empty": len(numbers), **_NOTHING_TESTED})
            continue
        table = pd.crosstab(chosen["draw"], chosen["feature"]).reindex(
            index=numbers, columns=names, fill_value=0
        )
        result = stats.stability(table.to_numpy(float), names=names)
        known = {name: getattr(result, name) for name in _STABILITY if name != "draws"}
        rows.append({"family": family, "draws": result.n_draws, **known})
        kept = set(features.loc[features["step"] == "selected", "feature"])
        shares = result.frame()[["feature", "frequency"]].assign(family=family)
        detail.append(shares.assign(selected=shares["feature"].isin(kept)))
    columns = {"feature": object, "frequency": float, "family": object, "selected": bool}
    none = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    found = pd.concat(detail, ignore_index=True) if detail else none
    return pd.DataFrame(rows, columns=["family", *_STABILITY]), found


_STABILITY = (
    "phi", "ci_low", "ci_high", "draws", "n_features", "n_empty", "mean_size", "method", "reason",
)  # fmt: skip
#: What is said of a family none of whose features was tested.
_NOTHING_TESTED = {
    "n_features": 0,
    "mean_size": 0.0,
    "method": "not estimated",
    "reason": "all features were left out before testing, so that no draw could select one",
}


def _permutation(analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows: the pick of a family in a held-out subset against its null. Detail: the null, draw by draw."""
    study = analysis.study
    distinct = stats.distinct_permutations(study.patients["y"].to_numpy(), None, strata(study))
    aucs = parts["aucs"]
    passed = _passed(parts["draws"])
    rows = []
    for (family, subset, unit), part in aucs.groupby(["family", "subset", "unit"], sort=False):
        real, null = part[part["draw"] == 0], part[part["draw"] > 0]
        known = null["auc"].dropna()
        observed = float(real["auc"].iloc[0]) if len(real) else np.nan
        # A draw in which nothing could be fitted has no AUC, and is a permutation all the same.
        drawn = int(((parts["draws"]["family"] == family) & (parts["draws"]["draw"] > 0)).sum())
        reason = _why_no_test(real, observed, len(known), drawn)
        row: dict[str, Any] = {
            "family": family,
            "classifier": real["classifier"].iloc[0] if len(real) else None,
            "subset": subset,
            "unit": unit,
            "observed": observed,
            "permutations": len(known),
            "distinct": stats.distinct_text(distinct),
            **passed.get(str(family), {}),
            "reason": reason,
        }
        if reason is None:
            test = stats.permutation_test(observed, known.to_numpy())
            row |= {name: getattr(test, name) for name in _TEST}
        rows.append(row)
    frame = pd.DataFrame(rows)
    return frame.reindex(columns=[*frame.columns.drop(list(_TEST), errors="ignore"), *_TEST]), aucs


_TEST = ("reached", "p", "p_low", "p_high", "chance_median", "chance_95")


def _passed(draws: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """By family: how many features pass the tests with the labels as they are, and on permuted ones.

    Never beside a binomial: correlated features make the number of small p values wildly variable.
    """
    found: dict[str, dict[str, Any]] = {}
    for family, own in draws.groupby("family", sort=False):
        real, null = own[own["draw"] == 0], own[own["draw"] > 0]
        known = null["univariate"].dropna().astype(float)
        low, middle, high = known.quantile([0.025, 0.5, 0.975]) if len(known) else (np.nan,) * 3
        found[str(family)] = {
            "univariate": float(real["univariate"].iloc[0]) if len(real) else np.nan,
            "univariate_median": middle,
            "univariate_low": low,
            "univariate_high": high,
            "n_empty": int((null["selected"] == 0).sum()),
        }
    return found


def _why_no_test(real: pd.DataFrame, observed: float, known: int, null: int) -> str | None:
    if real.empty:
        return "the labels as they are have not been computed yet"
    if np.isnan(observed):
        return "the pick has no AUC on this set"
    if known < null:
        return f"{null - known} of {null} permutations have no AUC on this set"
    return None if known else "no permutation has been computed yet"


READERS: dict[Resampling, Callable[[Analysis, Parts], tuple[pd.DataFrame, pd.DataFrame]]] = {
    "centers": _centers,
    "cross-validation": _cross_validation,
    "stability": _stability,
    "permutation": _permutation,
}
