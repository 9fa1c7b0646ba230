"""The file: it needs nothing else, takes nothing of a study for markup, and has each figure in both themes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sgcore.plots import DARK, LIGHT
from sgcore.report import Document, Material, document, html
from tests.report.changed import with_findings, with_study

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOSTILE = "</script><img src=http://evil.example onerror=alert(1)>{{ 7 * 7 }}"


@pytest.fixture(scope="module")
def report(deep: Material) -> Document:
    return document(deep, NOW)


@pytest.fixture(scope="module")
def text(report: Document) -> str:
    return html(report)


def _figures(text: str) -> dict[str, dict[str, dict]]:
    (found,) = re.findall(r'<script type="application/json" id="figures">(.*?)</script>', text)
    assert "<" not in found
    return json.loads(found)


def test_nothing_is_fetched(text: str) -> None:
    assert len(text.encode()) < 15_000_000
    own = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert "default-src 'none'" in own
    assert not re.findall(r"<(?:link|iframe|object|embed|base)\b|src=|@import|url\(", own)
    assert {link[0] for link in re.findall(r'href="([^"]*)"', own)} == {"#"}


def test_every_figure_has_its_place_and_both_themes(text: str) -> None:
    figures = _figures(text)
    assert set(figures) == set(re.findall(r'<div class="plot" id="figure-([\w-]+)"', text))
    for name, themes in figures.items():
        assert themes["light"]["layout"]["font"]["color"] == LIGHT.text, name
        assert themes["dark"]["layout"]["font"]["color"] == DARK.text, name
        assert themes["light"]["data"], name


def test_every_answer_of_a_check_stands_in_the_file(deep: Material, text: str) -> None:
    assert all(code in text for code in deep.findings["code"])
    assert text.count("Research use only") == 2


def test_text_of_a_study_is_no_markup(deep: Material) -> None:
    rows = [{"image_id": HOSTILE}]
    named = with_study(deep, name=HOSTILE)
    hostile = with_findings(named, {"title": HOSTILE, "message": HOSTILE, "evidence": json.dumps(rows)})
    text = html(document(replace(hostile, notes=(HOSTILE,)), NOW))
    assert "<img src=http" not in text
    assert "&lt;/script&gt;&lt;img src=http://evil.example" in text
    assert "{{ 7 * 7 }}" in text
    assert _figures(text)


def test_no_program_ends_its_element_early(text: str) -> None:
    # The figures, plotly, and what draws them.
    assert text.count("</script") == 3
    assert "plotly.js v" in text
