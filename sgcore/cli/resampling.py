"""The command that resamples a stored analysis: permuted labels, other folds, other patients, other centers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from sgcore.cli.analyses import Preset, configs
from sgcore.cli.console import (
    AsJson,
    JobsCount,
    Scheduler,
    StorePath,
    StudyPath,
    output,
    print_json,
    print_table,
    progress,
    reported,
)
from sgcore.domain import Resampling
from sgcore.jobs import Jobs

What = Annotated[
    Resampling,
    typer.Option(
        "--what",
        help="The whole pipeline on permuted labels or on other splits of the development patients, repeated "
        "cross-validation, the same with a selection outside its folds, stability of the selection, or leave one "
        "center out.",
    ),
]
RecipeName = Annotated[
    Literal["paper", "strict"], typer.Option("--recipe", help="The recipe whose analysis is resampled.")
]


def register(app: typer.Typer) -> None:
    app.command()(resample)


def resample(
    study: StudyPath,
    what: What,
    draws: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many there are to be in the end (1000 permutations, 50 splits, 100 selections, 20 "
            "repeats of folds; one a center).",
        ),
    ] = None,
    store: StorePath = None,
    recipe_name: RecipeName = "paper",
    preset: Preset = None,
    jobs: JobsCount = 2,
    scheduler: Scheduler = None,
    as_json: AsJson = False,
) -> None:
    """Repeat an analysis on redrawn patients or labels; what is finished is stored, and more draws may follow."""
    from sgcore import workflow

    with (
        reported(as_json),
        workflow.open_store(store) as opened,
        progress() as on_progress,
        Jobs(jobs, scheduler) as pool,
    ):
        loaded = workflow.import_study(study, opened, on_progress=on_progress)
        (config,) = configs(recipe_name, preset)
        analysis = workflow.stored_analysis(loaded, config, opened)
        workflow.resample(analysis, what, opened, draws=draws, jobs=pool, on_progress=on_progress)
        found = workflow.resampling(analysis, what)
    if as_json:
        print_json(found)
        return
    output.print(
        f"\n{found['study']}: {found['title'].lower()}, {found['draws']} draws, {recipe_name} recipe, by {config.unit}"
    )
    rows = [row for row in found["rows"] if row.get("unit", config.unit) == config.unit]
    columns, cells = _TABLES[what]
    if rows:
        print_table(columns, map(cells, rows))
    for row in found["failed"]:
        output.print(
            f"{row['family']} without a model in {row['draws']} of {found['draws']} draws: {row['reason']}"
        )
    for row in found["not_drawn"]:
        output.print(f"{row['family']} is not resampled: {row['reason']}")


def _auc(row: dict[str, Any], name: str = "auc") -> str:
    if row[name] is None:
        return str(row["reason"])
    return f"{row[name]:.3f} ({_number(row['ci_low'])} to {_number(row['ci_high'])})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _permuted(row: dict[str, Any]) -> tuple[str, ...]:
    by_chance = f"{_number(row['chance_median'])}, up to {_number(row['chance_95'])}"
    p = row["reason"] if row["p"] is None else f"{row['p']:.4f}"
    empty = f"{row['n_empty']} of {row['permutations']}"
    return (
        row["family"],
        row["classifier"] or "–",
        row["subset"],
        _number(row["observed"]),
        by_chance,
        p,
        empty,
    )


def _repeated(row: dict[str, Any]) -> tuple[str, ...]:
    spread = f"{_number(row['lowest'])} to {_number(row['highest'])}"
    return (row["family"], row["classifier"], _auc(row), spread, _number(row["fitted"]))


def _stable(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["family"],
        _auc(row, "phi"),
        f"{row['mean_size']:.1f} of {row['n_features']}",
        str(row["n_empty"]),
    )


def _outside(row: dict[str, Any]) -> tuple[str, ...]:
    spread = str(row["reason"]) if row["reason"] else f"{_number(row['lowest'])} to {_number(row['highest'])}"
    names = ("outside", "inside", "difference")
    return (row["family"], row["classifier"], *(_number(row[name]) for name in names), spread)


def _split(row: dict[str, Any]) -> tuple[str, ...]:
    share = row["reason"] if row["share"] is None else f"{row['share']:.0%}"
    spread = f"{_number(row['low'])} to {_number(row['high'])}"
    return (row["family"], row["classifier"] or "–", row["subset"], _number(row["observed"]), spread, share)


def _center(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["family"], row["center"], row["classifier"] or "–", str(row["n_patients"]), _auc(row))


#: Columns of the table of each kind, and the cells of a row.
_TABLES: dict[str, tuple[tuple[str, ...], Callable[[dict[str, Any]], tuple[str, ...]]]] = {
    "permutation": (
        ("family", "picked", "set", "AUC", "by chance (median, 95%)", "p", "nothing selected"),
        _permuted,
    ),
    "cross-validation": (
        ("family", "classifier", "mean AUC (95% CI)", "single repeats", "fitted"),
        _repeated,
    ),
    "outside": (
        ("family", "classifier", "selected outside", "in each fold", "difference", "single repeats"),
        _outside,
    ),
    "splits": (
        ("family", "picked", "set", "AUC", "other splits (95% of them)", "splits below"),
        _split,
    ),
    "stability": (("family", "stability (Monte Carlo error)", "selected", "nothing selected"), _stable),
    "centers": (("family", "center left out", "picked", "patients", "AUC (95% CI)"), _center),
}
