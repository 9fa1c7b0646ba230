"""The sentence of the calibration part says which way probabilities err, and only where it can be told."""

from __future__ import annotations

import pandas as pd
import pytest

from sgcore.ui.calibrated import calibration_table, sentence

NAN = float("nan")
WHERE = "on the external set"


def _rows(
    slope: tuple[float, float, float], intercept: tuple[float, float, float], reason: str = ""
) -> pd.DataFrame:
    numbers = {
        "intercept": intercept,
        "slope": slope,
        "brier": (0.2, 0.15, 0.25),
        "scaled_brier": (0.2, 0.1, 0.3),
        "ici": (0.08, 0.0, 0.16),
    }
    return pd.DataFrame(
        [
            {
                "family": "Radiomics",
                "classifier": "SVM",
                "measure": name,
                "estimate": estimate,
                "ci_low": low,
                "ci_high": high,
                "by_chance": 0.05 if name == "ici" else NAN,
                "n_patients": 126,
                "n_images": 126,
                "n_pos": 67,
                "n_neg": 59,
                "n_clipped": 0,
                "reason": reason if pd.isna(estimate) else "",
            }
            for name, (estimate, low, high) in numbers.items()
        ]
    )


NONE = (NAN, NAN, NAN)


@pytest.mark.parametrize(
    ("slope", "intercept", "text"),
    [
        (
            (0.42, 0.21, 0.63),
            (0.1, -0.3, 0.5),
            "Radiomics' probabilities are too extreme on the external set",
        ),
        ((1.9, 1.2, 2.6), (0.1, -0.3, 0.5), "are not extreme enough on"),
        ((-0.4, -0.7, -0.1), (0.1, -0.3, 0.5), "are in reverse order on"),
        ((1.0, 0.8, 1.2), (-0.9, -1.3, -0.5), "are too high on average on"),
        ((0.5, 0.3, 0.7), (0.9, 0.5, 1.3), "are too low on average and too extreme on"),
        (
            (1.0, 0.7, 1.3),
            (0.1, -0.3, 0.5),
            "No error of Radiomics' probabilities can be told from chance on",
        ),
        # An interval of the slope that holds 0 leaves open whether there is anything to be too extreme about.
        (
            (0.4, -0.2, 0.9),
            (0.1, -0.3, 0.5),
            "are too extreme (if they rise with the risk at all) on the external set",
        ),
        (
            (0.6, 0.2, 1.0),
            (0.1, -0.3, 0.5),
            "No error of Radiomics' probabilities can be told from chance on",
        ),
        # As it is shown, 0.20 to 1.00, the interval holds 1.
        ((0.6, 0.2, 0.997), (0.1, -0.3, 0.5), "No error of Radiomics' probabilities can be told from chance"),
        ((0.6, 0.2, 1.1), (0.9, 0.5, 1.3), "probabilities are too low on average on the external set"),
        (
            NONE,
            (0.9, 0.5, 1.3),
            "Of Radiomics' probabilities only the average can be judged on the external set: they are too low on "
            "average (intercept 0.90 (0.50 to 1.30), ideal 0; 126 patients); all alike.",
        ),
        (
            NONE,
            (0.1, -0.3, 0.5),
            "only the average can be judged on the external set: no error of it can be told from chance (intercept",
        ),
        (NONE, NONE, "The calibration of Radiomics on the external set cannot be judged: all alike."),
    ],
)
def test_sentence(
    slope: tuple[float, float, float], intercept: tuple[float, float, float], text: str
) -> None:
    said = sentence(_rows(slope, intercept, "all alike"), "Radiomics", WHERE)
    assert text in said
    assert "no difference" not in said
    if slope is not NONE:
        assert f"slope {slope[0]:.2f} ({slope[1]:.2f} to {slope[2]:.2f}), ideal 1" in said
        assert "126 patients" in said


def test_of_few_cases_a_class_nothing_is_said_whatever_is_stored() -> None:
    rows = _rows((0.42, 0.21, 0.63), (-0.9, -1.3, -0.5)).assign(n_pos=4)
    assert sentence(rows, "Radiomics", WHERE) == (
        "The calibration of Radiomics on the external set cannot be judged: fewer than 5 cases in a class (4 positive, "
        "59 negative)."
    )


def test_clipped_probabilities_are_counted() -> None:
    rows = _rows((0.42, 0.21, 0.63), (0.1, -0.3, 0.5)).assign(n_clipped=3)
    assert "126 patients; 3 probabilities moved to a millionth from 0 or 1." in sentence(
        rows, "Radiomics", WHERE
    )


def test_no_family() -> None:
    rows = _rows(NONE, NONE)
    assert sentence(rows.iloc[:0], None, WHERE) == "No family has probabilities to judge on the external set."
    assert "No family" in sentence(rows, "DL", WHERE)
    reasons = rows.assign(reason="none of 40 images has a score")
    assert sentence(reasons, None, WHERE) == (
        "No family has probabilities to judge on the external set: none of 40 images has a score."
    )


def test_table_sets_the_ici_beside_that_of_a_perfect_model() -> None:
    (row,) = calibration_table(_rows(NONE, (0.1, -0.3, 0.5), "all alike")).to_dict("records")
    assert row["ICI (distance)"] == "0.080 (0.000 to 0.160)"
    assert row["ICI of a perfect model"] == "0.050"
    assert row["Slope (ideal 1)"] == "–"
    assert row["Note"] == "all alike"
    assert "reason" not in row


def test_table_without_reasons_or_rows_has_no_note() -> None:
    table = calibration_table(_rows((1.0, 0.7, 1.3), (0.1, -0.3, 0.5)))
    assert table.columns[-1] == "Negative"
    assert calibration_table(_rows(NONE, NONE).iloc[:0]).empty
