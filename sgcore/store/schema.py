"""The tables of the store as data: names and DuckDB types of every column."""

from __future__ import annotations

#: Result frames of an analysis (docs/architecture.md). Each gets an ``analysis_id`` beside its columns.
RESULT_FRAMES: dict[str, dict[str, str]] = {
    "predictions": {
        "image_id": "VARCHAR",
        "patient_id": "VARCHAR",
        "center": "VARCHAR",
        "subset": "VARCHAR",
        "family": "VARCHAR",
        "classifier": "VARCHAR",
        "estimate": "VARCHAR",
        "y_true": "INTEGER",
        "y_score": "DOUBLE",
    },
    "evaluations": {
        "family": "VARCHAR",
        "classifier": "VARCHAR",
        "subset": "VARCHAR",
        "center": "VARCHAR",
        "estimate": "VARCHAR",
        "unit": "VARCHAR",
        "n_patients": "INTEGER",
        "n_images": "INTEGER",
        "n_pos": "INTEGER",
        "n_neg": "INTEGER",
        "auc": "DOUBLE",
        "ci_low": "DOUBLE",
        "ci_high": "DOUBLE",
        "method": "VARCHAR",
        "naive_ci_low": "DOUBLE",
        "naive_ci_high": "DOUBLE",
        "design_effect": "DOUBLE",
        "n_left_out": "INTEGER",
        "within_center_auc": "DOUBLE",
        "within_center_low": "DOUBLE",
        "within_center_high": "DOUBLE",
        "within_center_note": "VARCHAR",
        "threshold": "DOUBLE",
        "sensitivity": "DOUBLE",
        "sensitivity_low": "DOUBLE",
        "sensitivity_high": "DOUBLE",
        "specificity": "DOUBLE",
        "specificity_low": "DOUBLE",
        "specificity_high": "DOUBLE",
        "accuracy": "DOUBLE",
        "accuracy_low": "DOUBLE",
        "accuracy_high": "DOUBLE",
        "reason": "VARCHAR",
        "picked": "BOOLEAN",
    },
    "comparisons": {
        "kind": "VARCHAR",
        "family": "VARCHAR",
        "a": "VARCHAR",
        "b": "VARCHAR",
        "subset": "VARCHAR",
        "center": "VARCHAR",
        "unit": "VARCHAR",
        "n_patients": "INTEGER",
        "n_images": "INTEGER",
        "n_left_out": "INTEGER",
        "auc_a": "DOUBLE",
        "auc_b": "DOUBLE",
        "delta": "DOUBLE",
        "ci_low": "DOUBLE",
        "ci_high": "DOUBLE",
        "z": "DOUBLE",
        "p": "DOUBLE",
        "p_adjusted": "DOUBLE",
        "reason": "VARCHAR",
    },
    "selection": {
        "family": "VARCHAR",
        "feature": "VARCHAR",
        "image_type": "VARCHAR",
        "feature_class": "VARCHAR",
        "step": "VARCHAR",
        "test": "VARCHAR",
        "statistic": "DOUBLE",
        "p": "DOUBLE",
        "q": "DOUBLE",
        "partner": "VARCHAR",
        "rho": "DOUBLE",
        "coefficient": "DOUBLE",
        "reason": "VARCHAR",
    },
    "counts": {
        "family": "VARCHAR",
        "features": "INTEGER",
        "usable": "INTEGER",
        "univariate": "INTEGER",
        "correlation": "INTEGER",
        "lasso": "INTEGER",
        "multivariable": "INTEGER",
    },
    "lasso_curve": {
        "family": "VARCHAR",
        "alpha": "DOUBLE",
        "error_mean": "DOUBLE",
        "error_se": "DOUBLE",
        "alpha_min": "DOUBLE",
        "alpha_1se": "DOUBLE",
        "chosen": "BOOLEAN",
    },
    "lasso_path": {
        "family": "VARCHAR",
        "alpha": "DOUBLE",
        "feature": "VARCHAR",
        "coefficient": "DOUBLE",
    },
    "odds_ratios": {
        "model": "VARCHAR",
        "variable": "VARCHAR",
        "term": "VARCHAR",
        "odds_ratio": "DOUBLE",
        "ci_low": "DOUBLE",
        "ci_high": "DOUBLE",
        "p": "DOUBLE",
        "p_variable": "DOUBLE",
        "n": "INTEGER",
        "n_missing": "INTEGER",
        "method": "VARCHAR",
        "reason": "VARCHAR",
    },
    "icc": {
        "feature": "VARCHAR",
        "icc": "DOUBLE",
        "ci_low": "DOUBLE",
        "ci_high": "DOUBLE",
        "n_patients": "INTEGER",
    },
    "picks": {
        "family": "VARCHAR",
        "classifier": "VARCHAR",
        "rule": "VARCHAR",
        "unit": "VARCHAR",
        "evaluated_on": "VARCHAR",
        "reason": "VARCHAR",
    },
    "unavailable": {"family": "VARCHAR", "reason": "VARCHAR"},
    "failures": {"image_id": "VARCHAR", "reason": "VARCHAR"},
}

#: Tables of studies, features and the records about analyses.
BASE_TABLES: dict[str, dict[str, str]] = {
    "studies": {
        "study_id": "VARCHAR PRIMARY KEY",
        "name": "VARCHAR NOT NULL",
        "path": "VARCHAR NOT NULL",
        "settings": "JSON NOT NULL",
        "imported_at": "TIMESTAMP NOT NULL",
    },
    "study_tables": {
        "study_id": "VARCHAR NOT NULL",
        "kind": "VARCHAR NOT NULL",
        "position": "INTEGER NOT NULL",
        "id": "VARCHAR NOT NULL",
        "row": "JSON NOT NULL",
    },
    "feature_sets": {
        "feature_set_id": "VARCHAR PRIMARY KEY",
        "study_id": "VARCHAR NOT NULL",
        "kind": "VARCHAR NOT NULL",
        "preset": "VARCHAR NOT NULL",
        "settings": "JSON NOT NULL",
        "names": "VARCHAR[] NOT NULL",
        "created_at": "TIMESTAMP NOT NULL",
    },
    "feature_rows": {
        "feature_set_id": "VARCHAR NOT NULL",
        "image_id": "VARCHAR NOT NULL",
        "values": "DOUBLE[] NOT NULL",
        "residue": "MAP(VARCHAR, DOUBLE)",
        "seconds": "DOUBLE",
    },
    "feature_failures": {
        "feature_set_id": "VARCHAR NOT NULL",
        "image_id": "VARCHAR NOT NULL",
        "reason": "VARCHAR NOT NULL",
        "failed_at": "TIMESTAMP NOT NULL",
    },
    "analyses": {
        "analysis_id": "VARCHAR PRIMARY KEY",
        "study_id": "VARCHAR NOT NULL",
        "feature_set_id": "VARCHAR",
        "recipe": "VARCHAR NOT NULL",
        "config": "JSON NOT NULL",
        "versions": "JSON NOT NULL",
        "notes": "JSON NOT NULL",
        "created_at": "TIMESTAMP NOT NULL",
    },
    "analysis_names": {
        "analysis_id": "VARCHAR NOT NULL",
        "name": "VARCHAR NOT NULL",
        "named_at": "TIMESTAMP NOT NULL",
    },
    "looks": {
        "study_id": "VARCHAR NOT NULL",
        "analysis_id": "VARCHAR NOT NULL",
        "what": "VARCHAR NOT NULL",
        "looked_at": "TIMESTAMP NOT NULL",
    },
    "mutings": {
        "study_id": "VARCHAR NOT NULL",
        "muted": "JSON NOT NULL",
        "muted_at": "TIMESTAMP NOT NULL",
    },
}

#: Tables that came after the first schema, by the migration that makes them.
LATER: dict[int, tuple[str, ...]] = {2: ("result_failures", "mutings")}

_UNIQUE = {
    "study_tables": "study_id, kind, position",
    "feature_rows": "feature_set_id, image_id",
}


def create_statements(version: int) -> list[str]:
    """DDL of the tables that a migration makes; names and types are the constants above, never data."""
    tables = {
        **BASE_TABLES,
        **{f"result_{name}": {"analysis_id": "VARCHAR NOT NULL", **c} for name, c in RESULT_FRAMES.items()},
    }
    later = {name for names in LATER.values() for name in names}
    return [
        _create(name, columns)
        for name, columns in tables.items()
        if (name in LATER[version] if version in LATER else name not in later)
    ]


def _create(name: str, columns: dict[str, str]) -> str:
    lines = [f'"{column}" {kind}' for column, kind in columns.items()]
    if name in _UNIQUE:
        lines.append(f"UNIQUE ({_UNIQUE[name]})")
    return f'CREATE TABLE "{name}" ({", ".join(lines)})'


def add_column_statements() -> list[str]:
    """DDL that gives result tables of an older version the columns that came later, empty."""
    return [
        f'ALTER TABLE "result_{name}" ADD COLUMN IF NOT EXISTS "{column}" {kind}'
        for name, columns in RESULT_FRAMES.items()
        for column, kind in columns.items()
    ]


def all_tables() -> list[str]:
    """Names of every table that an export holds, in an order in which they can be filled."""
    return [*BASE_TABLES, *(f"result_{name}" for name in RESULT_FRAMES)]
