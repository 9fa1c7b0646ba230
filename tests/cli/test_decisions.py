"""Net benefit on a terminal: at one risk, with the shift that was applied, and why a number is missing."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from sgcore.cli.decisions import print_decision

RATES = {"threshold": 0.3, "net_benefit": 0.123, "low": 0.05, "high": 0.18, "treat_all": 0.08}
MODEL = {
    "family": "Radiomics",
    "classifier": "SVM",
    "subset": "external",
    "n_patients": 126,
    "train_prevalence": 0.5,
    "prevalence": 0.1,
    "shift": -2.1972,
    "reason": None,
    "net_benefit": [RATES | {"threshold": 0.1, "net_benefit": 0.9}, RATES],
}


def _printed(*models: dict[str, Any]) -> str:
    found = {"treat": "biopsy", "risk": 0.3, "prevalence_source": "study file", "models": list(models)}
    with redirect_stdout(StringIO()) as said:
        print_decision(found, "patient")
    return " ".join(said.getvalue().replace("│", " ").split())


def test_the_risk_its_net_benefit_and_the_shift() -> None:
    said = _printed(MODEL)
    assert "biopsy from a risk of 30% on (study file), by patient:" in said
    for part in ("0.123 (0.050", "0.180)", "0.080", "50%, 10%", "-2.20)"):
        assert part in said
    assert "0.900" not in said


def test_a_rare_condition_keeps_its_figures_and_a_missing_share_is_said() -> None:
    rates = RATES | {"net_benefit": 0.00031, "low": None, "high": None, "treat_all": -0.4}
    said = _printed(MODEL | {"prevalence": 0.0005, "train_prevalence": None, "net_benefit": [rates]})
    assert "0.00031" in said
    assert "not known," in said
    assert "nan" not in said.lower()


def test_without_a_curve_the_reason_stands() -> None:
    none = dict.fromkeys(RATES) | {"threshold": 0.3}
    said = _printed(MODEL | {"prevalence": None, "reason": "one class only", "net_benefit": [none]})
    assert "Radiomics, external: one class only" in said


def test_no_decision_prints_nothing() -> None:
    with redirect_stdout(StringIO()) as said:
        print_decision(None, "patient")
    assert said.getvalue() == ""
