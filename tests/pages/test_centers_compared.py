"""Another analysis on the centers page: chosen, never by itself; a what-if closed and counted; the sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from sgcore import plots
from sgcore.ui.centers_compared import sentence
from sgcore.workflow import CenterComparison
from tests.pages.driving import charts, choose, field, labels, open_page, press, text, turn
from tests.support.what_if import what_if_of


def _compared(app: AppTest) -> bool:
    return any(header.value.startswith("Beside ") for header in app.header)


def test_nothing_is_compared_until_it_is_chosen(what_if_path: Path) -> None:
    what_if = what_if_of(what_if_path)
    app = open_page("Selection", analysis=what_if)
    assert "Against the reference" in text(app)
    turn(app, "Centers")
    assert field(app.selectbox, "Compared with").value == "none"
    press(app, "Show the results in each center")
    assert not _compared(app)
    against = field(app.selectbox, "Compared with")
    against.set_value(against.options[1]).run()
    assert not app.exception
    assert _compared(app)
    assert "in the reference (paper recipe" in text(app)
    assert charts(app) == 2
    # What was chosen here holds elsewhere and on the way back.
    turn(app, "Families")
    turn(app, "Centers")
    assert _compared(app)


def test_a_what_if_on_the_other_side_is_closed_and_counted(what_if_path: Path) -> None:
    what_if = what_if_of(what_if_path)
    app = open_page("Centers", against=what_if)
    assert _compared(app)
    assert charts(app) == 1
    assert "was counted" not in text(app)
    (button,) = [label for label in labels(app.button) if label.startswith("Show what ")]
    press(app, button)
    assert not app.exception
    assert charts(app) == 2
    assert "The other analysis is a what-if" in text(app)
    assert "look 1 of this study" in text(app)
    # Its own page opens by the same look.
    choose(app, analysis=what_if, against="none")
    assert "look 1 of this study" in text(app)
    assert charts(app) == 1


def test_both_sides_stand_by_a_chosen_classifier(what_if_path: Path) -> None:
    what_if = what_if_of(what_if_path)
    app = open_page("Centers", against=what_if)
    press(app, next(label for label in labels(app.button) if label.startswith("Show what ")))
    picker = field(app.selectbox, "Classifier")
    other = next(name for name in picker.options if not name.endswith("(picked)"))
    picker.set_value(other).run()
    assert text(app).count(f"({other}) ") >= 2


def _found(**changed: list[object]) -> CenterComparison:
    """One development and two external centers with all external cases."""
    rows = pd.DataFrame(
        {
            "center": ["Home", "Beta", "<b>Eta", None],
            "role": ["development", "external", "external", "together"],
            "subset": ["validation", "external", "external", "external"],
            "n_patients": [30, 20, 9, 29],
            "n_images": [60, 40, 18, 58],
            "n_left_out": 0,
            "auc": [0.8, 0.9, 0.7, 0.85],
            "reference_auc": [0.7, 0.6, 0.6, 0.6],
            "delta": [0.1, 0.3, 0.1, 0.25],
            "ci_low": [-0.1, 0.1, -0.2, 0.05],
            "ci_high": [0.3, 0.5, 0.4, 0.45],
            "p": [0.3, 0.003, 0.5, 0.01],
            "p_adjusted": [0.6, 0.009, 0.6, np.nan],
            "method": "DeLong, paired",
            "reason": "",
        }
    ).assign(**changed)
    return CenterComparison("Radiomics", "LR", "SVM", "patient", rows)


def test_the_sentence_names_the_centers_that_tell_the_two_apart() -> None:
    said = sentence(_found(), "strict recipe")
    assert (
        "0.850 (LR) here and 0.600 (SVM) in strict recipe on all external cases (29 patients, 2 centers)"
        in said
    )
    assert "+0.250 (+0.050 to +0.450) over strict recipe." in said
    assert (
        "in Beta +0.300 (+0.100 to +0.500); too few patients to tell in Home (validation) and <b>Eta." in said
    )
    few = sentence(_found(ci_low=[-0.1] * 4, p_adjusted=[0.6, 0.6, 0.6, np.nan]), "strict recipe")
    assert few.endswith("Each of 3 centers by itself has too few patients to tell.")
    assert "no difference" not in said + few


def test_a_center_without_a_difference_says_why_in_sentence_and_figure() -> None:
    why = "one class only (all positive), n = 9"
    none = [0.1, 0.3, np.nan, 0.25]
    found = _found(delta=none, ci_low=none, ci_high=none, reason=["", "", why, ""])
    assert f"in <b>Eta {why}" in sentence(found, "strict recipe")
    for theme in plots.THEMES.values():
        chart = plots.center_differences(found.rows, theme, family="Radiomics")
        assert len(chart.data) == 3
        (note,) = chart.layout.annotations
        assert (note.x, note.hovertext) == (0, why)
        assert sum("&lt;b&gt;Eta" in label for label in chart.layout.yaxis.ticktext) == 1
        low, high = chart.layout.xaxis.range
        assert low == -high <= -0.3
