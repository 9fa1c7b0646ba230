"""The core runs without its screen, and heavy libraries are loaded only by the work that needs them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = (
    "streamlit",
    "torch",
    "torchvision",
    "captum",
    "safetensors",
    "numba",
    "shap",
    "radiomics",
    "SimpleITK",
    "xgboost",
    "lightgbm",
    "distributed",
    "plotly",
    "neuroHarmonize",
)


@pytest.mark.parametrize(
    "module", ["sgcore", "sgcore.workflow", "sgcore.cli", "sgcore.deep", "sgcore.explain"]
)
def test_a_fresh_interpreter_loads_nothing_heavy(module):
    script = f"import sys, {module}; print(' '.join(m for m in {HEAVY!r} if m in sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert result.stdout.strip() == ""


def test_the_layers_hold():
    result = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout


def test_the_router_imports_ui_and_plots_only():
    imported = set()
    for node in ast.walk(ast.parse((ROOT / "app.py").read_text())):
        if isinstance(node, ast.Import):
            imported.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.update(f"{node.module}.{name.name}" for name in node.names)
    ours = {name for name in imported if name.startswith(("sgcore", "pages"))}
    assert ours
    assert all(name.startswith(("sgcore.ui", "sgcore.plots")) for name in ours)


def test_no_page_stands_directly_in_the_pages_folder():
    assert list((ROOT / "pages").glob("*.py")) == []
    assert list((ROOT / "pages").glob("*/*.py")) != []


def test_public_names_are_handed_on_lazily():
    import sgcore

    assert callable(sgcore.load_study)
    assert callable(sgcore.stats.auc)
    assert set(sgcore.__all__) <= set(dir(sgcore))
    with pytest.raises(AttributeError, match="nonsense"):
        sgcore.nonsense  # noqa: B018
