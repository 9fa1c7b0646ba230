"""Augmentation of training images: all of it stands here.

Each image of each epoch is, in this order,

* mirrored left to right in half of the draws (never top to bottom: shadows and enhancement lie below a lesion),
* turned by -10 to 10 degrees, scaled by 0.9 to 1.1 and moved by up to 5% of the side each way, about the middle,
  bilinear, with black beyond the crop,
* changed in contrast (about its own mean) by 0.8 to 1.2 and in brightness by -0.1 to 0.1, cut at black and white.

All draws are uniform. The reference study does not say whether or how it augmented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

DEGREES = 10.0
SCALE = 0.1
SHIFT = 0.05
CONTRAST = 0.2
BRIGHTNESS = 0.1
#: Keeps these draws apart from others of the same seed.
_STREAM = 1


def draw(seed: int, epoch: int, index: int) -> NDArray[np.float64]:
    """What happens to an image in an epoch: (8,) the 2 x 3 affine map row by row, contrast, brightness.

    A generator of its own by (seed, epoch, index): a resumed run draws what an uninterrupted one would, and
    the other images of the batch do not matter. The map takes places of the output, from -1 to 1, to
    places of the input.
    """
    generator = np.random.default_rng([_STREAM, seed, epoch, index])
    mirror = 1.0 if generator.random() < 0.5 else -1.0
    angle, scale, across, down, contrast, brightness = generator.uniform(-1, 1, 6)
    angle, scale = np.deg2rad(DEGREES * angle), 1 + SCALE * scale
    cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
    # A side is 2 long in these places.
    shift = (2 * SHIFT * across, 2 * SHIFT * down)
    return np.array(
        [
            mirror * cosine, -mirror * sine, mirror * shift[0],
            sine, cosine, shift[1],
            1 + CONTRAST * contrast,
            BRIGHTNESS * brightness,
        ]
    )  # fmt: skip


def augment(gray: Tensor, seed: int, epoch: int, indices: NDArray[np.int64]) -> Tensor:
    """Augmented images.

    Parameters
    ----------
    gray : float32 (n, size, size), 0 to 1, on any device.
    epoch : counted from 1. indices : (n,) which image of the inputs each is.

    Returns
    -------
    float32 (n, size, size), 0 to 1.
    """
    import torch
    from torch.nn import functional

    drawn = np.stack([draw(seed, epoch, int(index)) for index in indices])
    values = torch.as_tensor(drawn, dtype=torch.float32, device=gray.device)
    images = gray[:, None]
    places = functional.affine_grid(values[:, :6].reshape(-1, 2, 3), list(images.shape), align_corners=False)
    moved = functional.grid_sample(images, places, padding_mode="zeros", align_corners=False)[:, 0]
    mean = moved.mean(dim=(1, 2), keepdim=True)
    contrast, brightness = values[:, 6, None, None], values[:, 7, None, None]
    return torch.clamp((moved - mean) * contrast + mean + brightness, 0, 1)
