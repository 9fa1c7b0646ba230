"""The scale of a threshold slider: round steps, everybody positive at its low end, nobody at its high one."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.ui.threshold_slider import _number, scale


@pytest.mark.parametrize(
    "scores",
    [
        np.linspace(0.0043, 0.9931, 60),
        np.array([0.2, 0.3]),
        np.array([0.532961, 0.533359, 0.53301]),
        np.array([3e-7, 9e-7, np.nan]),
        np.array([-4.5, 12.0, np.inf]),
        np.array([0.0, 1.0]),
    ],
)
def test_ends_call_all_and_nobody(scores: np.ndarray) -> None:
    found = scale(scores)
    assert found is not None
    known = scores[np.isfinite(scores)]
    assert found.low <= known.min()
    assert found.high > known.max()
    spread = np.ptp(known)
    assert 400 <= spread / found.step <= 1000 * (1 + 1e-9)
    assert found.high - found.low <= spread + 2.001 * found.step
    assert found.step == pytest.approx(float(f"{found.step:.0e}"))
    # Two steps beside each other are written differently.
    assert f"{found.low:.{found.digits}f}" != f"{found.low + found.step:.{found.digits}f}"


@pytest.mark.parametrize("scores", [[], [np.nan], [0.5], [0.5, 0.5], [0.0, 0.0], [0.3, 0.1 + 0.2]])
def test_without_two_scores_there_is_nothing_to_move(scores: list[float]) -> None:
    assert scale(np.array(scores)) is None


@pytest.mark.parametrize(
    ("text", "value"), [("0.25", 0.25), ("x", None), ("inf", None), ("nan", None), ("", None), (None, None)]
)
def test_what_a_link_may_say(text: str | None, value: float | None) -> None:
    assert _number(text) == value
