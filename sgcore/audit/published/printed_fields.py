"""Values of a paper file that keep the digits they were printed with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from sgcore.stats import Printed, parse_printed

_P = re.compile(r"(<=|>=|[<>=≤≥]?)\s*(0?\.\d{1,12}|[01](?:\.\d{1,12})?)")


@dataclass(frozen=True)
class PrintedP:
    """A printed p value: ``relation`` is ``=``, ``<`` or ``>``."""

    text: str
    relation: str
    value: float


def _text(value: Any) -> str:
    """What was typed; a number in the file has kept its digits as text already."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PydanticCustomError(
            "printed", "not a printed number", {"fix": 'Write it as printed, such as "0.807"'}
        )
    return str(value)


def _share(value: Any) -> Printed:
    try:
        return parse_printed(_text(value))
    except ValueError as error:
        raise PydanticCustomError(
            "share",
            "not a share from 0 to 1",
            {"fix": 'Write it with the digits of the paper, such as "0.807" or "80.7%"'},
        ) from error


def _p_value(value: Any) -> PrintedP:
    found = _P.fullmatch(_text(value).strip())
    if found is None or float(found[2]) > 1:
        raise PydanticCustomError(
            "p", "not a p value", {"fix": 'Write it as printed, such as "0.034" or "<0.05"'}
        )
    relation = found[1][:1].replace("≤", "<").replace("≥", ">") or "="
    value, step = float(found[2]), 10.0 ** -len(found[2].partition(".")[2])
    if value in (0, 1) and relation == "=":
        # "0.000" is a p below its last digit, "1.00" one above the next value that could have been printed.
        relation, value = ("<", step) if value == 0 else (">", 1 - step)
    if not 0 < value < 1:
        raise PydanticCustomError(
            "p", "a p value that no test gives", {"fix": 'Write a limit, such as "<0.001"'}
        )
    return PrintedP(found[0], relation, value)


#: A share or AUC as printed.
Share = Annotated[Printed, PlainValidator(_share)]
#: A p value as printed, with its sign.
PValue = Annotated[PrintedP, PlainValidator(_p_value)]
