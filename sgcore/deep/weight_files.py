"""Files of weights are read as tensors and nothing else: no code in them runs, no size is believed."""

from __future__ import annotations

import hashlib
import io
import pickle
import struct
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sgcore.cohort.faults import Fault
from sgcore.cohort.files import read_file
from sgcore.errors import SgauditError

if TYPE_CHECKING:
    from torch import Tensor

#: The largest of the eight, ResNet101, has 178 MB; a checkpoint of its training three times as much.
MAX_BYTES = 1_000_000_000
_SAVE_AGAIN = "Save the network's state_dict() alone, as safetensors or with torch.save"
_COPY_AGAIN = "Copy or download it again"


class WeightsError(SgauditError):
    """Weights are missing, damaged, or of another network; the message names the file and the ways on."""


def read_weights(path: Path) -> tuple[dict[str, Tensor], str]:
    """Tensors of a safetensors file or of a state dict of PyTorch, and the SHA-256 of the file.

    Told apart by content. PyTorch's files are read with ``weights_only=True``.

    Raises
    ------
    WeightsError : no regular file, empty, above ``MAX_BYTES``, truncated, of another kind, or anything
        in it that is no tensor with a name.
    """
    try:
        raw = read_file(path, MAX_BYTES)
    except Fault as fault:
        raise WeightsError(f"{path}: {fault.rule}. {fault.fix}.") from fault
    if not raw:
        raise WeightsError(f"{path}: the file is empty (0 bytes). {_COPY_AGAIN}.")
    return _named(_decode(raw, path), path), hashlib.sha256(raw).hexdigest()


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turns what torch and safetensors raise on files they cannot read into a WeightsError that names ``path``."""
    from safetensors import SafetensorError

    try:
        yield
    except pickle.UnpicklingError as error:
        # torch's own message advises to read such a file with weights_only=False, which runs its code.
        raise WeightsError(
            f"{path}: it holds Python objects that are no tensors (they could run code, and were not loaded), "
            f"or is damaged. {_SAVE_AGAIN}."
        ) from error
    except (
        SafetensorError, RuntimeError, OSError, EOFError, ValueError, LookupError, TypeError, AttributeError,
        ImportError, AssertionError, ArithmeticError, MemoryError, struct.error, zipfile.BadZipFile,
    ) as error:  # fmt: skip
        raise WeightsError(f"{path}: it is truncated or damaged. {_COPY_AGAIN}.") from error


def _decode(raw: bytes, path: Path) -> Any:
    import safetensors.torch

    with readable(path):
        if raw[:4] == b"PK\x03\x04":
            _check_zip(raw, path)
            return _tensors_alone(raw)
        if raw[:1] == b"\x80":  # torch.save before 1.6
            return _tensors_alone(raw)
        if raw[8:9] == b"{":
            return safetensors.torch.load(raw)
    raise WeightsError(
        f"{path}: it is neither a safetensors file nor a state dict of PyTorch. {_SAVE_AGAIN}."
    )


def _tensors_alone(raw: bytes) -> Any:
    import torch

    with warnings.catch_warnings():
        # Advice for programmers on odd files; these are refused here, by name, where they cannot be used.
        warnings.simplefilter("ignore", UserWarning)
        return torch.load(io.BytesIO(raw), map_location="cpu", weights_only=True)


def _check_zip(raw: bytes, path: Path) -> None:
    """torch.save never packs: a packed entry could unfold to any size."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = archive.infolist()
    packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in entries)
    if packed or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise WeightsError(f"{path}: a packed archive, which torch.save does not write. {_SAVE_AGAIN}.")


def _named(content: Any, path: Path) -> dict[str, Tensor]:
    import torch

    if not isinstance(content, Mapping) or not content:
        kind = "nothing" if isinstance(content, Mapping) else f"a {type(content).__name__}"
        raise WeightsError(f"{path}: it holds {kind} where names and tensors are expected. {_SAVE_AGAIN}.")
    for name, value in content.items():
        if not isinstance(name, str) or not isinstance(value, torch.Tensor):
            raise WeightsError(
                f"{path}: its entry {shown(name)} is of type {type(value).__name__} and no tensor. {_SAVE_AGAIN}."
            )
    return dict(content)


def shown(name: object) -> str:
    """A name out of a file, short and without control characters."""
    text = ascii(name)
    return text if len(text) <= 80 else f"{text[:77]}..."
