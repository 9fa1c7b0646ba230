"""The published study: the example, a paper of one's own, live answers, problems by field, and what is handed out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sgcore.audit.published import PaperError, audit_paper, paper_of, parse_toml
from sgcore.domain import Problem
from sgcore.ui.published import OWN, Typed
from sgcore.ui.published_found import auc_rows, sentence, table_of
from sgcore.ui.published_tables import COLUMNS, frame_of, raw_of, rows_of
from sgcore.workflow import published_example
from tests.audit.published.papers import SOUND, sound
from tests.pages.driving import charts, field, first, open_page, press, table_with, text

SMALL = '[paper]\ntitle = "Small"\n[[sets]]\nname = "e"\nrole = "external"\npatients = 29\n'
FIELDS = ("paper", "features", "development")


def _through_the_form(raw: dict[str, Any]) -> dict[str, Any]:
    """A paper as the form shows it, read back."""
    fields = {}
    for section in FIELDS:
        values = dict(raw.get(section, {}))
        values.pop("classes", None)
        fields[section] = {
            key: ", ".join(value) if isinstance(value, list) else value for key, value in values.items()
        }
    return raw_of({table: frame_of(raw, table) for table in COLUMNS}, fields)


def test_the_example_opens_with_its_answer_without_any_study(empty_store: Path) -> None:
    app = open_page("Published study")
    assert not app.exception
    assert not app.error
    assert "The numbers of the example raise 2 serious objections" in first(app)
    assert "RadiomicsDL's AUC of 0.807 (external, 29 patients) has a 95% interval of 0.594 to 0.923" in first(
        app
    )
    assert charts(app) == 1
    assert text(app).count("Candidates are all predictors") == 1
    for said in ("Arithmetic.", "Assumption.", "What to do.", "SGP002", "364 of the 1,288 features"):
        assert said in text(app)
    assert "RadiomicsDL" in set(table_with(app, "Class counts")["Model"])
    assert "Restore the example" not in [button.label for button in app.button]


def test_a_number_is_live_and_the_example_can_be_restored(empty_store: Path) -> None:
    app = open_page("Published study")
    field(app.number_input, "Features in all").set_value(1289)
    app.run()
    assert "3 serious objections" in first(app)
    assert "the paper says 1,289" in text(app)
    # Back from another page the changed number stands there still.
    app.switch_page("pages/study/import_study.py").run()
    app.switch_page("pages/evidence/published_study.py").run()
    assert field(app.number_input, "Features in all").value == 1289
    press(app, "Restore the example")
    assert "2 serious objections" in first(app)


def test_a_problem_stands_at_its_field(empty_store: Path) -> None:
    app = open_page("Published study")
    field(app.text_input, "p threshold").set_value("high")
    app.run()
    assert first(app) == "**These numbers cannot be checked yet: 1 problem in the form.**"
    (error,) = (error.value.replace("\\", "") for error in app.error)
    assert error.startswith("features.p_threshold: not a share from 0 to 1 ('high').")
    assert charts(app) == 0


def test_a_paper_of_ones_own_begins_empty_and_takes_a_file(empty_store: Path) -> None:
    app = open_page("Published study")
    app.session_state["put_published_part"] = OWN
    app.run()
    assert not app.exception
    assert "No paper is typed in yet" in first(app)
    app.file_uploader[0].upload(
        "paper.toml", (SMALL + '[[aucs]]\nset = "x"\nmodel = "A"\nvalue = "8"\n').encode()
    )
    app.run()
    assert "paper.toml was not taken: 1 problem to mend" in app.error[0].value.replace("\\", "")
    assert "aucs.1.value" in text(app)
    app.file_uploader[0].upload(
        "paper.toml", (SMALL + '[[aucs]]\nset = "e"\nmodel = "A"\nvalue = "0.8"\n').encode()
    )
    app.run()
    assert not app.error
    assert field(app.text_input, "Title").value == "Small"
    assert "A's AUC of 0.800 (e, 29 patients)" in first(app)
    press(app, "Begin anew")
    assert "No paper is typed in yet" in first(app)


def test_the_form_gives_back_what_it_shows() -> None:
    for raw in (SOUND, parse_toml(published_example().read_text(encoding="utf-8"))):
        assert _through_the_form(raw) == raw
    assert _through_the_form({}) == {"paper": {}}


def test_empty_cells_are_left_out_and_half_an_interval_is_a_problem() -> None:
    rows = pd.DataFrame({"set": ["e", None, " "], "model": ["A", None, ""], "low": ["0.7", None, None]})
    assert rows_of(rows) == [{"set": "e", "model": "A", "interval": ["0.7"]}]
    assert rows_of(pd.DataFrame({"name": [None], "split_assumed": [True]})) == []
    half = {**SOUND["aucs"][0], "interval": ["0.804"]}
    with pytest.raises(PaperError, match=r"aucs\.1\.interval"):
        paper_of(sound(aucs=[half, SOUND["aucs"][1]]))


@pytest.mark.parametrize("example", [True, False])
def test_the_sentence_without_a_finding_is_no_praise(example: bool) -> None:
    raw = sound()
    found = Typed(raw, paper_of(raw), audit_paper(paper_of(raw)), [], example)
    assert sentence(found).startswith("No check objects to the numbers of ")
    assert "2 do not apply, which is no pass" in sentence(found)
    problem = Problem("paper.toml", "it is no number", "Give one")
    assert "2 problems" in sentence(Typed(raw, None, [], [problem, problem], example))


def test_rows_of_the_figure_and_of_a_finding() -> None:
    findings = audit_paper(paper_of(parse_toml(published_example().read_text(encoding="utf-8"))))
    rows = auc_rows(findings)
    assert rows["family"].iloc[0] == "RadiomicsDL"
    assert rows["classifier"].iloc[0] == "external, 29 patients"
    # One row an AUC: by patient where that is known.
    assert len(rows) == 10
    assert auc_rows([]).empty
    values = next(finding.values for finding in findings if finding.code == "SGP022")
    assert table_of(values)["Detectable"].iloc[0] == "0.3: 0.324, 0.5: 0.276, 0.7: 0.216"
    assert "95% interval" in table_of(next(f.values for f in findings if f.code == "SGP011"))
    json.dumps([finding.as_dict() for finding in findings], allow_nan=False)
