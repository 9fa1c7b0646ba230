"""Pages are thin scripts: they put together what others compute, and the docs show each with its question."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from sgcore.ui.navigation import ENTRIES, Entry

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "pages").glob("*/*.py"))
LONGEST = 150
#: Methods that fit a model or ask a database.
WORK = {"fit", "fit_predict", "fit_transform", "partial_fit", "execute", "executemany", "sql"}
DOCS = ROOT / "docs" / "pages.md"


def _nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))


def _imported(path: Path) -> set[str]:
    names = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            names.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{each.name}" for each in node.names)
    return names


def test_every_page_of_the_menu_is_a_file_and_every_file_is_in_the_menu() -> None:
    assert {ROOT / entry.file for entry in ENTRIES} == set(PAGES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_neither_computes_nor_defines(path: Path) -> None:
    nodes = _nodes(path)
    assert len(path.read_text().splitlines()) <= LONGEST
    assert not [node.name for node in nodes if isinstance(node, ast.ClassDef)]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert not [text for text in texts if re.search(r"\bSELECT\b|\bINSERT\b|\bUPDATE\b", text)]
    called = {
        node.func.attr
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & WORK


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_knows_streamlit_the_screen_and_the_figures_alone(path: Path) -> None:
    imported = _imported(path)
    assert imported
    assert {name for name in imported if not re.match(r"streamlit$|sgcore\.(ui|plots)(\.|$)", name)} == set()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_the_docs_show_the_page_with_its_question(entry: Entry) -> None:
    found = re.search(
        rf"^### {entry.title}\n\n(.+?)\n(?=###? |\Z)", DOCS.read_text(), re.DOTALL | re.MULTILINE
    )
    assert found, f"docs/pages.md has no section {entry.title}"
    question = ast.get_docstring(ast.parse((ROOT / entry.file).read_text()))
    assert found[1].startswith(f"**{question}**")
    (picture,) = re.findall(r"!\[[^\]]+\]\((images/[\w-]+\.png)\)", found[1])[:1]
    assert (DOCS.parent / picture).stat().st_size < 200_000
