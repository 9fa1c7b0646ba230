"""Columns of evidence under names that people read."""

from __future__ import annotations

import pytest

from sgcore.plots.evidence_names import heading


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("auc", "AUC"),
        ("auc_a", "AUC of A"),
        ("image_b", "Image of B"),
        ("n_pos", "Positive"),
        ("n_pos_needed", "Positive needed"),
        ("at", "Assumed value"),
        ("n_clipped", "Scores moved off 0 or 1"),
        ("q_center", "Adjusted p by center"),
        ("p_center", "p by center"),
        ("p_low", "p, 95% from"),
        ("y_true", "Label"),
        ("k", "k"),
        ("n_patients", "Patients"),
        ("design_effect", "Design effect"),
        ("permutations", "Permutations"),
    ],
)
def test_a_column_is_called(name: str, said: str) -> None:
    assert heading(name) == said
