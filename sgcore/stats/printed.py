"""A number as it was printed: its value, the worth of its last digit, and what it may have been before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

Rounding = Literal["rounded", "truncated"]
ROUNDINGS: tuple[Rounding, ...] = ("rounded", "truncated")
_NUMBER = re.compile(r"(\d{1,6}(?:\.\d{0,12})?|\.\d{1,12})\s*(%?)")


@dataclass(frozen=True)
class Printed:
    """A printed share: ``share`` exactly (percent divided by 100), ``step`` the worth of its last digit."""

    text: str
    share: Fraction
    step: Fraction

    @property
    def value(self) -> float:
        return float(self.share)

    def band(self, rounding: Rounding) -> tuple[Fraction, Fraction]:
        """Smallest and largest value that print so.

        Rounded: half a step either way, both ends included, since halves are rounded up by some programs and to
        even by others. Truncated: from the value to one step above, the end not included.
        """
        if rounding == "truncated":
            return self.share, self.share + self.step
        return self.share - self.step / 2, self.share + self.step / 2


def parse_printed(text: str) -> Printed:
    """``0.807``, ``.80``, ``80.7%`` or ``1`` as a printed share; every digit counts, also a last zero.

    Raises
    ------
    ValueError : no number, or one outside 0 to 1 (0% to 100%).
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no number such as 0.807 or 80.7%.")
    digits, percent = found.groups()
    scale = Fraction(1, 100 if percent else 1)
    decimals = len(digits.partition(".")[2])
    share = Fraction(digits) * scale
    if share > 1:
        raise ValueError(f"{text!r} is above 1; write a percentage with its sign, such as 80.7%.")
    return Printed(text.strip(), share, Fraction(1, 10**decimals) * scale)


def possible_counts(printed: Printed, n: int, rounding: Rounding) -> range:
    """Whole numbers k of ``n`` whose share k / n prints so; empty where there is none (GRIM).

    Raises
    ------
    ValueError : ``n`` below 1.

    References
    ----------
    Brown NJL, Heathers JAJ. Soc Psychol Personal Sci 2017;8:363 (GRIM, of means of whole numbers).
    """
    if n < 1:
        raise ValueError(f"n is {n}; a share is of at least 1 case.")
    low, high = (limit * n for limit in printed.band(rounding))
    last = ceil(high) - 1 if rounding == "truncated" else floor(high)
    return range(max(0, ceil(low)), min(n, last) + 1)


def on_auc_grid(printed: Printed, n_pos: int, n_neg: int, rounding: Rounding) -> bool:
    """Whether an AUC of so many positives and negatives can print so.

    The area under an empirical curve is a whole number of half pairs: its grid is 1 / (2 n_pos n_neg).
    """
    return len(possible_counts(printed, 2 * n_pos * n_neg, rounding)) > 0
