"""A small network with the interface of the backbones."""

from __future__ import annotations

import torch
from torch import nn

LENGTH = 12


class TinyNetwork(nn.Module):
    """Two convolutions with batch normalization, average pooling, dropout, two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, LENGTH, 3, stride=2, padding=1),
            nn.BatchNorm2d(LENGTH),
            nn.ReLU(),
        )
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(LENGTH, 2)

    def pooled(self, x: torch.Tensor) -> torch.Tensor:
        return self.features(x).mean(dim=(2, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.dropout(self.pooled(x)))
