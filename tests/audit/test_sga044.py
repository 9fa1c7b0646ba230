"""SGA044: all pairs against pairs of the same center: when it borrows, when it is not shown, and no answer."""

from __future__ import annotations

import pandas as pd

from sgcore.audit.pooling import BorrowedFromPrevalence
from tests.audit.planted import evaluation, evidence
from tests.audit.planted_models import NAN, RADIOMICS, borrowed

CHECK = BorrowedFromPrevalence()


def aucs(low, same_low, family="Radiomics"):
    """The row of ``evaluations`` with both intervals."""
    row = evaluation(family, "SVM", subset="external", unit="patient", ci_low=low, ci_high=0.95)
    return row | {"within_center_low": same_low, "within_center_high": 0.97}


def run(*rows, known=None):
    frames = {
        "picks": pd.DataFrame([RADIOMICS]),
        "evaluations": pd.DataFrame([aucs(0.6, 0.55)] if known is None else known),
        "borrowed": pd.DataFrame(rows),
    }
    return CHECK.run(evidence(frames))


def test_a_difference_above_zero_is_found_with_both_aucs_and_the_pairs():
    found = run(borrowed(delta=0.11, ci_low=0.02, ci_high=0.2, within=0.69, left_out="D"))
    assert found.status == "finding"
    assert found.message.startswith(
        "The pooled AUC of Radiomics is higher than pairs within centers bear out."
    )
    assert (
        "71 of 210 pairs of a positive and a negative patient are of the same center (29 external"
        in found.message
    )
    assert "a score that knows the center and nothing else could have an AUC of 0.58 here" in found.message
    assert "0.80 (0.60 to 0.95) against 0.69 (0.55 to 0.97), difference +0.11 (0.02 to 0.20)" in found.message
    assert "One label only, so no pair of their own: D." in found.message


def test_skill_that_centers_alone_could_account_for_is_found():
    wide = borrowed(ci_low=-0.3, ci_high=0.6, centers_alone=0.85)
    found = run(wide, known=[aucs(0.6, 0.2)])
    assert found.status == "finding"
    assert (
        "that of pairs of the same center is not shown to be, and the centers alone could account"
        in found.message
    )
    # Pairs of the same center show it; all pairs show nothing; the centers would not do.
    assert run(wide, known=[aucs(0.6, 0.55)]).status == "passed"
    assert run(wide, known=[aucs(0.45, 0.2)]).status == "passed"
    assert run(borrowed(ci_low=-0.3, ci_high=0.6), known=[aucs(0.6, 0.2)]).status == "passed"


def test_a_lower_pooled_auc_borrows_nothing():
    found = run(borrowed(delta=-0.2, ci_low=-0.3, ci_high=-0.1))
    assert found.status == "passed"


def test_a_pass_says_which_difference_it_could_have_seen():
    found = run(borrowed())
    assert found.status == "passed"
    assert "a difference of about 0.06 would have been a finding" in found.message


def test_a_difference_without_interval_is_judged_by_pairs_of_the_same_center():
    exact = borrowed(delta=0.0, ci_low=NAN, ci_high=NAN, auc=1.0, within=1.0, reason="zero")
    assert run(exact).status == "passed"
    unseen = run(exact, known=[aucs(0.45, 0.4)])
    assert unseen.status == "not_applicable"
    assert "No difference has an interval." in unseen.message


def test_reasons_not_to_judge():
    one = borrowed(
        delta=NAN, ci_low=NAN, ci_high=NAN, reason="one center: all pairs are of the same center (n = 29)"
    )
    found = run(one)
    assert found.status == "not_applicable"
    assert "one center: all pairs are of the same center" in found.message
    assert "no external set" in run().message
    assert "no analysis" in CHECK.run(evidence({})).message
