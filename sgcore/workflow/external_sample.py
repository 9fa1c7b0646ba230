"""Whether the external set is large enough: the width of its intervals, and the patients that a narrower one needs."""

from __future__ import annotations

import pandas as pd

from sgcore import stats
from sgcore.stats.delong import ALL_EQUAL
from sgcore.workflow.by_center import CenterEffects

#: Widths of 95% intervals that are asked for where nobody says otherwise.
AUC_WIDTH, SLOPE_WIDTH = 0.1, 0.2
COLUMNS = [
    "measure", "at", "width", "wanted_width", "n_patients", "n_pos", "n_needed", "n_pos_needed", "prevalence", "method",
    "reason",
]  # fmt: skip


def external_need(effects: CenterEffects, *, auc_width: float = AUC_WIDTH) -> pd.DataFrame:
    """What the external patients give and how many would be needed; one row a ``measure``, ``auc`` and ``slope``.

    ``at`` is the assumed value: the AUC that the model has over all external patients, a calibration
    slope of 1. ``width`` is what such a set gives, ``n_needed`` the patients for ``wanted_width`` at the
    ``prevalence`` of the external set. Patients count as one case each, whatever the unit. Where a handful
    of patients would make the symmetric interval of the AUC leave 0 to 1, ``width`` is that of Newcombe's.
    Where everybody of each center has the same score, no AUC was measured that could be planned with.
    """
    area = effects.patients
    n_pos, n_neg = area.n_pos, area.n_neg
    total = n_pos + n_neg
    shared = {"n_patients": total, "n_pos": n_pos, "prevalence": n_pos / total if total else float("nan")}
    wanted = {"auc": auc_width, "slope": SLOPE_WIDTH}
    reason = area.reason if pd.isna(area.auc) else ""
    if not reason and _nobody_ranked(effects):
        reason = "in every external center everybody has the same score: that ranks nobody, and is no AUC to plan with"
    if not reason and not 0 < area.auc < 1:
        reason = f"an AUC of {area.auc:g} has no variance to plan with"
    if reason:
        rows = [
            {"measure": name, **shared, "wanted_width": width, "method": "not estimated", "reason": reason}
            for name, width in wanted.items()
        ]
        return pd.DataFrame(rows, columns=COLUMNS)
    now = stats.external_precision(area.auc, n_pos, n_neg)
    need = stats.external_size(area.auc, shared["prevalence"], auc_width=auc_width, slope_width=SLOPE_WIDTH)
    rows = [
        {
            "measure": "auc",
            "at": area.auc,
            "width": _auc_width(now),
            "n_needed": need.n_auc,
            "reason": need.reason,
        },
        {
            "measure": "slope",
            "at": 1.0,
            "width": now.slope_width,
            "n_needed": need.n_slope,
            "reason": need.slope_reason,
        },
    ]
    frame = pd.DataFrame([{**shared, **row, "method": need.method} for row in rows], columns=COLUMNS)
    return frame.assign(
        wanted_width=frame["measure"].map(wanted), n_pos_needed=frame["n_needed"] * shared["prevalence"]
    )


def _nobody_ranked(effects: CenterEffects) -> bool:
    """True where scores are equal, or equal within each center that has an AUC: then only centers differ."""
    known = effects.external["reason"][effects.external["auc"].notna()]
    return effects.patients.reason == ALL_EQUAL or (len(known) > 0 and known.eq(ALL_EQUAL).all())


def _auc_width(now: stats.ExternalPrecision) -> float:
    """Width of an interval that an AUC can have: the symmetric one knows no limits at 0 and 1."""
    half = now.auc_width / 2
    if half <= min(now.auc, 1 - now.auc):
        return now.auc_width
    return now.ci_high - now.ci_low
