"""Selection outside the folds, other splits, permuted tests and chance levels of models as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from sgcore import stats, workflow
from sgcore.config import recipe, with_changes
from sgcore.errors import SgauditError
from sgcore.jobs import Cancel, Jobs
from sgcore.models import fit_classifier
from sgcore.selection import grouped_folds
from sgcore.store import Store
from sgcore.workflow import Analysis
from sgcore.workflow.costly import JOBS, univariate_null
from sgcore.workflow.family_fits import fit_families
from sgcore.workflow.fixed_scores import fixed_score_nulls
from sgcore.workflow.redraws import PLANS, Redraw
from sgcore.workflow.sources import Sources
from tests.support.studies import make_features_study

pytestmark = pytest.mark.long

CONFIG = with_changes(
    recipe("paper"),
    models__classifiers=("LR", "SVM"),
    models__folds=3,
    selection__folds=3,
    selection__n_alphas=20,
    selection__p_threshold=0.5,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Analysis]]:
    folder = tmp_path_factory.mktemp("other-draws")
    path = make_features_study(folder / "study", centers={"Alpha": 30, "Beta": 12, "Gamma": 8}, effect=1.5)
    with workflow.open_store(folder / "s.duckdb") as store:
        analysis = workflow.run(workflow.import_study(path, store), CONFIG, store)
        workflow.resample(analysis, "outside", store, draws=3)
        waiting = workflow.resampled(analysis, "outside")
        assert set(waiting.rows["reason"]) == {"the cross-validation has not been repeated yet"}
        assert waiting.detail.empty
        workflow.resample(analysis, "cross-validation", store, draws=2)
        yield store, analysis


def test_outside_and_inside_differ_in_the_selection_alone(made) -> None:
    _, analysis = made
    found = workflow.resampled(analysis, "outside")
    assert found.draws == 3
    inside = workflow.resampled(analysis, "cross-validation").detail
    keys = ["family", "classifier", "unit", "draw"]
    both = found.detail.merge(inside, on=keys)
    assert len(both) == 2 * 2 * 2
    assert both["inside"].to_numpy() == pytest.approx(both["auc"].to_numpy())
    cases = analysis.study.cases().set_index("image_id")
    scores = analysis.draws("outside")["scores"]
    for row in found.detail[found.detail["unit"] == "image"].itertuples():
        own = scores[(scores["classifier"] == row.classifier) & (scores["draw"] == row.draw)]
        y = own["image_id"].map(cases["y"])
        assert row.outside == pytest.approx(stats.auc(y, own["y_score"]).auc)
        assert set(own["image_id"]) == set(cases.index[cases["subset"] == "train"])
    (row,) = found.rows.query("classifier == 'LR' and unit == 'patient'").to_dict("records")
    each = found.detail.query("classifier == 'LR' and unit == 'patient'")["difference"]
    assert row["repeats"] == 2
    assert row["difference"] == pytest.approx(each.mean())
    assert (row["lowest"], row["highest"]) == (each.min(), each.max())


def test_scores_are_those_of_one_selection_in_every_fold(made) -> None:
    _, analysis = made
    trace, cases = analysis.frame("selection"), analysis.study.cases().set_index("image_id")
    train = cases.index[cases["subset"] == "train"]
    X = analysis.features.values.loc[
        train, list(trace.loc[trace["step"] == "selected", "feature"])
    ].to_numpy()
    y, patients = cases.loc[train, "y"].to_numpy(int), cases.loc[train, "patient_id"].to_numpy()
    expected = pd.Series(0.0, index=train)
    for fit, held in grouped_folds(y, patients, 3, 0).splits:
        model = fit_classifier("LR", X[fit], y[fit], patients[fit], seed=0, folds=3)
        expected.iloc[held] = model.score(X[held])
    scores = (
        analysis.draws("outside")["scores"].query("draw == 0 and classifier == 'LR'").set_index("image_id")
    )
    assert scores["y_score"].loc[train].to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)


def test_the_first_draw_has_the_features_of_the_analysis(made) -> None:
    _, analysis = made
    draws = analysis.draws("outside")["draws"]
    selected = (analysis.frame("selection")["step"] == "selected").sum()
    assert draws.loc[draws["draw"] == 0, "selected"].item() == selected


def test_other_splits_keep_the_numbers_of_each_label_and_the_external_patients(made) -> None:
    _, analysis = made
    given = Redraw(analysis.study, analysis.config)
    before = analysis.study.patients
    assert PLANS["splits"].redraw(given, 0) is given
    seen = set()
    for number in range(1, 20):
        after = PLANS["splits"].redraw(given, number).study.patients
        assert after.drop(columns="subset").equals(before.drop(columns="subset"))
        assert (after["subset"] == "external").equals(before["subset"] == "external")
        counts = [each.groupby(["subset", "y"]).size() for each in (after, before)]
        assert counts[0].equals(counts[1])
        seen.add(tuple(after["subset"]))
    assert len(seen) > 15
    # Who is drawn depends on the patients and not on the order of their rows.
    turned = replace(analysis.study, patients=before.iloc[::-1].reset_index(drop=True))
    again = (
        PLANS["splits"]
        .redraw(replace(given, study=turned), 7)
        .study.patients.set_index("patient_id")["subset"]
    )
    first = PLANS["splits"].redraw(given, 7).study.patients.set_index("patient_id")["subset"]
    assert again.sort_index().equals(first.sort_index())


def test_the_own_split_is_the_reported_auc_among_the_others(made) -> None:
    store, analysis = made
    assert workflow.resample(analysis, "splits", store, draws=5) == 5
    found = workflow.resampled(analysis, "splits")
    rows = analysis.frame("evaluations")
    rows = rows[rows["picked"] & (rows["estimate"] == "fitted") & rows["center"].isna()]
    reported = rows.set_index(["family", "subset", "unit"])["auc"]
    assert len(found.rows) == 4
    for row in found.rows.to_dict("records"):
        assert row["observed"] == pytest.approx(reported[row["family"], row["subset"], row["unit"]])
        others = found.detail.query("draw > 0 and subset == @row['subset'] and unit == @row['unit']")["auc"]
        assert row["splits"] == len(others) == 5
        below, equal = (others < row["observed"]).sum(), (others == row["observed"]).sum()
        assert row["share"] == pytest.approx((below + equal / 2) / 5)
        assert row["lowest"] <= row["low"] <= row["median"] <= row["lucky"] <= row["high"] <= row["highest"]
    parts = analysis.draws("splits")
    alone = {**parts, "aucs": parts["aucs"][parts["aucs"]["draw"] > 0]}
    rows, _ = PLANS["splits"].read(analysis, alone)
    assert set(rows["reason"]) == {"the study's own split has not been computed yet"}
    assert rows["share"].isna().all()


def test_where_folds_pick_only_the_pick_is_fitted_on_all_and_the_draw_is_the_same(made) -> None:
    _, analysis = made
    plan, config = PLANS["permutation"], with_changes(CONFIG, models__pick="folds")
    estimates = ("fitted", "out_of_fold")
    for draw in range(3):
        redraw = plan.redraw(Redraw(analysis.study, config), draw)
        sources = Sources(redraw.study, config, analysis.features, variants={})
        nothing, icc = lambda _family: None, analysis.frame("icc")
        whole = fit_families(sources, icc, nothing, estimates)
        short = fit_families(sources, icc, nothing, estimates, preferred=plan.preferred(redraw))
        parts = plan.keep(redraw, whole), plan.keep(redraw, short)
        for name in ("aucs", "draws"):
            pd.testing.assert_frame_equal(
                *(each[name].drop(columns="note", errors="ignore") for each in parts)
            )
        scores = short.results["Radiomics"].scores
        fitted = scores.loc[scores["estimate"] == "fitted", "classifier"].unique()
        assert list(fitted) == list(parts[0]["draws"]["picked"].dropna())
    assert PLANS["permutation"].preferred(Redraw(analysis.study, CONFIG)) is None


def test_without_validation_patients_there_is_no_split_to_draw(made) -> None:
    _, analysis = made
    subset = analysis.study.patients["subset"].replace("validation", "train")
    study = replace(analysis.study, patients=analysis.study.patients.assign(subset=subset))
    assert "no development patient validates" in str(PLANS["splits"].why_not(study))


def test_the_tests_alone_on_permuted_labels(made, monkeypatch: pytest.MonkeyPatch) -> None:
    store, analysis = made
    monkeypatch.setattr(univariate_null, "PERMUTATIONS", 50)
    job = JOBS["univariate-null"]
    assert job.why_not(analysis) is None
    assert not job.done(analysis)
    workflow.complete_audit(analysis, store, kinds=["univariate-null"])
    assert job.done(analysis)
    rows = analysis.frame("univariate_null")
    assert rows["draw"].tolist() == list(range(51))
    trace = analysis.frame("selection")
    trace = trace[trace["family"] == "Radiomics"]
    real = rows.iloc[0]
    assert real["tested"] == trace["p"].notna().sum()
    assert real["below"] == (trace["p"] < 0.05).sum()
    assert real["survivors"] == (stats.adjust(trace["p"].to_numpy(float), "bh") < 0.05).sum()
    # Two images a patient: the tests take them as independent, so that noise passes more often than one in twenty.
    assert rows["below"].iloc[1:].mean() > 0.05 * real["tested"]
    assert (rows["survivors"] <= rows["tested"]).all()
    people = analysis.study.patients.query("subset == 'train'")
    assert (
        rows["distinct"].iloc[0] == stats.distinct_permutations(people["y"], None, people["center"]) == 184756
    )


def test_a_failed_permutation_leaves_nothing(made, monkeypatch: pytest.MonkeyPatch) -> None:
    store, analysis = made
    other = workflow.analyze(analysis.study, with_changes(CONFIG, seed=3), store)

    def broken(*_args: object, **_named: object) -> None:
        raise ValueError("no p today")

    monkeypatch.setattr(stats, "univariate_tests", broken)
    with pytest.raises(SgauditError, match="no p today"):
        workflow.complete_audit(
            other, store, kinds=["univariate-null"], jobs=Jobs(workers=0), cancel=Cancel()
        )
    assert not JOBS["univariate-null"].done(other)


def test_labels_that_cannot_move_have_no_null(made) -> None:
    _, analysis = made
    job = JOBS["univariate-null"]
    patients = analysis.study.patients
    other = replace(analysis)
    # A cached property: it is set as if it had been read from the store.
    other.__dict__["study"] = replace(analysis.study, patients=patients.assign(center=patients["label"]))
    assert "training patients of one label" in str(job.why_not(other))


def test_models_as_they_are_against_permuted_held_out_labels(made) -> None:
    _, analysis = made
    rows = fixed_score_nulls(analysis)
    assert set(zip(rows["family"], rows["subset"], strict=True)) == {
        ("Radiomics", "validation"),
        ("Radiomics", "external"),
    }
    reported = analysis.frame("evaluations")
    reported = reported[reported["picked"] & reported["center"].isna() & (reported["unit"] == "image")]
    reported = reported[reported["estimate"] == "fitted"].set_index("subset")["auc"]
    for row in rows.to_dict("records"):
        assert row["observed"] == pytest.approx(reported[row["subset"]])
        # Picked on the external set, so that there it is the best of two.
        assert row["n_candidates"] == (2 if row["subset"] == "external" else 1)
        assert row["p_low"] <= row["p"] <= row["p_high"] + 1e-3
        assert row["permutations"] == 2000
        assert row["n_patients"] == (20 if row["subset"] == "external" else 10)
