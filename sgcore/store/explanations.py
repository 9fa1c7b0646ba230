"""SHAP values in the store, by analysis and model: appended model by model, so that work resumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sgcore.store.connection import Connection
from sgcore.store.insert import insert
from sgcore.store.migrations import utc_now


class Explanations:
    """What each feature adds to the score of each image."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def done(self, analysis_id: str) -> set[tuple[str, str]]:
        """(family, classifier) of the models that are explained, or of which it is known why they are not."""
        with self._connection.cursor() as cursor:
            rows = cursor.execute(
                "SELECT family, classifier FROM shap_models WHERE analysis_id = ?", [analysis_id]
            ).fetchall()
        return set(rows)

    def add(self, analysis_id: str, model: Mapping[str, Any], rows: pd.DataFrame) -> None:
        """Store the explanation of a model whole; one that is there stays as it is.

        ``model`` has the columns of ``shap_models``, ``rows`` those of ``shap_rows`` (``image_id`` and three
        lists in the order of the model's features), both without the analysis; ``rows`` also without the model.
        """
        key = [analysis_id, model["family"], model["classifier"]]
        with self._connection.transaction() as cursor:
            known = cursor.execute(
                "SELECT 1 FROM shap_models WHERE analysis_id = ? AND family = ? AND classifier = ?", key
            ).fetchone()
            if known is not None:
                return
            cursor.execute(
                "INSERT INTO shap_models VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    *key,
                    list(model["features"]),
                    *(
                        model[name]
                        for name in ("base", "method", "exact", "n_background", "n_explained", "reason")
                    ),
                    utc_now(),
                ],
            )
            if len(rows):
                named = rows.assign(analysis_id=key[0], family=key[1], classifier=key[2])
                insert(cursor, "shap_rows", named)

    def models(self, analysis_id: str) -> pd.DataFrame:
        """``family, classifier, features, base, method, exact, n_background, n_explained, reason``."""
        with self._connection.cursor() as cursor:
            return cursor.execute(
                "SELECT * EXCLUDE (analysis_id, computed_at) FROM shap_models WHERE analysis_id = ? ORDER BY rowid",
                [analysis_id],
            ).df()

    def values(self, analysis_id: str, model: tuple[str, str] | None = None) -> pd.DataFrame:
        """``family, classifier, image_id, feature, feature_value, shap_value, mc_error`` of one or of all models."""
        family, classifier = model or (None, None)
        with self._connection.cursor() as cursor:
            return cursor.execute(
                """
                SELECT r.family, r.classifier, r.image_id,
                       unnest(m.features) AS feature, unnest(r.feature_values) AS feature_value,
                       unnest(r.shap_values) AS shap_value, unnest(r.mc_errors) AS mc_error
                FROM (SELECT rowid AS place, * FROM shap_rows) r
                JOIN shap_models m USING (analysis_id, family, classifier)
                WHERE r.analysis_id = $1 AND ($2 IS NULL OR (r.family = $2 AND r.classifier = $3))
                ORDER BY r.place
                """,
                [analysis_id, family, classifier],
            ).df()
