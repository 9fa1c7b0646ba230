"""What a trained network answers of every image without its lesion, and of the lesion alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from sgcore.cohort import read_case
from sgcore.deep.batches import PASS, logits_of
from sgcore.deep.devices import reproducible
from sgcore.deep.fit import FitRequest, FittedNetwork
from sgcore.domain import Study
from sgcore.explain.occlusion import part_image
from sgcore.explain.parted_answers import ANSWERS
from sgcore.jobs import Cancel, OnProgress
from sgcore.workflow.stage import Stage

if TYPE_CHECKING:
    from sgcore.deep.network import Network

_OVERFLOW = "the network's answer is not finite"


def occluded_answers(
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
    network = cast("Network", fitted.trained.network)
    found = []
    with reproducible(fitted.trained.device, request.threads):
        for start in starts:
            stage.step()
            rows = range(start, min(start + PASS, len(ids)))
            gray = request.inputs.gray[rows.start : rows.stop]
            parted = [
                part_image(gray[row - start], read_case(study, ids[row])[1].pixels, request.inputs.crops[row])
                for row in rows
            ]
            asked = (
                gray,
                np.stack([each.surroundings for each in parted]),
                np.stack([each.lesion for each in parted]),
            )
            answers = [_log_odds(logits_of(network, each, fitted.trained.device)) for each in asked]
            found.append(_rows([ids[row] for row in rows], answers, [each.reason for each in parted]))
    stage.end()
    return pd.concat(found, ignore_index=True)


def _log_odds(logits: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.asarray(logits[:, 1] - logits[:, 0])


def _rows(ids: Sequence[str], answers: Sequence[np.ndarray], reasons: Sequence[str]) -> pd.DataFrame:
    rows = pd.DataFrame(dict(zip(ANSWERS, answers, strict=True)))
    rows = rows.where(np.isfinite(rows))
    parted = np.array([not reason for reason in reasons])
    rows.loc[~parted, ["surroundings", "lesion"]] = np.nan
    overflow = rows.isna().any(axis=1).to_numpy() & parted
    rows.insert(0, "image_id", list(ids))
    return rows.assign(reason=np.where(overflow, _OVERFLOW, reasons))
