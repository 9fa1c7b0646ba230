"""Printed numbers and GRIM: what their digits allow, against counting by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from sgcore.stats import on_auc_grid, parse_printed, possible_counts, tables_printing


def test_every_digit_counts() -> None:
    assert parse_printed("0.80").step == Fraction(1, 100)
    assert parse_printed("80.7%").share == parse_printed("0.807").share
    assert parse_printed("80.7 %").step == Fraction(1, 1000)
    assert parse_printed("1").value == 1


@pytest.mark.parametrize("text", ["", "high", "80.7", "-0.2", "1.01", "0,8", "nan"])
def test_what_is_no_share_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match=repr(text)):
        parse_printed(text)


@pytest.mark.parametrize("n", [7, 28, 29, 55])
@pytest.mark.parametrize("digits", [1, 2, 3])
def test_counts_are_those_that_print_so(n: int, digits: int) -> None:
    for k in range(n + 1):
        assert k in possible_counts(parse_printed(f"{k / n:.{digits}f}"), n, "rounded")
        cut = k * 10**digits // n / 10**digits
        assert k in possible_counts(parse_printed(f"{cut:.{digits}f}"), n, "truncated")


def test_a_share_that_no_count_gives() -> None:
    # 19 of 28 is 0.679, 20 of 28 is 0.714.
    assert not possible_counts(parse_printed("0.70"), 28, "rounded")
    assert list(possible_counts(parse_printed("0.71"), 28, "rounded")) == [20]
    # 2 / 3 = 0.6666...: cut and rounded differ.
    assert list(possible_counts(parse_printed("0.66"), 3, "truncated")) == [2]
    assert not possible_counts(parse_printed("0.66"), 3, "rounded")
    with pytest.raises(ValueError, match="n is 0"):
        possible_counts(parse_printed("0.5"), 0, "rounded")


def test_the_grid_of_an_auc_has_half_pairs() -> None:
    assert on_auc_grid(parse_printed("0.125"), 2, 2, "rounded")
    assert not on_auc_grid(parse_printed("0.130"), 2, 2, "rounded")


def test_tables_are_found_again_from_what_they_print() -> None:
    n_pos, n_neg, tp, tn = 14, 15, 10, 12
    fp, fn = n_neg - tn, n_pos - tp
    shares = {
        "sensitivity": tp / n_pos,
        "recall": tp / n_pos,
        "specificity": tn / n_neg,
        "accuracy": (tp + tn) / 29,
        "ppv": tp / (tp + fp),
        "precision": tp / (tp + fp),
        "npv": tn / (tn + fn),
        "f1": 2 * tp / (2 * tp + fp + fn),
    }
    printed = {name: parse_printed(f"{share:.3f}") for name, share in shares.items()}
    found = tables_printing(printed, n_pos, n_neg, "rounded")
    assert np.column_stack(found).tolist() == [[tp, tn]]
    for name, text in printed.items():
        pairs = np.column_stack(tables_printing({name: text}, n_pos, n_neg, "rounded")).tolist()
        assert [tp, tn] in pairs
    wrong = {**printed, "accuracy": parse_printed("0.793")}
    assert not tables_printing(wrong, n_pos, n_neg, "rounded")[0].size


def test_what_cannot_be_tried_is_said() -> None:
    with pytest.raises(ValueError, match="unknown measure 'kappa'"):
        tables_printing({"kappa": parse_printed("0.5")}, 3, 3, "rounded")
    with pytest.raises(ValueError, match="at least 1 of each"):
        tables_printing({"accuracy": parse_printed("0.5")}, 0, 3, "rounded")
    with pytest.raises(ValueError, match="would have to be tried"):
        tables_printing({"accuracy": parse_printed("0.5")}, 5000, 5000, "rounded")
