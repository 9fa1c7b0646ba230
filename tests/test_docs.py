"""The docs speak of every command, setting and check, and what they show runs."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import typer

from sgcore.audit import CHECKS
from sgcore.cli import app
from sgcore.cohort import load_study
from sgcore.cohort.phantoms.planted import FAULTS
from sgcore.config import AnalysisConfig, DeepConfig, ModelConfig, SelectionConfig
from sgcore.store.result_frames import RESULT_FRAMES
from tests.support.studies import make_study

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs" / "guide.md").read_text()
README = (ROOT / "README.md").read_text()


def test_every_check_has_its_paragraph():
    text = (ROOT / "docs" / "audits.md").read_text()
    described = re.findall(r"^## (SGA\d{3}) (.+) \((\w+)\)$", text, flags=re.MULTILINE)
    assert described == [(check.code, check.title, check.severity) for check in CHECKS]


def test_every_check_and_every_planted_fault_has_its_row():
    text = (ROOT / "docs" / "audits.md").read_text()
    rows = re.findall(r"^\| (SGA\d{3}) \| (.+) \| (?:found|missed) \| \w+ \|$", text, flags=re.MULTILINE)
    assert {code for code, _ in rows} == {check.code for check in CHECKS}
    assert {(fault.code, f"`{fault.name}`") for fault in FAULTS if fault.code} <= set(rows)


def test_every_setting_is_explained():
    for config in (SelectionConfig, ModelConfig, DeepConfig, AnalysisConfig):
        for field in fields(config):
            assert f"`{field.name}`" in GUIDE, field.name


def test_every_command_is_in_the_guide():
    command = typer.main.get_command(app)
    for name in command.commands:
        assert f"sgaudit {name}" in GUIDE, name


def test_every_result_frame_is_described_column_by_column():
    text = (ROOT / "docs" / "architecture.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)$", text, flags=re.MULTILINE))
    for name, columns in RESULT_FRAMES.items():
        words = set(re.findall(r"\w+", rows[name]))
        assert set(columns) <= words, (name, set(columns) - words)


def test_every_decision_is_listed():
    listed = (ROOT / "docs" / "adr" / "README.md").read_text()
    for path in (ROOT / "docs" / "adr").glob("0*.md"):
        assert f"({path.name})" in listed, path.name


def test_no_message_names_a_command_that_does_not_exist():
    known = set(typer.main.get_command(app).commands)
    for path in (ROOT / "sgcore").rglob("*.py"):
        named = set(re.findall(r"`sgaudit (\w+)", path.read_text()))
        assert named <= known, (path.name, named - known)


def test_the_readme_names_the_two_commands_and_shows_a_picture():
    assert "make app" in README
    assert "make test" in README
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path


def test_the_study_file_of_the_readme_loads(tmp_path):
    make_study(tmp_path, centers={"Central Hospital": 20, "North Clinic": 6})
    (text,) = re.findall(r"```toml\n(.*?)```", README, flags=re.DOTALL)
    assert tomllib.loads(text)["split"]
    path = tmp_path / "study.toml"
    path.write_text(text)
    study = load_study(path)
    assert study.external == ("North Clinic",)
    assert len(study.patients) == 26
