"""What a report holds: every finding, every section, and a word on all that it does not hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from sgcore.errors import UsageError
from sgcore.report import SECTIONS, Material, document, headline, html, verdict
from sgcore.report.blocks import Bullets, Card, Figure, Fold, Section, Table
from sgcore.stats.delong import ALL_EQUAL
from tests.report.changed import with_findings, with_frames, with_study

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def _section(material: Material, key: str, *chosen: str) -> Section:
    """A section of a report that has it, those of ``chosen`` and what is always there."""
    (found,) = [each for each in document(material, NOW, [key, *chosen]).sections if each.key == key]
    return found


def _cards(material: Material) -> list[Card]:
    return [block for block in _section(material, "findings").blocks if isinstance(block, Card)]


def _gaps(material: Material, *chosen: str) -> str:
    (bullets,) = [each for each in _section(material, "gaps", *chosen).blocks if isinstance(each, Bullets)]
    return "\n".join(bullets.items)


def test_every_section_is_there_in_its_order_and_none_is_empty(deep: Material) -> None:
    report = document(deep, NOW)
    assert [each.key for each in report.sections] == list(SECTIONS)
    assert all(each.blocks for each in report.sections)
    names = [block.name for each in report.sections for block in each.blocks if isinstance(block, Figure)]
    assert {"flow", "aucs-external", "roc-external", "differences-external", "centers", "funnel"} <= set(
        names
    )
    assert len(names) == len(set(names))


def test_the_head_names_study_analysis_time_and_software(deep: Material) -> None:
    report = document(deep, NOW)
    facts = dict(report.facts)
    assert deep.study.name in report.title
    assert deep.analysis_id in facts["Analysis"]
    assert facts["Written"] == "2026-03-01 12:00 UTC"
    assert "scikit-learn" in facts["Software"]
    assert "results" not in facts["Software"]


def test_findings_stand_by_severity_with_remedy_and_the_others_with_their_status(plain: Material) -> None:
    changed = with_findings(
        plain,
        {"code": "SGA901", "severity": "note"},
        {"code": "SGA902", "severity": "error"},
        {"code": "SGA903", "status": "not_applicable", "message": "There is one center."},
        {"code": "SGA904", "status": "passed", "message": "r is below 0.1."},
    )
    assert [card.code for card in _cards(changed)] == ["SGA902", "SGA901"]
    assert all(card.remedy == "Mend them." for card in _cards(changed))
    folds = [each for each in _section(changed, "findings").blocks if isinstance(each, Fold)]
    assert [fold.summary for fold in folds] == [
        "1 check could not be applied, which is no pass",
        "1 check passed, which shows no more than it says",
    ]
    assert "SGA903" in _gaps(changed)
    assert "There is one center." in _gaps(changed)
    assert "SGA904" not in _gaps(changed)


def test_the_verdict_counts_what_the_findings_are(plain: Material) -> None:
    grave = verdict(with_findings(plain, {"severity": "error"}, {}, {"status": "muted"}))
    assert grave.startswith(
        "A strict reviewer would not accept this study as it stands: 1 serious objection, 1 warning"
    )
    assert "of 3 checks 0 passed, 0 could not be applied and 1 was muted" in grave
    assert verdict(with_findings(plain, {})).startswith("A strict reviewer would ask for changes")
    clean = verdict(with_findings(plain, {"status": "passed"}, {"status": "not_applicable"}))
    assert "does not show that there is none" in clean
    assert "1 passed, 1 could not be applied" in clean


def test_evidence_is_cut_with_its_count(plain: Material) -> None:
    rows = [{"image_id": f"I{i}", "n_images": i, "empty": None} for i in range(30)]
    (card,) = _cards(with_findings(plain, {"evidence": json.dumps(rows)}))
    assert isinstance(card.table, Table)
    assert card.table.columns == ("Image", "Images")
    assert len(card.table.rows) == 12
    assert card.table.note == "The first 12 of 30 rows; the audit page has all of them."
    assert "30 rows" in card.table.caption


def test_a_wide_table_says_once_what_holds_for_all_rows(plain: Material) -> None:
    varying = {f"column_{i}": i for i in range(10)}
    rows = [{**varying, "column_0": i, "subset": "external", "n_pos": 15, "note": None} for i in range(3)]
    rows[1]["column_9"] = None
    (card,) = _cards(with_findings(plain, {"evidence": json.dumps(rows)}))
    assert card.table is not None
    assert card.table.columns == ("Column 0", "Column 9")
    assert "In all rows: Column 1 = 1; " in card.table.above
    assert card.table.above.endswith("Set = external; Positive = 15.")
    page = html(replace(document(plain, NOW), sections=(Section("findings", "Findings", (card,)),)))
    assert card.table.above in page
    # One row, or a table that fits, stays as it is.
    for few in (rows[:1], [{"subset": "external", "auc": 0.5 + i} for i in range(3)]):
        (card,) = _cards(with_findings(plain, {"evidence": json.dumps(few)}))
        assert card.table is not None
        assert (card.table.above, "Set" in card.table.columns) == ("", True)


def test_sections_left_out_are_named_and_unknown_ones_refused(plain: Material) -> None:
    report = document(plain, NOW, ["cohort"])
    assert [each.key for each in report.sections] == ["findings", "cohort", "gaps", "appendix"]
    assert "Left out of this report by choice: Methods; Which family is better?" in _gaps(plain, "cohort")
    assert "by choice" not in _gaps(plain, *SECTIONS)
    with pytest.raises(UsageError, match="unknown section 'cohorts'"):
        document(plain, NOW, ["cohorts"])


def test_gaps_name_families_images_jobs_and_numbers_that_are_missing(plain: Material) -> None:
    rows = plain.frame("evaluations").copy()
    lost = rows.index[
        rows["picked"].astype(bool) & (rows["subset"] == "external") & (rows["unit"] == plain.unit)
    ]
    rows.loc[lost, ["auc", "ci_low", "ci_high"]] = float("nan")
    rows.loc[lost, "reason"] = "all have one label"
    failures = pd.DataFrame({"image_id": ["A1", "A2"], "reason": "the ROI has one pixel"})
    text = _gaps(
        with_study(with_frames(plain, evaluations=rows, failures=failures), conflicts=("P1 in two centers",))
    )
    assert f"{len(lost)} × AUC of a picked model not estimable" in text
    assert "all have one label" in text
    assert "2 images without radiomics features (the first is A1): the ROI has one pixel." in text
    assert "P1 in two centers" in text
    unavailable = plain.frame("unavailable")
    assert len(unavailable)
    assert all(f"{row.family}: {row.reason}." in text for row in unavailable.itertuples())
    waiting = [job for job in plain.jobs if not job.done and job.reason is None]
    assert waiting
    # A check that waits for a job says so itself.
    alone = _gaps(with_findings(plain, {}))
    assert all(f"{job.title}: not computed for this analysis." in alone for job in waiting)
    code = waiting[0].codes[0]
    assert waiting[0].title not in _gaps(with_findings(plain, {"code": code, "status": "not_applicable"}))


def test_a_network_without_folds_is_missed_among_training_patients(deep: Material) -> None:
    assert deep.config.deep is not None
    assert deep.config.deep.folds == 0
    assert "has no scores of training patients out of fold" in _gaps(deep)


def test_a_study_without_external_center_or_decision_says_so(brought: Material) -> None:
    assert brought.headline == "validation"
    assert "nothing shows whether a model travels" in str(_section(brought, "centers").blocks[0])
    assert "the study file does not say what acting on a score means" in _gaps(brought)


def test_an_analysis_without_any_model_has_a_report(plain: Material) -> None:
    nothing = pd.DataFrame()
    kinds = (
        "evaluations",
        "picks",
        "comparisons",
        "calibration",
        "chance",
        "counts",
        "centers",
        "center_means",
    )
    empty = with_frames(plain, **dict.fromkeys((*kinds, "external_sample", "development_sample"), nothing))
    report = document(empty, NOW)
    assert report.headline == "No family of this study could be evaluated."
    assert [each.key for each in report.sections] == list(SECTIONS)


def test_one_score_for_everybody_ranks_nobody(plain: Material) -> None:
    rows = plain.frame("evaluations")
    flat = with_frames(plain, evaluations=rows.assign(auc=0.5, reason=ALL_EQUAL))
    assert flat.best is None
    assert headline(flat) == "No family ranks the cases on the external set."
    assert headline(plain).startswith(f"{plain.best} (")


def test_the_headline_says_that_the_best_of_several_families_was_chosen_on_that_set(deep: Material) -> None:
    best = deep.frame("chance").set_index("subset").loc["external"]
    said = headline(deep)
    families = len(deep.ranked("external"))
    assert families > 1
    assert f"It is chosen among {families} families on this very set, so that this AUC is too high" in said
    assert (
        f"of the best of all {best['n_candidates']} candidates there ({best['best']}, {best['naive']:.3f} by"
        in (said)
    )
    assert (
        f"{best['estimate']:.3f} ({best['ci_low']:.3f} to {best['ci_high']:.3f}) is to be expected on new"
        in said
    )
    assert headline(with_frames(deep, chance=pd.DataFrame())).endswith("is too high by construction.")
    rows = deep.frame("evaluations")
    one = with_frames(deep, evaluations=rows[rows["family"] == deep.best])
    assert "chosen among" not in headline(one)


def test_the_headline_of_folds_names_the_pick_that_was_made_there(brought: Material) -> None:
    rows, picks = brought.frame("evaluations"), brought.frame("picks")
    train = rows[rows["subset"] == "train"]
    inside = with_frames(brought, evaluations=train, picks=picks.assign(evaluated_on="training folds"))
    assert inside.headline == "train"
    assert "classifier picked on this very set" in headline(inside)
