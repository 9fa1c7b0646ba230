"""What a trained network answers of every image without its lesion, and of the lesion alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from sgcore.cohort import read_case
from sgcore.deep.batches import PASS, logits_of
from sgcore.deep.devices import reproducible
from sgcore.deep.epoch_metrics import log_odds
from sgcore.deep.fit import FitRequest, FittedNetwork
from sgcore.domain import Study
from sgcore.explain.occlusion import occlude
from sgcore.explain.occlusion_auc import ANSWERS
from sgcore.jobs import Cancel, OnProgress
from sgcore.workflow.stage import Stage

if TYPE_CHECKING:
    from sgcore.deep.network import Network

_OVERFLOW = "the network's answer is not finite"


def occlusion_answers(
    study: Study,
    request: FitRequest,
    fitted: FittedNetwork,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> pd.DataFrame:
    """One row an image: ``image_id, whole, surroundings, lesion, reason``, log odds of the positive label.

    Log odds, because the scores of a sure network are rounded to 0 and 1 and have no order any more. Where an image
    cannot be parted, or an answer is not finite, the ``reason`` says so and the answers concerned are missing.

    Raises ``ImageError`` for a mask that vanished or changed, ``CancelledError`` on a stop.
    """
    ids = request.inputs.image_ids
    starts = range(0, len(ids), PASS)
    stage = Stage(f"{request.backbone} without the lesion", len(starts), on_progress, cancel)
    network, where = cast("Network", fitted.trained.network), fitted.trained.device
    found = []
    with reproducible(where, request.threads):
        for start in starts:
            stage.step()
            occluded = [
                occlude(
                    request.inputs.gray[row], read_case(study, ids[row])[1].pixels, request.inputs.crops[row]
                )
                for row in range(start, min(start + PASS, len(ids)))
            ]
            parts = {
                name: log_odds(
                    logits_of(network, np.stack([getattr(each, name) for each in occluded]), where)
                )
                for name in ("surroundings", "lesion")
            }
            found.append(pd.DataFrame({**parts, "reason": [each.reason for each in occluded]}))
    stage.end()
    rows = pd.concat(found, ignore_index=True)
    rows.insert(0, "whole", fitted.outputs.log_odds)
    rows.insert(0, "image_id", list(ids))
    return _without_overflow(rows)


def _without_overflow(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without answers that are not finite, or that belong to an image that cannot be parted."""
    answers = rows[list(ANSWERS)]
    answers = answers.where(np.isfinite(answers))
    whole = rows["reason"] != ""
    overflow = answers["whole"].isna() | (answers.isna().any(axis=1) & ~whole)
    answers.loc[whole, ["surroundings", "lesion"]] = np.nan
    return rows.assign(
        **{name: answers[name] for name in ANSWERS}, reason=rows["reason"].mask(overflow, _OVERFLOW)
    )
