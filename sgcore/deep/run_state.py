"""Where a training stands: weights, momentum, metrics, the best epoch; to and from a checkpoint."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sgcore.config import TrainingConfig
from sgcore.deep.checkpoints import Checkpoint, take_up, write_checkpoint
from sgcore.deep.epoch_metrics import EpochMetrics

if TYPE_CHECKING:
    from torch import Tensor, nn


class RunState:
    """The state of one training between two epochs.

    ``epoch`` is the last finished one, 0 before the first; ``metrics`` are of all finished epochs; ``best_epoch``
    is the one of the smallest validation loss, kept with early stopping only (else 0).
    """

    def __init__(self, network: nn.Module, config: TrainingConfig, fingerprint: str) -> None:
        import torch

        self.network = network
        self.config = config
        self.fingerprint = fingerprint
        self.optimizer = torch.optim.SGD(
            network.parameters(), lr=config.learning_rate, momentum=config.momentum
        )
        self.epoch = 0
        self.metrics: list[EpochMetrics] = []
        self.best_epoch = 0
        self.best_loss = float("inf")
        self.best: dict[str, Tensor] = {}

    @property
    def ended(self) -> bool:
        """Whether no epoch is left, or early stopping has waited long enough."""
        patience = self.config.early_stopping
        waited = patience is not None and self.epoch - self.best_epoch >= patience and self.epoch > 0
        return waited or self.epoch >= self.config.epochs

    def finished(self, metrics: list[EpochMetrics]) -> None:
        """An epoch more, with the metrics of its subsets."""
        self.epoch += 1
        self.metrics.extend(metrics)
        if self.config.early_stopping is None:
            return
        (loss,) = (each.loss for each in metrics if each.subset == "validation")
        if loss < self.best_loss:
            self.best_epoch, self.best_loss = self.epoch, loss
            self.best = {name: value.detach().clone() for name, value in self.network.state_dict().items()}

    def settle(self) -> int:
        """Give the network its final weights; the epoch that they are of."""
        if not self.best:
            return self.epoch
        self.network.load_state_dict(self.best)
        return self.best_epoch

    def save(self, path: Path, device: str, threads: int) -> None:
        """Write the checkpoint of the last finished epoch."""
        tensors = {f"model.{name}": value for name, value in self.network.state_dict().items()}
        for name, parameter in self.network.named_parameters():
            momentum = self.optimizer.state[parameter].get("momentum_buffer")
            if momentum is not None:
                tensors[f"momentum.{name}"] = momentum
        tensors |= {f"best.{name}": value for name, value in self.best.items()}
        state = {
            "metrics": [asdict(each) for each in self.metrics],
            "best_epoch": self.best_epoch,
            "best_loss": self.best_loss,
            "device": device,
            "threads": threads,
        }
        write_checkpoint(path, Checkpoint(self.fingerprint, self.epoch, tensors, state))

    def take_up(self, path: Path, device: str, threads: int) -> list[str]:
        """Go on from the checkpoint where there is one that can be used; notes for people."""
        checkpoint, note = take_up(path, self.fingerprint)
        if checkpoint is None:
            return [] if note is None else [note]
        self.network.load_state_dict(checkpoint.part("model"))
        momenta = checkpoint.part("momentum")
        for name, parameter in self.network.named_parameters():
            if name in momenta:
                self.optimizer.state[parameter]["momentum_buffer"] = momenta[name].to(parameter.device)
        state = checkpoint.state
        self.epoch = checkpoint.epoch
        self.metrics = [EpochMetrics(**each) for each in state["metrics"]]
        self.best_epoch, self.best_loss = state["best_epoch"], state["best_loss"]
        self.best = checkpoint.part("best")
        if (state["device"], state["threads"]) == (device, threads):
            return []
        return [
            f"epochs 1 to {self.epoch} were computed on {state['device']} with {state['threads']} thread(s), "
            f"the others on {device} with {threads}: the last digits may differ from an uninterrupted training"
        ]
