"""Which tensor of a file belongs where in a network, and which backbone a file is of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sgcore.deep.backbones import BACKBONES, Backbone
from sgcore.deep.weight_files import WeightsError, shown

if TYPE_CHECKING:
    from torch import Tensor

#: Old files of DenseNet have a dot here that module names may no longer have.
_OLD_DENSENET = re.compile(r"(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)")
#: Batch counters are newer than some of torchvision's files, and no network here uses them.
_COUNTER = "num_batches_tracked"
#: What a training keeps for going on; its best weights, or else its last ones, are what counts.
_TRAINING = ("best.", "model.")


@dataclass(frozen=True)
class Match:
    """A file's tensors under the network's own names, and what does not fit."""

    tensors: Mapping[str, Tensor] = field(repr=False)
    head: bool
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    misshapen: tuple[str, ...]

    @property
    def fits(self) -> bool:
        return not (self.missing or self.unexpected or self.misshapen)


def match(tensors: Mapping[str, Tensor], row: Backbone) -> Match:
    """Compare names and shapes of a file with those of a backbone.

    Own files have ``body.*`` and ``head.*``. All others are read as torchvision's: their classifier is left out
    (the order of its classes is not known), so are auxiliary classifiers.
    """
    from sgcore.deep.network import expected_tensors

    own, head = _own_names(tensors, row)
    expected = expected_tensors(row.name)
    wanted = {name for name in expected if head or not name.startswith("head.")}
    missing = [name for name in expected if name in wanted - own.keys() and not name.endswith(_COUNTER)]
    unexpected = [name for name in own if name not in expected]
    misshapen = [
        f"{shown(_plain(name))} with {tuple(own[name].shape)} instead of {tuple(expected[name].shape)}"
        for name in expected
        if name in own and own[name].shape != expected[name].shape
    ]
    return Match(
        own,
        head,
        tuple(shown(_plain(name)) for name in missing),
        tuple(shown(_plain(name)) for name in unexpected),
        tuple(misshapen),
    )


def fitted(tensors: Mapping[str, Tensor], row: Backbone, path: Path) -> tuple[dict[str, Tensor], bool]:
    """A file's tensors as the network takes them, names, types and values checked, and whether the head is among them.

    Raises
    ------
    WeightsError : the file is of another network, or a value is NaN or infinite or no real number.
    """
    from sgcore.deep.network import expected_tensors

    found = match(tensors, row)
    if not found.fits:
        raise WeightsError(_unfit(found, tensors, row, path))
    expected = expected_tensors(row.name)
    converted = {name: _converted(name, value, expected[name], path) for name, value in found.tensors.items()}
    return converted, found.head


def _own_names(tensors: Mapping[str, Tensor], row: Backbone) -> tuple[dict[str, Tensor], bool]:
    for prefix in _TRAINING:
        inside = {
            name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)
        }
        if inside:
            tensors = inside
            break
    if any(name.startswith(("body.", "head.")) for name in tensors):
        return dict(tensors), True
    left_out = tuple(f"{part}." for part in (row.head, *row.auxiliary))
    renamed = {_OLD_DENSENET.sub(r"\1\2", name): value for name, value in tensors.items()}
    return {f"body.{name}": value for name, value in renamed.items() if not name.startswith(left_out)}, False


def _converted(name: str, value: Tensor, target: Tensor, path: Path) -> Tensor:
    import torch

    # Sparse and quantized tensors have types of their own for what is one number a place here.
    plain = value.layout == torch.strided and not value.is_quantized and value.device.type == "cpu"
    if not plain or value.is_complex() or value.is_floating_point() != target.is_floating_point():
        raise WeightsError(
            f"{path}: {shown(_plain(name))} has values of type {value.dtype}; expected is {target.dtype}. "
            "Save the network with plain 32-bit weights."
        )
    converted = value.detach().to(target.dtype)
    if not bool(torch.isfinite(converted).all()):
        count = int((~torch.isfinite(converted)).sum())
        raise WeightsError(
            f"{path}: {count:,} of {converted.numel():,} values of {shown(_plain(name))} are NaN or infinite. "
            "Its training failed or the file is damaged; take another."
        )
    return converted


def _unfit(found: Match, tensors: Mapping[str, Tensor], row: Backbone, path: Path) -> str:
    parts = [
        f"{len(names):,} {what} ({_some(names)})"
        for names, what in (
            (found.missing, "missing"),
            (found.unexpected, "unexpected"),
            (found.misshapen, "of another shape"),
        )
        if names
    ]
    others = [other for other in BACKBONES.values() if other.name != row.name and match(tensors, other).fits]
    if others:
        way = f"They are weights of {others[0].title}: choose the backbone {others[0].name}, or another file."
    else:
        way = f"They are of none of the {len(BACKBONES)} backbones either; choose another file."
    return f"{path}: its weights do not fit {row.title}: {'; '.join(parts)}. {way}"


def _some(names: Sequence[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def _plain(name: str) -> str:
    """The name as torchvision has it."""
    return name.removeprefix("body.")
