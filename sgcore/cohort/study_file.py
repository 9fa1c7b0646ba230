"""The study file: TOML, read strictly, every mistake with its line and the key that was meant."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sgcore.cohort.faults import Fault
from sgcore.cohort.files import MAX_STUDY_FILE_BYTES, printable, read_file
from sgcore.cohort.ledger import Ledger, did_you_mean
from sgcore.cohort.settings import StudySettings
from sgcore.cohort.toml_lines import line_of, lines_of_keys

#: Dots in a key of a study file are at most one; the parser takes quadratic time for thousands.
MAX_DOTS = 20


def read_settings(path: Path, ledger: Ledger) -> StudySettings | None:
    """Settings of the study file, or None after writing every mistake to the ledger."""
    file = printable(path.name)
    text = _read_text(path, file, ledger)
    if text is None:
        return None
    where = str(path.absolute())
    if printable(where) != where:
        fix = "Rename the folder or the file; a store keeps paths as text"
        ledger.error(file, "the path of the study is not UTF-8", fix, value=printable(where))
    try:
        raw = _parse(text)
    except tomllib.TOMLDecodeError as error:
        _syntax_error(file, text, str(error), ledger)
        return None
    except Fault as fault:
        ledger.error(file, f"the study file cannot be used: {fault.rule}", fault.fix)
        return None
    try:
        settings = StudySettings.model_validate(raw)
    except ValidationError as error:
        lines = lines_of_keys(text)
        for entry in error.errors():
            _report(file, lines, entry, ledger)
        return None
    before = len(ledger.errors)
    _cross_checks(file, settings, ledger)
    if settings.split.column is None:
        split = raw.get("split", {})
        if "seed" not in split:
            ledger.note("The study file names no seed: 0 was set and recorded.")
        if "train" not in split:
            ledger.note("The study file names no training share: 0.7 was set and recorded.")
    return settings if len(ledger.errors) == before else None


def _parse(text: str) -> dict[str, Any]:
    """The TOML document; what no study file holds is refused before or where the parser gives up on it."""
    if any(line.split("=", 1)[0].count(".") > MAX_DOTS for line in text.splitlines()):
        raise Fault(f"a key has more than {MAX_DOTS} dots", "A study file has two levels: [section] and key")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError as error:
        raise Fault(
            "values are nested too deeply", "A study file has two levels: [section] and key"
        ) from error
    except ValueError as error:
        # Python converts no whole number of more than 4300 digits; the parser gives no line.
        raise Fault("a number has thousands of digits", "Write numbers as short as the seed 0") from error


def _read_text(path: Path, file: str, ledger: Ledger) -> str | None:
    try:
        return read_file(path, MAX_STUDY_FILE_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        ledger.error(
            file,
            f"the study file is not UTF-8 (byte {error.start})",
            "Save it as UTF-8; it looks like Latin-1 or UTF-16",
        )
    except Fault as fault:
        ledger.error(file[:100], f"study file: {fault.rule}", fault.fix, value=printable(path))
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
