"""A slider over a model's scores, whose value lives in the link and is forgotten with another model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike

from sgcore.ui import state

#: What :func:`back` puts in the place of a number.
_STORED = "stored"
#: Steps that a slider has at least between the lowest and the highest score.
_STEPS = 400


@dataclass(frozen=True)
class Scale:
    """From ``low``, at which every case is called positive, to ``high``, at which none is."""

    low: float
    high: float
    step: float
    digits: int

    def within(self, value: float) -> float:
        return float(min(max(value, self.low), self.high))


def scale(scores: ArrayLike) -> Scale | None:
    """The scale of a slider over scores (n,), in round steps; None where fewer than two scores differ."""
    known = np.asarray(scores, dtype=float)
    known = known[np.isfinite(known)]
    if not known.size or np.ptp(known) <= 1e-9 * max(1e-300, float(np.abs(known).max())):
        return None
    spread = float(np.ptp(known))
    decade = 10.0 ** math.floor(math.log10(spread / _STEPS))
    step = max(n for n in (1, 2, 5) if n * decade <= spread / _STEPS * (1 + 1e-9)) * decade
    digits = max(3, -math.floor(math.log10(step) + 1e-9))
    # A score on a step is one whatever the division rounds to.
    first, last = (math.floor(float(end) / step + 1e-9) for end in (known.min(), known.max()))
    low, high = round(first * step, digits), round((last + 1) * step, digits)
    return Scale(min(low, float(known.min())), high, step, digits)


def pick(own: Scale, start: float, of: str, label: str, help: str) -> float:
    """Draw the slider; it begins at ``start``, which the link leaves out.

    A number in the link that this program did not write itself wins, as in :func:`sgcore.ui.state.choose`. ``of``
    names the model: what was chosen for one is not taken over for another.
    """
    key = f"threshold_of_{of}"
    kept: dict[str, float] = st.session_state.setdefault("kept_thresholds", {})
    put, asked = state.taken("threshold"), state.asked_for("threshold")
    wanted = start if put == _STORED else _number(put)
    if wanted is None:
        wanted = _number(asked)
    if wanted is None:
        wanted = st.session_state.get(key, kept.get(key, start))
    # Set anew in each run: the slider of the run before is another widget where its ends are others.
    st.session_state[key] = own.within(wanted)
    value = float(
        st.slider(label, own.low, own.high, step=own.step, format=f"%.{own.digits}f", key=key, help=help)
    )
    kept[key] = value
    state.write("threshold", None if value == start else repr(value))
    return value


def _number(text: str | None) -> float | None:
    """A finite number, or None for what is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def back() -> None:
    """Return to the stored threshold in the next run."""
    state.put("threshold", _STORED)


def to_clicked(chart: str) -> None:
    """Take over the threshold of the point that was clicked in a figure, whose name is ``chart``."""
    for point in st.session_state[chart].selection.points:
        state.put("threshold", repr(float(np.ravel(point["customdata"])[0])))
