"""Figures show the numbers of their frames, in both themes, and survive what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import plots
from sgcore.deep import BACKBONES
from sgcore.domain import CLASSIFIERS, FAMILIES
from tests.plots import frames
from tests.support.contrast import contrast

THEMES = list(plots.THEMES.values())


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable(theme: plots.Theme) -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    for ground in (theme.paper, theme.box):
        assert contrast(theme.text, ground) >= 4.5
        assert contrast(theme.muted, ground) >= 4.5
        assert min(contrast(theme.negative, ground), contrast(theme.positive, ground)) >= 3


def test_families_and_classifiers_differ() -> None:
    for theme in THEMES:
        assert len({theme.family(name) for name in FAMILIES}) == len(FAMILIES)
    styles = plots.lines([*CLASSIFIERS, "resnet18", "resnet50"])
    assert len({styles[name] for name in CLASSIFIERS}) == len(CLASSIFIERS)
    # Networks are told apart from each other, whatever stands beside them.
    assert len(set(plots.lines(list(BACKBONES)).values())) == len(BACKBONES)
    assert styles["LR"] == plots.lines(["LR"])["LR"]
    light = {name: plots.LIGHT.family(name) for name in FAMILIES}
    assert light == {
        "US": "#CC79A7",
        "Radiomics": "#009E73",
        "DL": "#D55E00",
        "RadiomicsDL": "#0072B2",
        "Combined": "#595959",
    }


@pytest.mark.parametrize("theme", THEMES)
def test_family_dots(theme: plots.Theme) -> None:
    rows = frames.evaluations()
    rows = rows[rows["picked"] & (rows["subset"] == "external") & (rows["unit"] == "patient")]
    chart = plots.family_dots(rows, theme)
    drawn = {trace.y[0]: trace for trace in chart.data}
    assert "US · SVM" not in drawn
    assert any("one class only" in note.text for note in chart.layout.annotations)
    row = rows[rows["family"] == "DL"].iloc[0]
    dot = drawn["DL · SVM"]
    assert dot.x[0] == row["auc"]
    assert dot.x[0] - dot.error_x.arrayminus[0] == pytest.approx(row["ci_low"])
    assert dot.x[0] + dot.error_x.array[0] == pytest.approx(row["ci_high"])


def test_classifier_dots_mark_the_pick() -> None:
    rows = frames.evaluations()
    rows = rows[(rows["family"] == "DL") & (rows["unit"] == "patient")]
    chart = plots.classifier_dots(rows, plots.LIGHT, family="DL", picked="SVM")
    assert "<b>SVM</b> (picked)" in chart.layout.yaxis.ticktext
    assert len(chart.data) == len(CLASSIFIERS) * 3


def test_difference_matrix_flips_with_the_order() -> None:
    rows = frames.comparisons()
    one = plots.difference_matrix(rows, plots.LIGHT, ["DL", "Radiomics", "RadiomicsDL"])
    other = plots.difference_matrix(rows, plots.LIGHT, ["RadiomicsDL", "Radiomics", "DL"])
    # Radiomics minus DL stands below the diagonal in the first, DL minus Radiomics in the second.
    assert one.data[0].z[1][0] == pytest.approx(0.04)
    assert other.data[0].z[2][1] == pytest.approx(-0.04)
    assert any("+0.19" in note.text for note in one.layout.annotations)
    assert sum(note.text == "–" for note in one.layout.annotations) == 2


def test_difference_matrix_of_pairs_without_an_interval() -> None:
    rows = frames.comparisons().assign(
        delta=0.0, ci_low=np.nan, ci_high=np.nan, reason="both scores rank every case alike"
    )
    chart = plots.difference_matrix(rows, plots.LIGHT, ["DL", "Radiomics", "RadiomicsDL"])
    texts = " ".join(f"{note.text} {note.hovertext}" for note in chart.layout.annotations)
    assert "nan" not in texts
    assert "<b>+0.000</b><br>no interval" in texts
    assert "(interval not estimable)" in texts
    assert "both scores rank every case alike" in texts


def test_roc_leaves_empty_curves_out() -> None:
    curve = pd.DataFrame(
        {
            "fpr": [0, 0.5, 1],
            "tpr": [0, 0.8, 1],
            "threshold": [2, 1, 0],
            "tpr_low": [0, 0.6, 1],
            "tpr_high": [0.2, 1, 1],
        }
    )
    chart = plots.roc(
        {"US": curve.iloc[:0], "DL": curve},
        plots.DARK,
        colors={"US": "#CC79A7", "DL": "#D55E00"},
        band="DL",
        operating={"DL": (0.5, 0.8)},
    )
    assert [trace.name for trace in chart.data if trace.name] == ["DL"]
    assert sum(trace.fill == "toself" for trace in chart.data) == 1


def test_roc_thresholds_are_told_apart_in_the_legend() -> None:
    curve = pd.DataFrame({"fpr": [0, 1], "tpr": [0, 1], "threshold": [2, 0], "tpr_low": 0, "tpr_high": 1})
    styles = plots.lines(CLASSIFIERS)
    chart = plots.roc(
        {"LR": curve, "MLP": curve},
        plots.LIGHT,
        colors=dict.fromkeys(("LR", "MLP"), "#009E73"),
        dashes={name: dash for name, (dash, _) in styles.items()},
        symbols={name: symbol for name, (_, symbol) in styles.items()},
        operating={"LR": (0.5, 0.8), "MLP": (0.4, 0.7)},
    )
    legend = {
        trace.name: trace.marker.symbol for trace in chart.data if trace.name and trace.showlegend is None
    }
    drawn = {trace.legendgroup: trace.marker.symbol for trace in chart.data if trace.mode == "markers"}
    assert legend == drawn == {name: styles[name][1] for name in ("LR", "MLP")}
    assert len({symbol for _, symbol in styles.values()}) == len(CLASSIFIERS)


def test_buttons_of_figures_have_the_colors_of_the_page() -> None:
    for theme in THEMES:
        chart = plots.center_labels(_two_centers("A", "B"), theme, ("n", "p"))
        assert chart.layout.modebar.bgcolor == theme.paper
        assert contrast(chart.layout.modebar.color, theme.paper) >= 4.5


def _two_centers(first: str, second: str) -> pd.DataFrame:
    return pd.DataFrame({"center": [first, second], "role": "external", "n": [3, 4], "p": [5, 6]})


def test_long_names_keep_their_places() -> None:
    long = "University Hospital of the Northern Provinces, Department of Radiology, "
    chart = plots.center_labels(
        _two_centers(f"{long} east wing", f"{long} west wing"), plots.LIGHT, ("n", "p")
    )
    assert list(chart.data[0].y) == [0, 1]
    assert max(map(len, chart.layout.yaxis.ticktext)) <= 26 + len(" (external)")
    assert chart.data[0].customdata[0].endswith("east wing")
    group = plots.Group(f"External: {long}", 10, 20, 4, 6)
    chart = plots.flow(group, [group, group], [group], plots.LIGHT, ("n", "p"))
    boxes = [note for note in chart.layout.annotations if "patients" in note.text]
    assert all(len(note.text.split("</b>")[0]) <= 32 for note in boxes)
    assert all(note.hovertext == group.title for note in boxes if "20 images" in note.text)


def test_numbers_without_room_in_a_bar_stand_behind_it() -> None:
    centers = pd.DataFrame({"center": ["A", "B"], "role": "external", "n": [50, 3], "p": [40, 4]})
    chart = plots.center_labels(centers, plots.LIGHT, ("n", "p"))
    assert [list(trace.text) for trace in chart.data] == [["50 (56%)", ""], ["40 (44%)", ""]]
    (note,) = chart.layout.annotations
    assert (note.x, note.y, note.text) == (7, 1, "3 (43%) · 4 (57%)")


def test_flow_sums_centers_that_have_no_room() -> None:
    group = plots.Group("Center", 10, 20, 4, 6)
    chart = plots.flow(group, [group, group], [group] * 3, plots.LIGHT, ("n", "p"))
    texts = " ".join(note.text for note in chart.layout.annotations)
    assert "3 external centers" in texts
    assert "30 patients" in texts


def test_funnel_shows_exact_numbers_and_zero() -> None:
    counts = pd.Series(
        {
            "features": 1288,
            "usable": 1286,
            "univariate": 55,
            "correlation": 24,
            "lasso": 0,
            "multivariable": np.nan,
        }
    )
    assert "multivariable" not in plots.steps(counts)
    chart = plots.funnel(counts, plots.LIGHT, color="#009E73", reference=counts)
    assert len(chart.data) == 2
    assert list(chart.data[1].text) == ["1,288", "1,286", "55", "24", "0"]


def test_p_values_tell_residue_apart() -> None:
    selection = pd.DataFrame(
        {
            "feature": ["original_glcm_Contrast", "wavelet-LHH_glcm_SumEntropy", "original_shape_Sphericity"],
            "feature_class": ["glcm", "glcm", "shape"],
            "step": ["selected", "selected", "univariate"],
            "p": [0.001, 0.01, np.nan],
            "q": [0.01, 0.02, np.nan],
            "residue": [False, True, False],
        }
    )
    chart = plots.p_values(selection, plots.LIGHT, threshold=0.05, correction="none")
    assert {trace.name for trace in chart.data} == {"selected", "selected, numerical residue"}
    assert chart.data[0].y[0] == pytest.approx(3)
    assert chart.layout.shapes[0].y0 == pytest.approx(-np.log10(0.05))


def test_p_values_without_any_feature_that_was_tested() -> None:
    selection = pd.DataFrame(
        {"feature": ["a"], "feature_class": ["glcm"], "step": ["excluded"], "p": [np.nan], "q": [np.nan],
         "residue": [False]}
    )  # fmt: skip
    assert not [
        t for t in plots.p_values(selection, plots.LIGHT, threshold=0.05, correction="none").data if t.x
    ]


def test_flow_sums_many_centers() -> None:
    group = plots.Group("Center", 10, 20, 4, 6)
    chart = plots.flow(group, [group, group], [group] * 6, plots.LIGHT, ("benign", "<b>malignant"))
    texts = " ".join(note.text for note in chart.layout.annotations)
    assert "6 external centers" in texts
    assert "60 patients" in texts
    assert "70 patients" in texts
    assert "&lt;b&gt;malignant" in [trace.name for trace in chart.data]


def test_lasso_path_leaves_zero_lines_out() -> None:
    path = pd.DataFrame(
        {"alpha": [0.01, 0.1] * 2, "feature": ["a", "a", "b", "b"], "coefficient": [0.3, 0.0, 0.0, 0.0]}
    )
    curve = pd.DataFrame(
        {"alpha": [0.01, 0.1], "error_mean": [0.2, 0.3], "error_se": [0.1, 0.1], "chosen": [True, False]}
    )
    chart = plots.lasso_path(path, curve, plots.LIGHT, {"a": "a"})
    assert sum(trace.x[0] is not None for trace in chart.data) == 1
    assert plots.lasso_curve(curve, plots.DARK, loss="gaussian", color="#009E73").layout.shapes[0].x0 == 0.01
