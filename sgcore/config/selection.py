"""Thresholds of the feature selection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sgcore.config.fingerprints import LATER
from sgcore.errors import UsageError


@dataclass(frozen=True)
class SelectionConfig:
    """Thresholds of the four selection steps.

    Attributes
    ----------
    p_threshold : a feature stays when its p (or q, with a correction) is below this.
    test : ``auto`` chooses Student, Welch or Mann-Whitney by normality and variance.
    correction : ``none`` as in the reference study, ``holm`` or ``bh`` (Benjamini-Hochberg).
    rho : of two features whose absolute Spearman correlation exceeds this, one stays.
    lasso_loss : ``gaussian`` on 0/1 labels or ``logistic``.
    lasso_rule : alpha at the minimum of the CV curve (``min``) or within one standard error (``1se``).
    folds : grouped, stratified folds of the LASSO.
    n_alphas : length of the alpha grid.
    drop_residue : leave out features of image types that are numerical residue (SGA010).
    icc_min : leave out features whose ICC(2,1) over perturbed ROIs has a lower bound below this;
        ``None`` keeps all.
    harmonize : ``combat`` takes the effect of each center out of the radiomics features, fitted on
        training images; images of centers without training patients then have no score.
    """

    p_threshold: float = 0.05
    test: Literal["auto", "student", "welch", "mannwhitney"] = "auto"
    correction: Literal["none", "holm", "bh"] = "none"
    rho: float = 0.9
    lasso_loss: Literal["gaussian", "logistic"] = "gaussian"
    lasso_rule: Literal["min", "1se"] = "min"
    folds: int = 5
    n_alphas: int = 100
    drop_residue: bool = False
    icc_min: float | None = None
    harmonize: Literal["none", "combat"] = field(default="none", metadata=LATER)

    def __post_init__(self) -> None:
        _between("p_threshold", self.p_threshold, 0, 1)
        _between("rho", self.rho, 0, 1)
        if self.folds < 2:
            raise UsageError(f"folds is {self.folds}; cross-validation needs at least 2.")
        if self.n_alphas < 2:
            raise UsageError(f"n_alphas is {self.n_alphas}; a path needs at least 2.")
        if self.icc_min is not None:
            _between("icc_min", self.icc_min, -1, 1)
        if self.harmonize not in ("none", "combat"):
            raise UsageError(f"harmonize is {self.harmonize!r}; choose none or combat.")


def _between(name: str, value: float, low: float, high: float) -> None:
    if not low < value <= high:
        raise UsageError(f"{name} is {value}; it must be above {low} and at most {high}.")
