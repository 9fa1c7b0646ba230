"""The study file: TOML, read strictly, every mistake with its line and the key that was meant."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sgcore.cohort.faults import Fault
from sgcore.cohort.files import MAX_STUDY_FILE_BYTES, printable, read_file
from sgcore.cohort.ledger import Ledger, did_you_mean
from sgcore.cohort.toml_lines import line_of, lines_of_keys

TABLES = (
    "patients",
    "images",
    "descriptors",
    "features",
    "predictions",
    "deep_features",
    "deep_scores",
    "training_curves",
)
Text = Annotated[str, Field(min_length=1, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
MAX_DOTS = 20


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Label(_Section):
    """The two values of the label column."""

    negative: Text
    positive: Text


class Centers(_Section):
    """Names of the centers: those that train and those that only test."""

    development: list[Text] = Field(min_length=1)
    external: list[Text] = Field(default_factory=list)


class Split(_Section):
    """Share and seed of the split by patient, or the column that holds the study's own split."""

    train: float = Field(default=0.7, gt=0, lt=1)
    seed: int = Field(default=0, ge=0, lt=2**63)
    column: Text | None = None


class Tables(_Section):
    """Paths of the tables, relative to the study file."""

    patients: Text
    images: Text
    descriptors: Text | None = None
    features: Text | None = None
    predictions: Text | None = None
    deep_features: Text | None = None
    deep_scores: Text | None = None
    training_curves: Text | None = None


class Predictions(_Section):
    """What the scores of the predictions table are: probabilities, or margins and logits."""

    kind: Literal["probability", "score"]


class Audit(_Section):
    """Checks that the authors mute, each with their reason."""

    mute: dict[Annotated[str, Field(pattern=r"^SGA[0-9]{3}$")], Text] = Field(default_factory=dict)


class StudySettings(_Section):
    """A study file."""

    name: Text
    label: Label
    centers: Centers
    split: Split = Field(default_factory=Split)
    tables: Tables
    predictions: Predictions | None = None
    audit: Audit = Field(default_factory=Audit)

    @property
    def all_centers(self) -> list[str]:
        return [*self.centers.development, *self.centers.external]


def read_settings(path: Path, ledger: Ledger) -> StudySettings | None:
    """Settings of the study file, or None after writing every mistake to the ledger."""
    text = _read_text(path, ledger)
    if text is None:
        return None
    try:
        raw = _parse(text)
    except tomllib.TOMLDecodeError as error:
        _syntax_error(path.name, text, str(error), ledger)
        return None
    except (RecursionError, ValueError) as error:
        reason = "values nested too deeply" if isinstance(error, RecursionError) else str(error)
        ledger.error(path.name, f"the study file cannot be used: {reason}", "A study file has two levels")
        return None
    try:
        settings = StudySettings.model_validate(raw)
    except ValidationError as error:
        lines = lines_of_keys(text)
        for entry in error.errors():
            _report(path.name, lines, entry, ledger)
        return None
    before = len(ledger.errors)
    _cross_checks(path.name, settings, ledger)
    if settings.split.column is None:
        split = raw.get("split", {})
        if "seed" not in split:
            ledger.note("The study file names no seed: 0 was set and recorded.")
        if "train" not in split:
            ledger.note("The study file names no training share: 0.7 was set and recorded.")
    return settings if len(ledger.errors) == before else None


def _parse(text: str) -> dict[str, Any]:
    """The TOML document; absurd keys are refused before the parser spends minutes on them."""
    if any(line.split("=", 1)[0].count(".") > MAX_DOTS for line in text.splitlines()):
        raise ValueError(f"a key has more than {MAX_DOTS} dots")
    return tomllib.loads(text)


def _read_text(path: Path, ledger: Ledger) -> str | None:
    name = printable(path.name)
    try:
        return read_file(path, MAX_STUDY_FILE_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        ledger.error(
            name,
            f"the study file is not UTF-8 (byte {error.start})",
            "Save it as UTF-8; it looks like Latin-1 or UTF-16",
        )
    except Fault as fault:
        ledger.error(name[:100], f"study file: {fault.rule}", fault.fix, value=printable(path)[:300])
    return None


def _syntax_error(file: str, text: str, message: str, ledger: Ledger) -> None:
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    lines = text.splitlines() or [""]
    # tomllib gives no numbers for an error at the end of the document.
    line, column = (int(place[1]), int(place[2])) if place else (len(lines), len(lines[-1]) + 1)
    reason = re.sub(r"\s*\(at .*\)$", "", message)
    ledger.error(
        file,
        f"not valid TOML at line {line}, column {column}: {reason}",
        "Correct this line; text stands in double quotes, lists in square brackets",
        row=line,
        column=str(column),
        value=lines[line - 1][:80] if line <= len(lines) else None,
    )


def _report(file: str, lines: dict[str, int], entry: Any, ledger: Ledger) -> None:
    """One pydantic error as a problem."""
    location = [str(part) for part in entry["loc"]]
    keys = [part for part in location if not part.isdigit() and part != "[key]"]
    dotted = ".".join(keys)
    given = entry.get("input")
    value = None if isinstance(given, dict) else _short(given)
    line = line_of(lines, keys)
    if entry["type"] == "extra_forbidden":
        known = _keys_of(keys[:-1])
        rule, value = "unknown key", keys[-1]
        fix = did_you_mean(keys[-1], known, f"Known here: {', '.join(known)}")
    elif entry["type"] == "missing":
        rule, value = "missing key", None
        fix = f"Add {keys[-1]!r}" + (f" under [{'.'.join(keys[:-1])}]" if keys[:-1] else "")
        line = line_of(lines, keys[:-1])
    elif location[-1] == "[key]":
        rule, fix = "not the code of a check", "Codes are SGA and three digits, such as SGA010"
        value = keys[-1]
    else:
        rule = entry["msg"][0].lower() + entry["msg"][1:]
        fix = f"Correct {dotted!r}; it holds {type(given).__name__} {value!r}"
    ledger.error(file, rule, fix, row=line, column=dotted, value=value)


def _keys_of(section: list[str]) -> list[str]:
    model: Any = StudySettings
    for part in section:
        annotation = model.model_fields[part].annotation
        options = [annotation, *getattr(annotation, "__args__", ())]
        model = next(option for option in options if hasattr(option, "model_fields"))
    return list(model.model_fields)


def _short(value: object) -> str:
    """At most 80 characters; a whole number too long to print is named instead."""
    if isinstance(value, int) and value.bit_length() > 1000:
        return f"a number of {value.bit_length()} bits"
    return str(value)[:80]


def _cross_checks(file: str, settings: StudySettings, ledger: Ledger) -> None:
    if settings.label.negative == settings.label.positive:
        ledger.error(
            file,
            "negative and positive label are the same",
            "Name the two values of the label column",
            column="label",
            value=settings.label.negative,
        )
    for name in sorted({c for c in settings.all_centers if settings.all_centers.count(c) > 1}):
        ledger.error(
            file,
            "a center is named twice",
            "A center either develops or tests; name it once",
            column="centers",
            value=name,
        )
    if settings.tables.predictions and settings.predictions is None:
        ledger.error(
            file,
            "predictions without their kind",
            'Add [predictions] kind = "probability" or "score"',
            column="predictions.kind",
        )
