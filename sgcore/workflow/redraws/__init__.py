"""Kinds of resampling, one a module: what is drawn anew, what is kept of a draw, and what all draws say."""

from sgcore.domain import Resampling
from sgcore.workflow.redraws.centers import LeftOutCenters
from sgcore.workflow.redraws.cross_validation import RepeatedCrossValidation
from sgcore.workflow.redraws.outside import SelectedOutside
from sgcore.workflow.redraws.permutation import PermutedLabels
from sgcore.workflow.redraws.plan import Parts, Plan, Redraw
from sgcore.workflow.redraws.splits import OtherSplits
from sgcore.workflow.redraws.stability import SelectionStability

__all__ = ["PLANS", "Parts", "Plan", "Redraw"]

#: In the order in which they are listed.
PLANS: dict[Resampling, Plan] = {
    plan.kind: plan
    for plan in (
        LeftOutCenters(),
        RepeatedCrossValidation(),
        SelectedOutside(),
        SelectionStability(),
        OtherSplits(),
        PermutedLabels(),
    )
}
