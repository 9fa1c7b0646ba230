"""What a trained network answers of images without their lesion, and of the lesions alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.deep.batches import logits_of
from sgcore.deep.crop import Crop
from sgcore.deep.epoch_metrics import log_odds
from sgcore.deep.inputs import Gray
from sgcore.explain.occlusion import occlude
from sgcore.explain.occlusion_auc import ANSWERS

if TYPE_CHECKING:
    from torch import nn

_OVERFLOW = "the network's answer is not finite"


def ask_occluded(
    network: nn.Module, gray: Gray, rois: Sequence[ArrayLike], crops: Sequence[Crop], device: str
) -> pd.DataFrame:
    """Log odds of the positive label, one row an image: ``surroundings, lesion``, and why it cannot be parted.

    Log odds, because the scores of a sure network are rounded to 0 and 1 and have no order any more.

    Parameters
    ----------
    gray : (n, size, size) what the network sees. rois, crops : see :func:`sgcore.explain.occlusion.occlude`.
    """
    occluded = [occlude(*each) for each in zip(gray, rois, crops, strict=True)]
    pictures = {
        "surroundings": np.stack([each.surroundings for each in occluded]),
        "lesion": np.stack([each.lesion for each in occluded]),
    }
    answers = {name: log_odds(logits_of(network, images, device)) for name, images in pictures.items()}
    return pd.DataFrame({**answers, "reason": [each.reason for each in occluded]})


def occlusion_frame(
    image_ids: Sequence[str], whole: ArrayLike, parts: Sequence[pd.DataFrame]
) -> pd.DataFrame:
    """``image_id, whole, surroundings, lesion, reason`` of a network, as ``Store.networks`` keeps them.

    ``whole`` : log odds by the whole images. ``parts`` : rows of :func:`ask_occluded`, in the same order. Answers that
    are not finite, or that belong to an image that cannot be parted, are missing beside the ``reason``.
    """
    rows = pd.concat(parts, ignore_index=True).assign(whole=whole)
    unparted = rows["reason"] != ""
    answers = rows[ANSWERS].where(np.isfinite(rows[ANSWERS]))
    overflow = answers["whole"].isna() | (answers.isna().any(axis=1) & ~unparted)
    answers.loc[unparted, ["surroundings", "lesion"]] = np.nan
    answers.insert(0, "image_id", list(image_ids))
    return answers.assign(reason=rows["reason"].mask(overflow, _OVERFLOW))
