"""The last layer of each network, which makes its score from the deep features."""

from __future__ import annotations

from pathlib import Path

from sgcore.config import AnalysisConfig
from sgcore.domain import Study
from sgcore.errors import SgauditError
from sgcore.store import Store
from sgcore.workflow.networks import network_ids
from sgcore.workflow.training import checkpoint_folder


def write_heads(study: Study, config: AnalysisConfig, store: Store, folder: Path) -> list[Path]:
    """Write ``<backbone>.safetensors`` with ``weight`` (2, length) and ``bias`` (2,) of each trained network.

    The score of an image is the second value of ``softmax(weight @ features + bias)``.

    Raises
    ------
    SgauditError : the weights of a network do not lie beside the store, or cannot be read.
    """
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import save_file

    if config.deep is None:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for (backbone, fold), network in network_ids(study, config.deep).items():
        if fold:
            continue
        source = checkpoint_folder(store) / f"{network}.safetensors"
        try:
            with safe_open(source, framework="pt") as file:
                names = set(file.keys())
                kept = "best" if "best.head.weight" in names else "model"
                tensors = {name: file.get_tensor(f"{kept}.head.{name}") for name in ("weight", "bias")}
        except (OSError, SafetensorError) as error:
            raise SgauditError(
                f"The weights of {backbone} cannot be read from {source} ({error}). They lie beside the store that "
                "trained it; train it again with `sgaudit deep`."
            ) from error
        paths.append(folder / f"{backbone}.safetensors")
        save_file(tensors, paths[-1])
    return paths
