"""The study file: every mistake with its line and the key that was meant."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sgcore.cohort import load_study, validate_study
from sgcore.domain import Decision
from tests.cohort.helpers import only, problems


@pytest.mark.parametrize(
    ("old", "new", "rule", "column", "row", "fix"),
    [
        ("seed = 0", "sead = 0", "unknown key", "split.sead", 13, "'seed'"),
        ("[split]", "[splitt]", "unknown key", "splitt", 11, "'split'"),
        ("seed = 0", 'seed = "zero"', "valid integer", "split.seed", 13, "str 'zero'"),
        ("seed = 0", "seed = true", "valid integer", "split.seed", 13, "bool"),
        ("train = 0.7", "train = 1.5", "less than 1", "split.train", 12, "1.5"),
        ('negative = "primary"\n', "", "missing key", "label.negative", 3, "[label]"),
        ('images = "images.csv"\n', "", "missing key", "tables.images", 15, "[tables]"),
        ('name = "Test study"', "name = 3", "valid string", "name", 1, "int"),
        ('["Beta"]', '["Beta", "Alpha"]', "named twice", "centers", None, "once"),
        ('"secondary"', '"primary"', "are the same", "label", None, "two values"),
        ('["Alpha"]', "[]", "at least 1", "centers.development", 8, "list"),
        (
            "[tables]",
            '[audit]\nmute = {SGA1 = "x"}\n[tables]',
            "not the code",
            "audit.mute.SGA1",
            16,
            "SGA010",
        ),
    ],
)
def test_mistakes(
    toml: Path, *, old: str, new: str, rule: str, column: str, row: int | None, fix: str
) -> None:
    text = toml.read_text()
    assert old in text
    toml.write_text(text.replace(old, new, 1))
    problem = only(toml, rule)
    assert (problem.file, problem.column, problem.row) == ("study.toml", column, row)
    assert fix in problem.fix


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('name = "x"\n[label\n', 2, "7"),
        ("name = \n", 1, "8"),
        ('name = "x', 1, "10"),
        ("a = 1\na = 2\n", 2, "6"),
    ],
)
def test_syntax(toml: Path, text: str, line: int, column: str) -> None:
    toml.write_text(text)
    problem = only(toml, "not valid TOML")
    assert problem.row == line
    assert f"line {line}, column" in problem.rule
    assert abs(int(problem.column) - int(column)) <= 1


def test_not_utf8(toml: Path) -> None:
    toml.write_bytes(toml.read_text().replace("Test", "Étude").encode("latin-1"))
    assert "UTF-8" in only(toml, "not UTF-8").fix


def test_a_byte_order_mark_is_accepted(toml: Path) -> None:
    toml.write_bytes(b"\xef\xbb\xbf" + toml.read_bytes())
    assert load_study(toml).name == "Test study"


def test_a_missing_seed_is_set_and_recorded(toml: Path) -> None:
    with_seed = load_study(toml)
    toml.write_text(toml.read_text().replace("seed = 0\n", ""))
    study = load_study(toml)
    assert study.split_seed == 0
    assert any("names no seed: 0" in note for note in study.notes)
    assert not any("seed" in note for note in with_seed.notes)
    assert study.fingerprint == with_seed.fingerprint


def test_muted_checks_travel_with_the_study(toml: Path) -> None:
    first = load_study(toml)
    toml.write_text(toml.read_text() + '\n[audit.mute]\nSGA010 = "known, see the paper"\n')
    study = load_study(toml)
    assert study.muted == {"SGA010": "known, see the paper"}
    assert study.fingerprint == first.fingerprint


def _decide(toml: Path, *lines: str) -> Path:
    toml.write_text(toml.read_text() + "\n".join(["", "[decision]", *lines, ""]))
    return toml


def test_a_decision_is_read_and_is_no_part_of_the_content(toml: Path) -> None:
    without = load_study(toml)
    assert without.decision is None
    study = load_study(_decide(toml, 'treat = "biopsy"', "thresholds = [0.05, 0.3]", "prevalence = 0.1"))
    assert study.decision == Decision("biopsy", 0.05, 0.3, 0.1)
    assert study.fingerprint == without.fingerprint


@pytest.mark.parametrize(
    ("lines", "rule", "column", "place"),
    [
        (["thresholds = [0.3, 0.05]"], "first threshold is not below the second", "decision.thresholds", 2),
        (["thresholds = [0.3, 0.3]"], "first threshold is not below the second", "decision.thresholds", 2),
        (["thresholds = [0.3]"], "at least 2", "decision.thresholds", 2),
        (["thresholds = [0.1, 0.2, 0.3]"], "at most 2", "decision.thresholds", 2),
        (["thresholds = [0, 0.3]"], "greater than 0", "decision.thresholds", 2),
        (["thresholds = [0.1, nan]"], "less than 1", "decision.thresholds", 2),
        (["thresholds = [0.1, 0.3]", "prevalence = 1.0"], "less than 1", "decision.prevalence", 3),
        (["thresholds = [0.1, 0.3]", "prevalance = 0.1"], "unknown key", "decision.prevalance", 3),
        ([], "missing key", "decision.thresholds", 0),
    ],
)
def test_mistakes_of_a_decision(toml: Path, lines: list[str], rule: str, column: str, place: int) -> None:
    section = len(toml.read_text().splitlines()) + 2
    problem = only(_decide(toml, 'treat = "biopsy"', *lines), rule)
    assert (problem.column, problem.row) == (column, section + place)
    assert column.split(".")[1] in problem.fix or "'prevalence'" in problem.fix


def test_what_acting_means_is_short(toml: Path) -> None:
    _decide(toml, f'treat = "{"biopsy " * 20}"', "thresholds = [0.1, 0.3]")
    assert only(toml, "at most 80 characters").column == "decision.treat"


def test_predictions_need_their_kind(toml: Path) -> None:
    toml.write_text(toml.read_text() + 'predictions = "predictions.csv"\n')
    assert only(toml, "without their kind").column == "predictions.kind"


def test_the_kind_is_one_of_two(toml: Path) -> None:
    toml.write_text(toml.read_text() + '\n[predictions]\nkind = "percent"\n')
    assert "'probability' or 'score'" in only(toml, "input should be").rule


@pytest.mark.parametrize("path", ["/etc/passwd", "../other.csv", "Patients.csv", "patient.csv", "images"])
def test_paths_of_tables(toml: Path, path: str) -> None:
    toml.write_text(toml.read_text().replace('"patients.csv"', f'"{path}"'))
    (problem,) = problems(toml)
    assert (problem.file, problem.column, problem.value) == ("study.toml", "tables.patients", path)


def test_an_empty_file(toml: Path) -> None:
    toml.write_text("")
    report = validate_study(toml)
    assert {p.column for p in report.problems} == {"name", "label", "centers", "tables"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("seed = 0", "seed = " + "9" * 5000, "cannot be used: a number has thousands of digits"),
        ("train = 0.7", "train = " + "9" * 5000, "cannot be used: a number has thousands of digits"),
        ("seed = 0", f"seed = {2**63}", "less than"),
        ("seed = 0", "seed = 0x" + "f" * 6000, "less than"),
        ('negative = "primary"', "negative = 0x" + "f" * 6000, "valid string"),
        ("seed = 0", "seed = " + "[" * 2000 + "]" * 2000, "cannot be used: values are nested"),
        ("seed = 0", "seed = " + "{a=" * 20_000 + "1" + "}" * 20_000, "cannot be used: values are nested"),
        ("seed = 0", "a" + ".a" * 50_000 + " = 1", "cannot be used"),
        ('name = "Test study"', 'name = " "', "pattern"),
        ('name = "Test study"', 'name = "a\\u0000b"', "pattern"),
        ("[tables]", '[audit]\nmute = {"SGA٠٠١" = "x"}\n[tables]', "not the code"),
    ],
)
def test_absurd_values(toml: Path, old: str, new: str, rule: str) -> None:
    text = toml.read_text()
    assert old in text
    toml.write_text(text.replace(old, new, 1))
    assert only(toml, rule).file == "study.toml"


def test_thousands_of_unknown_keys_end_soon(toml: Path) -> None:
    toml.write_text(toml.read_text().replace("seed = 0", "\n".join(f"key_{n} = {n}" for n in range(2000))))
    started = time.perf_counter()
    report = validate_study(toml)
    assert report.total == 2000
    assert time.perf_counter() - started < 5


def test_a_study_file_of_megabytes(toml: Path) -> None:
    toml.write_text("#" * (2 << 20) + "\n" + toml.read_text())
    assert "1,048,576" in only(toml, "study file:").rule


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "study.toml")
    assert "pipe" in only(tmp_path / "study.toml", "study file:").rule


def test_a_name_that_is_not_utf8_can_be_printed(toml: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(toml.parent) + b"/caf\xe9.toml"))
    toml.rename(path)
    assert "caf\\xe9.toml" in str(only(path, "path of the study is not UTF-8").value)
    for old, new in (('"patients.csv"', '"none.csv"'), ("seed = 0", "sead = 0")):
        path.write_text(path.read_text().replace(old, new))
        assert {problem.file for problem in problems(path)} == {"caf\\xe9.toml"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Test study"', '" Test study\\t"'),
        ('["Alpha"]', '["Alpha\u00a0"]'),
        ('["Beta"]', '[" Beta "]'),
        ('negative = "primary"', 'negative = "primary "'),
        ('positive = "secondary"', 'positive = """\n secondary"""'),
    ],
)
def test_spaces_around_a_name_are_no_part_of_it(toml: Path, old: str, new: str) -> None:
    as_it_is = load_study(toml)
    assert old in toml.read_text()
    toml.write_text(toml.read_text().replace(old, new, 1))
    study = load_study(toml)
    assert (study.name, study.development, study.external) == ("Test study", ("Alpha",), ("Beta",))
    assert (study.negative, study.positive) == ("primary", "secondary")
    assert study.fingerprint == as_it_is.fingerprint


def test_spaces_hide_no_second_name(toml: Path) -> None:
    toml.write_text(toml.read_text().replace('["Beta"]', '["Beta", "Beta "]', 1))
    assert only(toml, "named twice").value == "Beta"


def test_spaces_in_cells_and_headers_of_tables(toml: Path) -> None:
    centers = load_study(toml).patients["center"].tolist()
    table = toml.parent / "patients.csv"
    table.write_text(table.read_text().replace(",Beta", ", Beta ").replace("center", " center "))
    report = validate_study(toml)
    assert report.study is not None
    assert report.study.patients["center"].tolist() == centers
    (problem,) = [problem for problem in report.problems if "spaces around" in problem.rule]
    assert (problem.file, problem.column, problem.value) == ("patients.csv", "center", " Beta ")


def test_a_file_may_be_called_with_a_space(toml: Path) -> None:
    (toml.parent / "patients.csv").rename(toml.parent / "patients.csv ")
    toml.write_text(toml.read_text().replace('"patients.csv"', '"patients.csv "', 1))
    assert load_study(toml).name == "Test study"
