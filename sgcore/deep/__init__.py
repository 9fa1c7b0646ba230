"""Networks: eight backbones, their weights, training, deep features. Torch is loaded when it is used."""

from sgcore.deep.backbones import BACKBONES, Backbone, backbone
from sgcore.deep.weight_files import WeightsError
from sgcore.deep.weights import LoadedWeights, check_weights, load_weights

__all__ = [
    "BACKBONES",
    "Backbone",
    "LoadedWeights",
    "WeightsError",
    "backbone",
    "check_weights",
    "load_weights",
]
