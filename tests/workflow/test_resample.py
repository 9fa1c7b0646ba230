"""Resampling: what is drawn anew, what each draw gives, and what is stored when work stops and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sgcore
from sgcore import stats, workflow
from sgcore.config import recipe, with_changes
from sgcore.errors import CancelledError, SgauditError, StoreError, UsageError
from sgcore.jobs import Cancel, Jobs, Progress
from sgcore.store import Store
from sgcore.workflow import Analysis
from sgcore.workflow.redrawn import Task, compute
from sgcore.workflow.redraws import PLANS, Redraw
from sgcore.workflow.redraws.centers import NO_MODEL, ONE_SCORE
from sgcore.workflow.redraws.permutation import strata
from sgcore.workflow.redraws.stability import SHARE
from sgcore.workflow.sources import sources
from tests.support.studies import make_features_study, make_study

pytestmark = pytest.mark.long

CONFIG = with_changes(
    recipe("paper"),
    preset="planar-2d",
    models__classifiers=("LR", "SVM"),
    models__folds=3,
    selection__folds=3,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Analysis]]:
    folder = tmp_path_factory.mktemp("resample")
    path = make_study(folder / "study", size=(48, 64), effect=1.5)
    with workflow.open_store(folder / "s.duckdb") as store:
        study = workflow.import_study(path, store)
        yield store, workflow.run(study, CONFIG, store)


def _draw(analysis: Analysis, kind, draw: int) -> Redraw:
    return PLANS[kind].redraw(Redraw(analysis.study, analysis.config), draw)


def test_a_left_out_center_trains_nothing_and_the_others_all_do(made) -> None:
    _, analysis = made
    for draw, center in enumerate(("Alpha", "Beta", "Gamma")):
        drawn = _draw(analysis, "centers", draw)
        people = drawn.study.patients
        assert drawn.name == center
        assert set(people.loc[people["subset"] == "external", "center"]) == {center}
        assert set(people.loc[people["center"] != center, "subset"]) == {"train"}
        assert drawn.config.models.pick == "folds"


def test_permuted_labels_stay_in_their_center_and_subset_and_with_their_patient(made) -> None:
    _, analysis = made
    before = analysis.study.patients
    assert _draw(analysis, "permutation", 0).study.patients["y"].equals(before["y"])
    drawn = [_draw(analysis, "permutation", number).study.patients for number in range(1, 30)]
    groups = pd.Series(strata(analysis.study))
    for after in drawn:
        assert after["y"].groupby(groups).sum().equals(before["y"].groupby(groups).sum())
        assert after.drop(columns="y").equals(before.drop(columns="y"))
    assert np.mean([(after["y"] != before["y"]).mean() for after in drawn]) > 0.3
    again = _draw(analysis, "permutation", 7).study.patients
    assert again.equals(drawn[6])


def test_picks_by_folds_are_repeated_in_the_folds_of_the_analysis(made) -> None:
    _, analysis = made
    picks = analysis.frame("picks")
    assert PLANS["permutation"].needed(picks) == ("fitted",)
    by_folds = picks.assign(evaluated_on=["training folds", *picks["evaluated_on"].iloc[1:]])
    assert PLANS["permutation"].needed(by_folds) == ("fitted", "out_of_fold")
    five = replace(analysis, config=with_changes(CONFIG, models__folds=5))
    for number in (0, 1):
        assert _draw(five, "permutation", number).config == five.config


@pytest.mark.parametrize("name", ["paper", "strict"])
def test_draw_0_is_what_the_analysis_reports_in_either_recipe(name: str, tmp_path: Path) -> None:
    path = make_features_study(tmp_path / "study", centers={"Alpha": 40, "Beta": 12, "Gamma": 8}, effect=0.6)
    config = with_changes(recipe(name), models__classifiers=("LR", "SVM"), selection__n_alphas=30)
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        analysis = workflow.run(workflow.import_study(path, store), config, store)
        workflow.resample(analysis, "permutation", store, draws=1)
        rows = analysis.frame("evaluations")
        rows = rows[rows["picked"] & (rows["estimate"] == "fitted") & rows["center"].isna()]
        keys = ["family", "classifier", "subset", "unit"]
        reported = rows[rows["subset"] != "train"].set_index(keys)["auc"]
        aucs = analysis.draws("permutation")["aucs"]
        own = aucs[aucs["draw"] == 0].set_index(keys)["auc"]
    assert len(reported) == 4
    assert own.sort_index().to_dict() == pytest.approx(reported.sort_index().to_dict(), abs=1e-12)


def test_stability_draws_patients_of_each_label_without_replacement(made) -> None:
    _, analysis = made
    train = analysis.study.patients.query("subset == 'train'")
    seen = set()
    for number in range(20):
        people = _draw(analysis, "stability", number).study.patients
        kept = people[people["subset"] == "train"]
        assert set(kept["patient_id"]) <= set(train["patient_id"])
        expected = train.groupby("y").size().map(lambda n: max(2, round(SHARE * n)))
        assert kept.groupby("y").size().equals(expected)
        seen.add(tuple(kept["patient_id"]))
    assert len(seen) > 15


def test_the_first_repeat_is_the_analysis_own_cross_validation(made) -> None:
    store, analysis = made
    assert workflow.resample(analysis, "cross-validation", store, draws=3) == 3
    found = workflow.resampled(analysis, "cross-validation")
    rows = analysis.frame("evaluations")
    rows = rows[(rows["estimate"] == "out_of_fold") & rows["center"].isna()]
    assert len(found.rows) == len(rows)
    for row in rows.to_dict("records"):
        key = (found.detail["family"] == row["family"]) & (found.detail["classifier"] == row["classifier"])
        own = found.detail[key & (found.detail["unit"] == row["unit"])].set_index("draw")["auc"]
        assert own[0] == pytest.approx(row["auc"], abs=1e-12)
        mean = found.rows[
            (found.rows["family"] == row["family"])
            & (found.rows["classifier"] == row["classifier"])
            & (found.rows["unit"] == row["unit"])
        ].iloc[0]
        assert mean["auc"] == pytest.approx(own.mean())
        assert mean["lowest"] <= mean["auc"] <= mean["highest"]
        assert mean["optimism"] == pytest.approx(mean["fitted"] - mean["auc"])


def test_the_unpermuted_draw_is_the_reported_auc_and_p_counts_it(made) -> None:
    store, analysis = made
    workflow.resample(analysis, "permutation", store, draws=12)
    found = workflow.resampled(analysis, "permutation")
    assert (found.draws, found.usual, found.complete) == (12, 1000, False)
    rows = analysis.frame("evaluations")
    rows = rows[rows["picked"] & (rows["estimate"] == "fitted") & rows["center"].isna()]
    reported = rows.set_index(["family", "subset", "unit"])["auc"]
    for row in found.rows.to_dict("records"):
        assert row["observed"] == pytest.approx(
            reported[row["family"], row["subset"], row["unit"]], abs=1e-12
        )
        null = found.detail.query("draw > 0 and family == @row['family']")
        null = null[(null["subset"] == row["subset"]) & (null["unit"] == row["unit"])]["auc"]
        assert row["permutations"] == len(null) == 12
        assert row["reached"] == (null >= row["observed"]).sum()
        assert row["p"] == pytest.approx((1 + row["reached"]) / 13)
        assert row["univariate_low"] <= row["univariate_median"] <= row["univariate_high"]
    counts = analysis.frame("counts").set_index("family")["univariate"]
    assert (found.rows["univariate"] == found.rows["family"].map(counts)).all()
    study = analysis.study
    distinct = stats.distinct_permutations(study.patients["y"], None, strata(study))
    assert set(found.rows["distinct"]) == {stats.distinct_text(distinct)}


def test_a_permutation_without_a_model_is_one_all_the_same(made) -> None:
    store, analysis = made
    workflow.resample(analysis, "permutation", store, draws=12)
    parts = analysis.draws("permutation")
    lost = (parts["aucs"]["draw"] == 7) & (parts["aucs"]["family"] == "Radiomics")
    rows, _ = PLANS["permutation"].read(analysis, {**parts, "aucs": parts["aucs"][~lost]})
    own = rows[rows["family"] == "Radiomics"]
    assert own["p"].isna().all()
    assert set(own["reason"]) == {"1 of 12 permutations have no AUC on this set"}
    assert rows.loc[rows["family"] == "US", "p"].notna().all()


def test_repeats_keep_their_numbers(made) -> None:
    store, analysis = made
    workflow.resample(analysis, "cross-validation", store, draws=3)
    parts = analysis.draws("cross-validation")
    kept = {name: frame[frame["draw"] != 1] if "draw" in frame else frame for name, frame in parts.items()}
    _, detail = PLANS["cross-validation"].read(analysis, kept)
    assert set(detail["draw"]) == {0, 2}


def test_nothing_selected_on_permuted_labels_ranks_nobody(made) -> None:
    store, analysis = made
    strict = workflow.analyze(analysis.study, with_changes(CONFIG, selection__p_threshold=0.002), store)
    workflow.resample(strict, "permutation", store, draws=6)
    draws, aucs = strict.draws("permutation")["draws"], strict.draws("permutation")["aucs"]
    assert (draws.query("draw == 0")["selected"] > 0).all()
    empty = draws[draws["selected"] == 0][["draw", "family"]]
    assert len(empty) > 0
    merged = empty.merge(aucs, on=["draw", "family"])
    assert len(merged) == 4 * len(empty)
    assert (merged["auc"] == 0.5).all()
    found = workflow.resampled(strict, "permutation")
    assert found.failed.empty
    assert found.rows["n_empty"].max() == len(empty)


def test_every_center_is_evaluated_by_models_of_the_others(made) -> None:
    store, analysis = made
    assert workflow.resample(analysis, "centers", store) == 3
    found = workflow.resampled(analysis, "centers")
    assert set(found.rows["center"]) == {"Alpha", "Beta", "Gamma"}
    cases = analysis.study.cases()
    scores = analysis.draws("centers")["scores"]
    by_image = found.rows[found.rows["unit"] == "image"].dropna(subset=["auc"])
    assert "Radiomics" in set(by_image["family"])
    for row in by_image.to_dict("records"):
        own = scores[(scores["family"] == row["family"]) & (scores["classifier"] == row["classifier"])]
        own = own.merge(cases[cases["center"] == row["center"]], on="image_id")
        direct = stats.auc(own["y"], own["y_score"], own["patient_id"])
        assert (row["auc"], row["ci_low"]) == (pytest.approx(direct.auc), pytest.approx(direct.ci_low))
    assert set(found.detail["measure"]) >= {"mean", "new_center"}


def test_stability_counts_empty_draws_and_names_the_selected(made) -> None:
    store, analysis = made
    workflow.resample(analysis, "stability", store, draws=15)
    found = workflow.resampled(analysis, "stability")
    draws = analysis.draws("stability")["draws"]
    radiomics = found.rows.set_index("family").loc["Radiomics"]
    assert radiomics["draws"] == 15
    assert radiomics["n_empty"] == (draws.query("family == 'Radiomics'")["selected"] == 0).sum()
    trace = analysis.frame("selection")
    kept = set(trace[(trace["family"] == "Radiomics") & (trace["step"] == "selected")]["feature"])
    detail = found.detail[found.detail["family"] == "Radiomics"]
    assert kept
    assert set(detail[detail["selected"]]["feature"]) == kept
    selections = analysis.draws("stability")["selections"].query("family == 'Radiomics'")
    assert detail.set_index("feature")["frequency"].mul(15).round().sum() == len(selections)


def test_a_left_out_center_without_a_model_has_no_auc_and_is_not_pooled(made) -> None:
    store, analysis = made
    workflow.resample(analysis, "centers", store)
    parts = analysis.draws("centers")
    draws, scores = parts["draws"].copy(), parts["scores"].copy()
    empty = (draws["name"] == "Gamma") & (draws["family"] == "Radiomics")
    draws.loc[empty, "selected"] = 0
    number = draws.loc[empty, "draw"].iloc[0]
    scores.loc[(scores["draw"] == number) & (scores["family"] == "Radiomics"), "y_score"] = 0.4
    # The other family could not be tried at all for this center.
    draws.loc[(draws["name"] == "Beta") & (draws["family"] == "US"), ["selected", "picked", "reason"]] = [
        0,
        None,
        "no descriptor had p < 0.05",
    ]
    lost = (scores["family"] == "US") & scores["draw"].isin(draws.loc[draws["name"] == "Beta", "draw"])
    rows, together = PLANS["centers"].read(analysis, {**parts, "draws": draws, "scores": scores[~lost]})
    whole, _ = PLANS["centers"].read(analysis, parts)
    keys = ["family", "center", "unit"]
    assert sorted(map(tuple, rows[keys].to_numpy())) == sorted(map(tuple, whole[keys].to_numpy()))
    at, before = rows.set_index(keys).sort_index(), whole.set_index(keys).sort_index()
    for family, center, why in (
        ("Radiomics", "Gamma", NO_MODEL),
        ("US", "Beta", "no descriptor had p < 0.05"),
    ):
        for unit in ("patient", "image"):
            row = at.loc[(family, center, unit)]
            assert row[["auc", "ci_low", "ci_high"]].isna().all()
            assert row["reason"] == why
            known = before.loc[(family, center, unit)]
            assert row[["n_patients", "n_pos", "n_neg"]].equals(known[["n_patients", "n_pos", "n_neg"]])
        mean = together[(together["family"] == family) & (together["measure"] == "mean")]
        assert mean["unit"].tolist() == ["patient", "image"]
        assert (mean["k"] <= 2).all()
        assert mean["auc"].isna().all()
    # Different models scored different centers: their scores are not compared with each other.
    assert set(together["measure"]) == {"mean", "new_center", "same_center_pairs"}
    # A model that cannot tell the patients of a center apart has no AUC there either.
    blind = draws.assign(selected=draws["selected"].where(~empty, 2))
    told, _ = PLANS["centers"].read(analysis, {**parts, "draws": blind, "scores": scores})
    gamma = told[(told["family"] == "Radiomics") & (told["center"] == "Gamma")]
    assert gamma["auc"].isna().all()
    assert set(gamma["reason"]) == {ONE_SCORE}
    # Centers whose images have no features, and so no row of scores, keep their row as well.
    silent = (scores["draw"] == number) & (scores["family"] == "Radiomics")
    told, _ = PLANS["centers"].read(analysis, {**parts, "draws": blind, "scores": scores[~silent]})
    gamma = told[(told["family"] == "Radiomics") & (told["center"] == "Gamma")]
    assert gamma["reason"].str.fullmatch(r"none of \d+ images has a score").all()
    assert len(gamma) == 2
    kept = at.drop(("Radiomics", "Gamma")).drop(("US", "Beta"))
    assert kept["auc"].equals(before["auc"].loc[kept.index])


def test_a_perfect_left_out_center_says_why_it_is_not_pooled(made) -> None:
    store, analysis = made
    workflow.resample(analysis, "centers", store)
    parts = analysis.draws("centers")
    y = parts["scores"]["image_id"].map(analysis.study.cases().set_index("image_id")["y"]).astype(float)
    number = parts["draws"].loc[parts["draws"]["name"] == "Beta", "draw"].iloc[0]
    perfect = parts["scores"].assign(
        y_score=parts["scores"]["y_score"].where(parts["scores"]["draw"] != number, y)
    )
    rows, _ = PLANS["centers"].read(analysis, parts | {"scores": perfect})
    beta = (rows["center"] == "Beta") & (rows["family"] == "Radiomics")
    assert (rows.loc[beta, "auc"] == 1).all()
    assert rows.loc[beta, "not_pooled"].str.startswith("its AUC is 1").all()
    inside = rows["auc"].between(0.01, 0.99)
    assert inside.any()
    assert rows.loc[inside, "not_pooled"].isna().all()


def test_features_that_are_all_constant_have_no_stability_and_stop_nothing(tmp_path: Path) -> None:
    path = make_features_study(tmp_path / "study")
    table = pd.read_csv(path.parent / "features.csv")
    table.iloc[:, 1:] = 1.5
    table.to_csv(path.parent / "features.csv", index=False)
    config = with_changes(CONFIG, models__classifiers=("LR",))
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        analysis = workflow.run(workflow.import_study(path, store), config, store)
        assert workflow.resample(analysis, "stability", store, draws=3) == 3
        found = workflow.resampled(analysis, "stability")
        (row,) = found.rows.to_dict("records")
        assert np.isnan(row["phi"])
        assert (row["draws"], row["n_features"], row["n_empty"]) == (3, 0, 3)
        assert "all features were left out before testing" in row["reason"]
        # Readers compare the shares and pick by the flag, also where there is no row.
        assert found.detail.shape == (0, 4)
        kinds = found.detail.dtypes[["frequency", "selected"]]
        assert [kind.kind for kind in kinds] == ["f", "b"]
        (told,) = workflow.summary(analysis)["resampling"]["stability"]["rows"]
        assert told["phi"] is None
        workflow.export_tables(analysis, tmp_path / "tables")


def test_stopped_work_is_kept_and_goes_on_and_may_grow(made) -> None:
    store, analysis = made
    other = workflow.analyze(analysis.study, with_changes(CONFIG, selection__rho=0.8), store)
    cancel = Cancel()

    def stop(progress: Progress) -> None:
        if progress.done >= 2:
            cancel.set()

    with pytest.raises(CancelledError):
        workflow.resample(other, "stability", store, draws=9, on_progress=stop, cancel=cancel)
    had = store.resamples.done(other.id, "stability")
    assert 1 <= len(had) < 9
    before = other.draws("stability")["selections"]
    assert set(before["draw"]) <= set(had)
    assert len(before) > 0
    assert workflow.resample(other, "stability", store, draws=9) == 9
    after = other.draws("stability")["selections"]
    assert after[after["draw"].isin(had)].reset_index(drop=True).equals(before)
    # Fewer draws than there are leave the stored ones alone.
    assert workflow.resample(other, "stability", store, draws=4) == 9


def test_a_worker_computes_the_draw_of_this_process(made) -> None:
    store, analysis = made
    found, drawn = sources(analysis.study, analysis.config, store), _draw(analysis, "stability", 1)
    job = Task("stability", drawn, found.table, analysis.frame("icc"), (), ("Radiomics",))
    with Jobs(workers=1) as pool:
        (outcome,) = pool.map(compute, [("1", lambda: job)], total=1, stage="draw")
    here = compute(job)
    assert outcome.value.keys() == here.keys() == {"draws", "selections"}
    assert all(outcome.value[name].equals(frame) for name, frame in here.items())


def test_an_unscored_patient_is_in_no_count(made) -> None:
    """Patients are those whose images every repeat scored, at both units."""
    store, analysis = made
    workflow.resample(analysis, "cross-validation", store, draws=2)
    parts = analysis.draws("cross-validation")
    people, images = analysis.study.patients, analysis.study.images
    first = people.loc[people["subset"] == "train", "patient_id"].iloc[0]
    images = images.loc[images["patient_id"] == first, "image_id"]
    scores = parts["scores"].copy()
    scores.loc[(scores["draw"] == 1) & scores["image_id"].isin(images), "y_score"] = np.nan
    rows, _ = PLANS["cross-validation"].read(analysis, parts | {"scores": scores})
    whole, _ = PLANS["cross-validation"].read(analysis, parts)
    by_patient = rows[rows["unit"] == "patient"]
    assert (by_patient["n_pos"] + by_patient["n_neg"] == by_patient["n_patients"]).all()
    assert (rows["n_patients"] == whole["n_patients"] - 1).all()
    assert (rows["n_left_out"] == len(images)).all()


def test_a_draw_that_the_tables_cannot_hold_is_refused(made) -> None:
    store, analysis = made
    row = pd.DataFrame({"family": ["US"]})
    for parts in ({}, {"draws": row.head(0)}, {"draws": row.assign(luck=1)}, {"draws": row, "luck": row}):
        with pytest.raises(StoreError):
            store.resamples.append(analysis.id, "stability", 999, parts)
    assert 999 not in store.resamples.done(analysis.id, "stability")


def test_what_cannot_be_resampled_says_why(made, tmp_path: Path) -> None:
    store, analysis = made
    with pytest.raises(UsageError, match="one draw a center"):
        workflow.resample(analysis, "centers", store, draws=5)
    with pytest.raises(UsageError, match="at least 1"):
        workflow.resample(analysis, "stability", store, draws=0)
    with pytest.raises(UsageError, match="unknown resampling"):
        workflow.resample(analysis, "luck", store)
    path = make_study(tmp_path / "one", centers={"Alpha": 16}, size=(48, 64))
    assert "one center" in (PLANS["centers"].why_not(sgcore.load_study(path)) or "")


def test_features_that_changed_since_belong_to_another_analysis(made) -> None:
    store, analysis = made
    older = replace(analysis, config=with_changes(CONFIG, selection__rho=0.7))
    with pytest.raises(SgauditError, match="changed since"):
        workflow.resample(older, "stability", store, draws=1)
