"""Trainings of the small network that are stopped after an epoch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.config import TrainingConfig
from sgcore.deep.fit import fit_network
from tests.deep import tiny

CONFIG = TrainingConfig(epochs=4, batch=8)


def request_of(path=None, **settings):
    return tiny.request(config=replace(CONFIG, **settings), checkpoint=path)


def assert_equal(first, second):
    np.testing.assert_array_equal(first.outputs.scores, second.outputs.scores)
    np.testing.assert_array_equal(first.outputs.pooled, second.outputs.pooled)
    pd.testing.assert_frame_equal(first.trained.curve, second.trained.curve)
    assert first.trained.epoch == second.trained.epoch


class StopError(Exception):
    pass


def stop_after(epoch):
    def stop(metrics):
        if metrics[0].epoch == epoch:
            raise StopError

    return stop


def interrupt(path, after, **settings):
    """Train ``after`` epochs and stop."""
    with pytest.raises(StopError):
        fit_network(request_of(path, **settings), on_epoch=stop_after(after))
