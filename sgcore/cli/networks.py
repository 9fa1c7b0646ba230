"""Options that say which networks an analysis has, and the command that trains them alone."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Any

import typer

from sgcore.cli.console import (
    AsJson,
    StorePath,
    StudyPath,
    print_json,
    print_table,
    progress,
    reported,
)
from sgcore.config import DeepConfig, Device, Recipe, deep_recipe, recipe, with_changes
from sgcore.errors import UsageError

NoDeep = Annotated[bool, typer.Option("--no-deep", help="Leave the deep-learning families out.")]
BackboneName = Annotated[
    str | None,
    typer.Option(
        "--backbone",
        help="resnet18, resnet50 (default), resnet101, densenet121, googlenet, inception_v3, mobilenet_v3_large, "
        "efficientnet_b0; or all, the best by validation AUC (strict: by folds) counts.",
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        metavar="imagenet|none|FILE",
        help="First weights: torchvision's (default), drawn ones, or a file (safetensors, PyTorch state dict).",
    ),
]
Epochs = Annotated[int | None, typer.Option(help="Epochs of each training (default: 50).")]
DeepFolds = Annotated[
    int | None,
    typer.Option(
        "--deep-folds",
        metavar="K",
        help="Deep features of training patients from K networks that left them out (default: 0, as in the paper; "
        "strict: 5).",
    ),
]
InputSize = Annotated[
    int | None,
    typer.Option("--input-size", help="Side of the networks' input in pixels (default: ImageNet's)."),
]
EarlyStopping = Annotated[
    int | None,
    typer.Option(
        "--early-stopping", metavar="N", help="Stop after N epochs without a smaller validation loss."
    ),
]
ClassWeights = Annotated[
    bool, typer.Option("--class-weights", help="Weigh the loss by how rare a label is among training images.")
]
DeviceName = Annotated[Device, typer.Option("--device", help="Where networks are trained.")]


@dataclass(frozen=True)
class NetworkOptions:
    """The options as they were given; None where one was not."""

    no_deep: bool = False
    backbone: str | None = None
    weights: str | None = None
    epochs: int | None = None
    deep_folds: int | None = None
    input_size: int | None = None
    early_stopping: int | None = None
    class_weights: bool = False

    def settings(self, recipe: Recipe) -> DeepConfig | None:
        """The networks of a recipe under these options. Raises ``UsageError`` for those that contradict each other."""
        given = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "no_deep"}
        given = {name: value for name, value in given.items() if value is not None and value is not False}
        if self.no_deep:
            if given:
                option = next(iter(given)).replace("_", "-")
                raise UsageError(
                    f"--no-deep leaves networks out; --{option} says how to train one. Give one of the two."
                )
            return None
        names = {"deep_folds": "folds", "input_size": "size"}
        return deep_recipe(recipe, **{names.get(name, name): value for name, value in given.items()})


def register(app: typer.Typer) -> None:
    app.command()(deep)


def deep(
    study: StudyPath,
    store: StorePath = None,
    backbone: BackboneName = None,
    weights: Weights = None,
    epochs: Epochs = None,
    deep_folds: DeepFolds = None,
    input_size: InputSize = None,
    early_stopping: EarlyStopping = None,
    class_weights: ClassWeights = False,
    device: DeviceName = "auto",
    as_json: AsJson = False,
) -> None:
    """Train networks into the store; an interrupted training goes on after its last finished epoch."""
    from sgcore import workflow
    from sgcore.workflow.plain import records

    options = NetworkOptions(
        False, backbone, weights, epochs, deep_folds, input_size, early_stopping, class_weights
    )
    with reported(as_json):
        config = with_changes(recipe("paper"), deep=options.settings("paper"))
        workflow.preflight(study, config, device)
        with workflow.open_store(store) as opened, progress() as on_progress:
            loaded = workflow.import_study(study, opened, on_progress=on_progress)
            found = workflow.trained_networks(loaded, config, opened, device=device, on_progress=on_progress)
    rows = records(found)
    if as_json:
        print_json({"study": loaded.name, "study_id": loaded.fingerprint, "networks": rows})
        return
    columns = ("backbone", "fold", "first weights", "epoch", "training AUC", "validation AUC", "minutes")
    print_table(columns, map(_cells, rows))


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    numbers = ["–" if row[name] is None else f"{row[name]:.3f}" for name in ("train_auc", "validation_auc")]
    fold = str(row["fold"]) if row["fold"] else "–"
    return (
        row["backbone"],
        fold,
        row["weights_file"] or row["weights"],
        str(row["epoch"]),
        *numbers,
        f"{row['seconds'] / 60:.1f}",
    )
