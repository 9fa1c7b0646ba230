"""Whether a study can be modelled at all."""

from __future__ import annotations

from sgcore.domain import Study
from sgcore.errors import SgauditError


def check_not_audit_only(study: Study) -> None:
    """Raise ``SgauditError`` for a study whose patients or images contradict each other."""
    if study.conflicts:
        more = f" ({len(study.conflicts) - 1} more such)" if len(study.conflicts) > 1 else ""
        raise SgauditError(
            f"{study.name!r} was imported for audit only and is not modelled: {study.conflicts[0]}{more}. "
            "`sgaudit audit --audit-only` says what its tables and images show."
        )


def check_trainable(study: Study) -> None:
    """Raise ``SgauditError`` for a study that cannot be modelled, before anything long begins."""
    check_not_audit_only(study)
    train = study.patients[study.patients["subset"] == "train"]
    counts = train["y"].value_counts()
    for value, name in ((0, study.negative), (1, study.positive)):
        if counts.get(value, 0) < 2:
            raise SgauditError(
                f"{counts.get(value, 0)} training patient(s) with label {name!r}; at least 2 of each label are "
                "needed to train a model. Check [split] and [centers] of the study file."
            )
