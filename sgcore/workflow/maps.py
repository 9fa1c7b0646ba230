"""Where a trained network looks: Grad-CAM maps of all images and their checks, and its answers without the lesion."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sgcore.cohort import read_case
from sgcore.deep.batches import three_channels
from sgcore.deep.devices import reproducible
from sgcore.deep.fit import FitRequest, FittedNetwork
from sgcore.domain import Study
from sgcore.explain import draw_background
from sgcore.explain.gradcam import GradCam, grad_cam
from sgcore.explain.map_checks import roi_share
from sgcore.explain.randomization import SEEDS, randomization_test
from sgcore.jobs import Cancel, OnProgress
from sgcore.workflow.occlusion import ask_occluded, occlusion_frame
from sgcore.workflow.stage import Stage

if TYPE_CHECKING:
    from torch import Tensor

    from sgcore.deep.network import Network

#: Images whose maps are compared with those of re-drawn networks, drawn evenly over the patients.
RANDOMIZED_IMAGES = 60
#: Images of one pass.
BATCH = 16
_ONE_CELL = "the map has one cell: it is the same everywhere"


def network_maps(
    study: Study,
    request: FitRequest,
    fitted: FittedNetwork,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> dict[str, pd.DataFrame]:
    """``maps`` (both classes of every image), ``randomization`` and ``occlusion``, as ``Store.networks`` keeps them.

    Raises ``ImageError`` for a mask that vanished or changed, ``CancelledError`` on a stop.
    """
    ids = request.inputs.image_ids
    cases = study.cases()
    sample = draw_background(cases["patient_id"], seed=request.config.seed, size=RANDOMIZED_IMAGES)
    starts = range(0, len(ids), BATCH)
    stage = Stage(f"maps of {request.backbone}", len(starts) + len(SEEDS), on_progress, cancel)
    network, where = cast("Network", fitted.trained.network), fitted.trained.device
    rows: list[dict[str, object]] = []
    occluded: list[pd.DataFrame] = []
    with reproducible(where, request.threads):
        for start in starts:
            stage.step()
            part = np.arange(start, min(start + BATCH, len(ids)))
            crops = [request.inputs.crops[row] for row in part]
            rois = [read_case(study, ids[row])[1].pixels for row in part]
            maps = grad_cam(network, _images(request, part, where), crops)
            for row, roi, both in zip(part, rois, maps, strict=True):
                rows += _rows(ids[row], roi, both)
            occluded.append(ask_occluded(network, request.inputs.gray[part], rois, crops, where))
        own = cases.iloc[sample]
        test = randomization_test(
            network, _images(request, sample, where), [request.inputs.crops[row] for row in sample],
            own["image_id"], own["patient_id"], seeds=SEEDS, on_network=stage.step,
        )  # fmt: skip
    stage.end()
    return {
        "maps": pd.DataFrame(rows),
        "randomization": test.frame(),
        "occlusion": occlusion_frame(ids, fitted.outputs.log_odds, occluded),
    }


def _images(request: FitRequest, rows: np.ndarray, device: str) -> Tensor:
    import torch

    return three_channels(torch.as_tensor(request.inputs.gray[rows]).to(device))


def _rows(image_id: str, roi: NDArray[np.uint8], maps: tuple[GradCam, GradCam]) -> list[dict[str, object]]:
    rows = []
    for each in maps:
        height, width = each.signed.shape
        share = roi_share(each.on_image((roi.shape[0], roi.shape[1])), roi)
        if height * width == 1 and not share.reason:
            share = replace(share, share=np.nan, ratio=np.nan, reason=_ONE_CELL)
        rows.append(
            {
                "image_id": image_id,
                "target": each.target,
                "height": height,
                "width": width,
                "signed": each.signed.ravel().tolist(),
                "top": each.crop.top,
                "left": each.crop.left,
                "side": each.crop.side,
                "reason": each.reason,
                "roi_share": share.share,
                "roi_chance": share.chance,
                "roi_ratio": share.ratio,
                "roi_reason": share.reason,
            }
        )
    return rows
