"""The tables of the store beside result frames, as data: names and DuckDB types of every column."""

from __future__ import annotations

from sgcore.store.network_tables import NETWORK_TABLES

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
    "decisions": {
        "study_id": "VARCHAR NOT NULL",
        "decision": "JSON",
        "given_at": "TIMESTAMP NOT NULL",
    },
    "resample_draws": {
        "analysis_id": "VARCHAR NOT NULL",
        "kind": "VARCHAR NOT NULL",
        "draw": "INTEGER NOT NULL",
        "family": "VARCHAR NOT NULL",
        "name": "VARCHAR",
        "univariate": "INTEGER",
        "selected": "INTEGER",
        "picked": "VARCHAR",
        "note": "VARCHAR",
        "reason": "VARCHAR",
        "computed_at": "TIMESTAMP NOT NULL",
    },
    "resample_scores": {
        "analysis_id": "VARCHAR NOT NULL",
        "kind": "VARCHAR NOT NULL",
        "draw": "INTEGER NOT NULL",
        "family": "VARCHAR NOT NULL",
        "classifier": "VARCHAR NOT NULL",
        "image_id": "VARCHAR NOT NULL",
        "y_score": "DOUBLE",
    },
    "resample_aucs": {
        "analysis_id": "VARCHAR NOT NULL",
        "kind": "VARCHAR NOT NULL",
        "draw": "INTEGER NOT NULL",
        "family": "VARCHAR NOT NULL",
        "classifier": "VARCHAR NOT NULL",
        "subset": "VARCHAR NOT NULL",
        "unit": "VARCHAR NOT NULL",
        "auc": "DOUBLE",
    },
    "resample_selections": {
        "analysis_id": "VARCHAR NOT NULL",
        "kind": "VARCHAR NOT NULL",
        "draw": "INTEGER NOT NULL",
        "family": "VARCHAR NOT NULL",
        "feature": "VARCHAR NOT NULL",
    },
    "prediction_files": {
        "file_id": "VARCHAR PRIMARY KEY",
        "study_id": "VARCHAR",
        "name": "VARCHAR NOT NULL",
        "models": "VARCHAR[] NOT NULL",
        "settings": "JSON NOT NULL",
        "imported_at": "TIMESTAMP NOT NULL",
    },
    "prediction_scores": {
        "file_id": "VARCHAR NOT NULL",
        "position": "INTEGER NOT NULL",
        "image_id": "VARCHAR",
        "patient_id": "VARCHAR",
        "center": "VARCHAR",
        "y_true": "INTEGER NOT NULL",
        "y_scores": "DOUBLE[] NOT NULL",
    },
    **NETWORK_TABLES,
}

#: Tables that came after the first schema, by the migration that makes them.
LATER: dict[int, tuple[str, ...]] = {
    2: ("result_failures", "mutings"),
    3: ("result_chance",),
    4: (
        "result_calibration",
        "decisions",
        "resample_draws",
        "resample_scores",
        "resample_aucs",
        "resample_selections",
        "prediction_files",
        "prediction_scores",
    ),
    6: (
        "result_networks",
        "result_explained_variance",
        "result_deep_components",
        "networks",
        "network_scores",
        "network_curves",
        "network_maps",
        "network_randomization",
        "shap_models",
        "shap_rows",
    ),
}

#: Columns that together name a row.
UNIQUE = {
    "study_tables": "study_id, kind, position",
    "feature_rows": "feature_set_id, image_id",
    "resample_draws": "analysis_id, kind, draw, family",
    "prediction_scores": "file_id, position",
    "network_scores": "network_id, image_id",
    "network_maps": "network_id, image_id, target",
    "shap_models": "analysis_id, family, classifier",
}
