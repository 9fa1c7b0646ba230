"""Sentences on center predictability: a note, with n, p and who stands together; never that centers are alike."""

from __future__ import annotations

import pandas as pd

from sgcore.ui import center_signal_answers as answers

ROW = {
    "features": "radiomics", "auc": 0.959, "p": 0.005, "p_low": 0.0, "p_high": 0.018, "chance_median": 0.48,
    "chance_95": 0.61, "n_patients": 133, "n_centers": 3, "n_features": 1288, "n_dropped": 0, "merged": "",
    "left_out": "", "permutations": 199.0, "reason": "",
}  # fmt: skip


def _row(**changed: object) -> pd.Series:
    return pd.Series(ROW | changed)


def test_told_with_its_numbers() -> None:
    assert answers.told(_row()) == (
        "The center can be told from the 1,288 radiomics features: AUC 0.959 among patients with the same label, where "
        "0.5 is chance (p = 0.005, the smallest that 199 permutations can give; 133 patients, 3 centers)."
    )


def test_chance_is_no_proof_that_centers_are_alike() -> None:
    text = answers.told(_row(auc=0.53, p=0.3))
    assert text.startswith("It is not shown that the center can be told")
    assert text.endswith("That does not show that the centers are alike.")
    assert "smallest" not in text


def test_no_number_has_the_reason() -> None:
    row = _row(auc=float("nan"), p=float("nan"), reason="none of 3 features is complete and varies")
    assert answers.told(row).endswith("is not known: none of 3 features is complete and varies.")
    assert answers.other(row) == "Radiomics as extracted: no AUC, none of 3 features is complete and varies."


def test_who_stands_together_is_said() -> None:
    assert answers.groups(_row()) == ""
    assert "stand together as “other centers”: B, C." in answers.groups(_row(merged="B, C"))
    assert "even together: D. 1 feature not used" in answers.groups(_row(left_out="D", n_dropped=1))


def test_the_table_has_every_set() -> None:
    rows = pd.DataFrame([_row(features="harmonized"), _row(), _row(features="deep")])
    assert answers.table(rows)["Features"].is_unique
    assert "ComBat" in answers.meaning({"harmonized"})
    assert "ComBat" not in answers.meaning({"radiomics"})
