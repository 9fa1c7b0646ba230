"""The core runs without its screen, and heavy libraries are loaded only by the work that needs them."""

from __future__ import annotations

import ast
import importlib
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


#: Facades whose names are loaded when they are used; ``__init__.pyi`` says from where.
LAZY = ("explain", "models", "store", "workflow")


def _loaded(script: str, libraries: tuple[str, ...]) -> str:
    script = f"import sys\n{script}\nprint(' '.join(m for m in {libraries!r} if m in sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return result.stdout.strip()


@pytest.mark.parametrize(
    "module", ["sgcore", "sgcore.cli", "sgcore.deep", *(f"sgcore.{name}" for name in LAZY)]
)
def test_a_fresh_interpreter_loads_nothing_heavy(module):
    script = f"import {module}"
    if module.rpartition(".")[2] in LAZY:
        script += f"\nfor name in {module}.__all__: getattr({module}, name)"
    assert _loaded(script, HEAVY) == ""


@pytest.mark.parametrize("module", ["sgcore.ui", "sgcore.workflow.analysis", "sgcore.workflow.demo"])
def test_what_reads_results_does_not_load_what_computes_them(module):
    assert _loaded(f"import {module}", ("sklearn", "scipy.stats", "pydicom", "nibabel", "torch")) == ""


@pytest.mark.parametrize("package", LAZY)
def test_no_name_of_a_facade_is_hidden_by_a_module(package):
    facade = importlib.import_module(f"sgcore.{package}")
    modules = {path.stem for path in Path(facade.__path__[0]).glob("*.py")}
    assert facade.__all__
    assert modules.isdisjoint(facade.__all__)


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
