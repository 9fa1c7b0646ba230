"""The long simulations say which figure is outside its limits, and leave room for their own error."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"


def benchmark(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("patients", "images", "share", "replicates", "wrong"),
    [
        (60, 3, 0.95, 2000, 0),
        (60, 3, 0.92, 2000, 0),  # 93% less two standard errors of 0.57 points
        (60, 3, 0.915, 2000, 2),
        (60, 3, 0.985, 2000, 2),
        (60, 3, 0.915, 200, 0),
        (29, 3, 0.92, 2000, 2),
        (29, 1, 0.90, 2000, 1),  # of one image a patient t is no default and has no limits
        (16, 1, 0.99, 2000, 0),
    ],
)
def test_coverage_outside_its_limits(
    patients: int, images: int, share: float, replicates: int, wrong: int
) -> None:
    coverage = benchmark("interval_coverage")
    shares = dict.fromkeys(coverage.COLUMNS, share)
    found = coverage.faults(patients, images, 0.8, shares, replicates)
    assert len(found) == wrong
    assert all(f"in {100 * share:.1f}% of {replicates} replicates" in text for text in found)


def test_an_interval_that_is_too_narrow_fails_the_coverage_run(monkeypatch: pytest.MonkeyPatch) -> None:
    coverage = benchmark("interval_coverage")
    true = coverage.auc
    monkeypatch.setattr(coverage, "auc", lambda *args, **kw: true(*args, level=0.8, **kw))
    shares = coverage.coverage(60, 3, 0.8, 300)
    assert len(coverage.faults(60, 3, 0.8, shares, 300)) == 2


@pytest.mark.parametrize(
    ("images", "way", "mean", "error", "expected"),
    [
        (1, 0, 0.50, 0.002, ""),
        (1, 0, 0.53, 0.002, "0.48 to 0.52 is expected"),
        (1, 0, 0.53, 0.01, ""),
        (1, 1, 0.65, 0.002, ""),
        (1, 1, 0.50, 0.002, "0.63 to 0.67 is expected"),
        (1, 1, 0.70, 0.002, "0.63 to 0.67 is expected"),
        (2, 0, 0.45, 0.002, "0.48 to 0.52 is expected"),
        (2, 1, 0.70, 0.002, ""),
        (2, 1, 0.65, 0.002, "at least 0.67 is expected"),
        (2, 1, 0.70, float("nan"), "at least 0.67 is expected"),  # one replicate has no error to go by
    ],
)
def test_noise_labels_outside_their_limits(
    images: int, way: int, mean: float, error: float, expected: str
) -> None:
    noise = benchmark("noise_labels")
    found = noise.faults(images, noise.NAMES[way], mean, error)
    assert len(found) == bool(expected)
    assert expected in "".join(found)


@pytest.mark.parametrize(("shift", "missed"), [(0.0, 0), (0.7, 1), (-0.7, 1)])
def test_a_p_that_is_not_uniform_fails_the_null_run(shift: float, missed: int) -> None:
    null = benchmark("null_uniform")

    def draw(seed: int) -> tuple[float, np.ndarray]:
        values = np.random.default_rng(seed).normal(size=null.PERMUTATIONS + 1)
        return values[0] + shift, values[1:]

    assert null.judge("a known null", draw, 200) == missed


def test_ties_are_broken_at_random_and_count_against_the_study(capsys: pytest.CaptureFixture[str]) -> None:
    null = benchmark("null_uniform")
    assert null.judge("a constant", lambda _seed: (0.5, np.full(null.PERMUTATIONS, 0.5)), 200) == 0
    assert "p <= 0.05 in 0 (0.0%)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("inside", "outside", "missed"), [(0.5, 0.65, 0), (0.56, 0.65, 1), (0.5, 0.52, 1), (0.4, 0.4, 1)]
)
def test_both_arms_of_the_selection_have_limits(
    monkeypatch: pytest.MonkeyPatch, inside: float, outside: float, missed: int
) -> None:
    run = benchmark("selection_outside")
    # A spread of 0.01 over 50 seeds: a standard error of 0.0014.
    monkeypatch.setattr(
        run, "one_seed", lambda seed: (inside + 0.01 * (-1) ** seed, outside + 0.01 * (-1) ** seed)
    )
    assert run.main(50) == missed
