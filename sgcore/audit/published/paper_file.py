"""Reading a paper file: TOML, strictly, all problems at once with line, value and remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sgcore.audit.published.consistency import cross_checks
from sgcore.audit.published.paper import Paper
from sgcore.audit.published.places import line_of_place, lines_of_values, place_of
from sgcore.cohort.faults import Fault
from sgcore.cohort.files import MAX_STUDY_FILE_BYTES, printable, read_file
from sgcore.cohort.ledger import Ledger, did_you_mean
from sgcore.domain import Problem
from sgcore.errors import StudyError

_MAX_DOTS = 20
#: What pydantic says of some rules, in words of a person who types numbers.
_RULES = {
    "missing": "missing value",
    "int_type": "not a whole number",
    "greater_than_equal": "too small",
    "less_than_equal": "too large",
    "string_pattern_mismatch": "text with a control character",
    "list_type": "not a list of tables",
}


class PaperError(StudyError):
    """A paper file is refused as a unit; ``problems`` lists everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        lines = "\n".join(map(str, problems))
        self.args = (f"{len(problems)} problem(s) in the paper file:\n{lines}",)


def read_paper(path: Path) -> Paper:
    """The paper of a file.

    Raises
    ------
    PaperError : the file is missing, too large, no UTF-8, no TOML, or says what no paper can.
    """
    file = printable(path.name)
    try:
        raw = read_file(path, MAX_STUDY_FILE_BYTES)
    except Fault as fault:
        raise PaperError([Problem(file, fault.rule, f"{fault.fix}.", value=printable(path))]) from fault
    return parse_paper(decoded(raw, file), file)


def decoded(raw: bytes, file: str) -> str:
    """The text of a file.

    Raises
    ------
    PaperError : it is not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fix = "Save it as UTF-8; it looks like Latin-1 or UTF-16."
        raise PaperError([Problem(file, f"not UTF-8 (byte {error.start})", fix)]) from error


def parse_paper(text: str, file: str = "paper file") -> Paper:
    """The paper of a TOML document; see :func:`read_paper`."""
    return paper_of(parse_toml(text, file), file, lines_of_values(text))


def parse_toml(text: str, file: str = "paper file") -> dict[str, Any]:
    """The document as it stands; numbers with a point stay text, so that no digit is lost.

    Raises
    ------
    PaperError : no TOML, or nested as no paper file is.
    """
    fix = "Correct this line; text stands in double quotes, lists in square brackets."
    if any(line.split("=", 1)[0].count(".") > _MAX_DOTS for line in text.splitlines()):
        raise PaperError([Problem(file, f"a key has more than {_MAX_DOTS} dots", fix)])
    try:
        return tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        lines = text.splitlines() or [""]
        line = int(place[1]) if place else len(lines)
        reason = re.sub(r"\s*\(at .*\)$", "", str(error))
        value = lines[line - 1][:80] if line <= len(lines) else None
        raise PaperError([Problem(file, f"not valid TOML: {reason}", fix, row=line, value=value)]) from error
    except (RecursionError, ValueError) as error:
        # Python converts no whole number of thousands of digits; nesting ends the parser's stack.
        raise PaperError([Problem(file, "values are too long or nested too deeply", fix)]) from error


def paper_of(
    raw: Mapping[str, Any], file: str = "paper file", lines: Mapping[str, int] | None = None
) -> Paper:
    """The paper of a document or of typed tables; ``lines`` says where each value stands, if anywhere."""
    ledger, known = Ledger(), dict(lines or {})
    try:
        paper = Paper.model_validate(dict(raw))
    except ValidationError as error:
        for entry in error.errors():
            _report(entry, file, known, ledger)
        raise PaperError(ledger.listed()) from error
    cross_checks(paper, file, known, ledger)
    if ledger.errors:
        raise PaperError(ledger.listed())
    return paper


def _report(entry: Any, file: str, lines: dict[str, int], ledger: Ledger) -> None:
    location, kind = entry["loc"], entry["type"]
    place, given = place_of(location), entry.get("input")
    value = None if isinstance(given, dict | list) else str(given)[:80]
    rule = _RULES.get(kind, entry["msg"][0].lower() + entry["msg"][1:])
    fix = entry.get("ctx", {}).get("fix", f"Correct {str(location[-1])!r}: {entry['msg'].lower()}")
    if kind == "extra_forbidden":
        names = _known(location[:-1])
        rule, value = "unknown key", str(location[-1])
        fix = did_you_mean(value, names, f"Known here: {', '.join(names)}")
    elif kind == "string_pattern_mismatch":
        fix = "Type it again, on one line"
    elif kind == "list_type" and len(location) == 1:
        fix = f"Begin each row with [[{location[0]}]], in double brackets"
    elif kind == "missing":
        value, fix = None, f"Add {str(location[-1])!r}"
    ledger.error(file, rule, fix, row=line_of_place(lines, place), column=place, value=value)


def _known(location: tuple[str | int, ...]) -> list[str]:
    """Keys that the section at ``location`` may have."""
    model: Any = Paper
    for part in location:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        options = [annotation, *getattr(annotation, "__args__", ())]
        model = next(each for each in options if isinstance(each, type) and issubclass(each, BaseModel))
    return list(model.model_fields)
