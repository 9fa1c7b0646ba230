"""A paper file: digits are kept, every problem comes at once with line, value and remedy, and it can be written."""

from __future__ import annotations

import pytest

from sgcore.audit.published import PaperError, paper_of, parse_paper, parse_toml, read_paper, toml_text
from sgcore.workflow import published_example
from tests.audit.published.papers import SOUND, sound

HEAD = '[paper]\ntitle = "T"\n'


def problems(text: str):
    with pytest.raises(PaperError) as caught:
        parse_paper(text, "paper.toml")
    assert all(problem.fix for problem in caught.value.problems)
    return caught.value.problems


def test_digits_are_kept_quoted_or_not() -> None:
    text = HEAD + '[[sets]]\nname = "e"\nrole = "external"\n[[aucs]]\nset = "e"\nmodel = "A"\nvalue = {}\n'
    for written in ("0.80", '"0.80"', '"80%"'):
        assert parse_paper(text.format(written)).aucs[0].value.step == pytest.approx(0.01)


def test_all_problems_at_once_with_line_value_and_remedy() -> None:
    found = problems(
        HEAD
        + 'titel = "x"\n'
        + '[[sets]]\nname = "external"\nrole = "outside"\n'
        + '[[aucs]]\nset = "external"\nmodel = "A"\nvalue = "80.7"\n'
        + '[[aucs]]\nset = "external"\nvalue = "0.8"\n'
    )
    by_place = {problem.column: problem for problem in found}
    assert set(by_place) == {"paper.titel", "sets.1.role", "aucs.1.value", "aucs.2.model"}
    assert by_place["paper.titel"].row == 3
    assert "Did you mean 'title'?" in by_place["paper.titel"].fix
    assert (by_place["aucs.1.value"].row, by_place["aucs.1.value"].value) == (10, "80.7")
    assert by_place["aucs.2.model"].rule == "missing value"
    assert by_place["aucs.2.model"].row == 11


@pytest.mark.parametrize(
    ("changes", "place", "rule"),
    [
        ({"aucs": [{"set": "extern", "model": "A", "value": "0.8"}]}, "aucs.1.set", "no such set"),
        ({"sets": [SOUND["sets"][0]] * 2}, "sets.2.name", "given twice"),
        ({"sets": [{**SOUND["sets"][0], "images": 20}]}, "sets.1.images", "fewer images than patients"),
        (
            {"sets": [{**SOUND["sets"][0], "patients_positive": 300}]},
            "sets.1.patients_positive",
            "one class is empty",
        ),
        (
            {"sets": [{"name": "external", "role": "external", "patients_positive": 3}]},
            "sets.1.patients_positive",
            "without their total",
        ),
        (
            {"aucs": [{**SOUND["aucs"][0], "interval": ["0.9", "0.8"]}]},
            "aucs.1.interval",
            "not within its interval",
        ),
        (
            {"comparisons": [{"set": "external", "a": "A", "b": "Z", "p": "0.1"}]},
            "comparisons.1.b",
            "without an AUC",
        ),
        (
            {"comparisons": [{"set": "external", "a": "A", "b": "B", "p": "n.s."}]},
            "comparisons.1.p",
            "not a p value",
        ),
        ({"features": {"total": 10, "p_passed": 11}}, "features.p_passed", "more features passed"),
        (
            {"development": {"candidates": 3, "patients": 9, "events": 9}},
            "development.events",
            "one class is empty",
        ),
    ],
)
def test_values_that_do_not_fit_each_other(changes, place, rule) -> None:
    with pytest.raises(PaperError) as caught:
        paper_of(sound(**changes))
    assert any(p.column == place and rule in p.rule for p in caught.value.problems), caught.value


def test_what_is_no_toml(tmp_path) -> None:
    (problem,) = problems(HEAD + "title =\n")
    assert problem.row == 3
    assert problems("a." * 50 + "b = 1")[0].fix
    assert problems("x = " + "[" * 5000)[0].fix
    assert problems("x = " + "9" * 5000)[0].fix
    path = tmp_path / "paper.toml"
    path.write_bytes("[paper]\ntitle = 'é'".encode("latin-1"))
    with pytest.raises(PaperError, match="not UTF-8"):
        read_paper(path)
    with pytest.raises(PaperError, match="does not exist"):
        read_paper(tmp_path / "none.toml")


def test_a_written_file_reads_back_the_same() -> None:
    raw = parse_toml(published_example().read_text(encoding="utf-8"))
    assert parse_toml(toml_text(raw)) == raw
    odd = {
        "paper": {"title": 'a "quoted" \\ \n\x7f é', "flag": True},
        "features": {"classes": {"first order": 3}},
    }
    assert parse_toml(toml_text(odd)) == odd
    with pytest.raises(TypeError, match="write it as text"):
        toml_text({"paper": {"x": None}})


def test_control_characters_and_single_brackets_are_refused_and_cannot_act() -> None:
    (problem,) = problems('[paper]\ntitle = "a\\u001b[31m"\n')
    assert problem.rule == "text with a control character"
    (problem,) = problems(HEAD + '"x\\u001b" = 1\n')
    assert "\x1b" not in str(problem)
    (problem,) = problems(HEAD + '[aucs]\nset = "e"\n')
    assert "[[aucs]]" in problem.fix


@pytest.mark.parametrize(
    ("text", "relation", "value"),
    [
        ("0.000", "<", 0.001),
        ("1.00", ">", 0.99),
        ("≤0.05", "<", 0.05),
        ("0.034", "=", 0.034),
        ("> 0.05", ">", 0.05),
    ],
)
def test_p_values_as_they_are_printed(text: str, relation: str, value: float) -> None:
    pair = [{"set": "external", "a": "A", "b": "B", "p": text}]
    found = paper_of(sound(comparisons=pair)).comparisons[0].p
    assert (found.relation, found.value) == (relation, pytest.approx(value))


@pytest.mark.parametrize("text", ["0", "1", "<0", "2", "NS"])
def test_what_is_no_p_value(text: str) -> None:
    with pytest.raises(PaperError, match=r"comparisons\.1\.p"):
        paper_of(sound(comparisons=[{"set": "external", "a": "A", "b": "B", "p": text}]))
