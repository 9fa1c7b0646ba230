"""docs/published.md has a paragraph for every check, every key of a paper file, and an example that is read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from sgcore.audit.published import PAPER_CHECKS, parse_paper
from sgcore.audit.published.paper import (
    Development,
    PaperHead,
    ReportedAuc,
    ReportedComparison,
    ReportedFeatures,
    ReportedPick,
    ReportedProportions,
    ReportedSet,
)

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "published.md").read_text(encoding="utf-8")


def test_every_check_has_its_paragraph_with_what_how_and_remedy() -> None:
    parts = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
    described = {part[:6]: part for part in parts if part.startswith("SGP")}
    assert [part.splitlines()[0] for part in described.values()] == [
        f"{check.code} {check.title} ({check.severity})" for check in PAPER_CHECKS
    ]
    for part in described.values():
        assert all(word in part for word in ("*What.*", "*How.*", "*What to do.*"))


def test_the_example_is_read_and_every_key_is_named() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    assert tomllib.loads(example)["sets"]
    # The example compares two models; only one AUC is typed in to keep it short.
    whole = example + '\n[[aucs]]\nset = "external"\nmodel = "DL"\nvalue = "0.763"\n'
    assert parse_paper(whole).features.total == 1288
    sections = (
        PaperHead, ReportedSet, ReportedAuc, ReportedProportions, ReportedPick, ReportedFeatures,
        ReportedComparison, Development,
    )  # fmt: skip
    for section in sections:
        for name in section.model_fields:
            assert re.search(rf"\b{name}\b", TEXT), (section.__name__, name)
