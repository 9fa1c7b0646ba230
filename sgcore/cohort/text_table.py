"""A CSV file as text: nothing is typed, guessed or lost; each row keeps its number in an editor."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sgcore.cohort.faults import Fault
from sgcore.cohort.files import MAX_TABLE_BYTES, read_file
from sgcore.cohort.ledger import Ledger, did_you_mean, few, fold

#: More than any set of radiomics or deep features has; a transposed table of a large cohort has more.
MAX_COLUMNS = 20_000
#: Columns of a table that is typed column by column: patients, images, descriptors and the like.
MAX_PLAIN_COLUMNS = 2_000
_NO_TEXT = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"PK\x03\x04": "an Excel workbook or another zip",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip file",
    b"PAR1": "a Parquet file",
}


@dataclass(frozen=True)
class TextTable:
    """Cells as text; the frame's index is the row number that a text editor shows (the header is 1).

    ``decimal_comma`` says that numbers may be written ``0,5`` (the file is separated by semicolons);
    ``digest`` is the SHA-256 of its text, independent of line ends and byte order mark; ``refused``
    holds the cells of rows of another length, so that what refers to them is not blamed as well.
    """

    file: str
    cells: pd.DataFrame
    decimal_comma: bool
    digest: str
    refused: frozenset[str] = frozenset()

    def __contains__(self, column: str) -> bool:
        return column in self.cells.columns


def each(column: pd.Series) -> Iterator[tuple[int, str]]:
    """Row number and text of each cell of a column."""
    for row, value in column.items():
        yield int(str(row)), str(value)


def read_table(
    path: Path, file: str, required: Iterable[str], ledger: Ledger, *, max_columns: int = MAX_COLUMNS
) -> TextTable | None:
    """Read a table, or write to the ledger why it cannot be read and return None."""
    text = _decode(path, file, ledger)
    if text is None:
        return None
    delimiter = _delimiter(text)
    if delimiter != ",":
        name = "semicolons" if delimiter == ";" else "tabs"
        ledger.warning(
            file,
            f"columns are separated by {name}; numbers are read with a decimal comma or point",
            "Check the numbers; save with commas to be rid of this message",
            row=1,
        )
    records = _records(text, delimiter, file, ledger)
    if records is None:
        return None
    header_row, header = records[0]
    names = [name.strip() for name in header]
    if len(names) > max_columns:
        ledger.error(
            file,
            f"the table has {len(names):,} columns; at most {max_columns:,} are read",
            "Remove columns that are no part of the study; if rows and columns are exchanged, transpose it",
            row=header_row,
        )
        return None
    if not _check_header(file, header_row, names, list(required), ledger):
        return None
    rows, numbers, refused = _regular(file, records[1:], names, ledger)
    if not rows and not ledger.errors_of(file):
        ledger.error(file, "the table has a header and no rows", "Add the rows", row=header_row)
        return None
    cells = pd.DataFrame(rows, columns=names, index=pd.Index(numbers, dtype="int64"), dtype="str")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return TextTable(file, _trimmed(file, cells, ledger), delimiter != ",", digest, refused)


def _decode(path: Path, file: str, ledger: Ledger) -> str | None:
    try:
        raw = read_file(path, MAX_TABLE_BYTES)
    except Fault as fault:
        ledger.error(file, f"table: {fault.rule}", fault.fix)
        return None
    other = next((kind for start, kind in _NO_TEXT.items() if raw.startswith(start)), None)
    if raw[128:132] == b"DICM":
        other = "a DICOM file"
    if other is not None:
        ledger.error(file, f"the file's content is {other} and no table", "Save it as CSV (UTF-8)")
        return None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:200].count(b"\0") > len(raw[:200]) // 3 > 0:
        ledger.error(file, "the table is encoded as UTF-16", "Save it as UTF-8 (in Excel: CSV UTF-8)")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = len((raw[: error.start] + b".").splitlines())
        ledger.error(
            file,
            "the table is not UTF-8; it looks like Latin-1 (Windows-1252)",
            "Save it as UTF-8 (in Excel: CSV UTF-8)",
            row=row,
            value=raw.splitlines()[row - 1].decode("latin-1")[:80],
        )
        return None
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        ledger.error(file, "the table has a NUL byte", "It is damaged or no text; export it again", row=row)
        return None
    if not text.strip():
        ledger.error(file, "the table is empty", "Add a header and rows")
        return None
    if text[:4].lower() == "sep=":
        rule, fix = "the first line is a note for Excel and no header", "Remove this line"
        ledger.error(file, rule, fix, row=1, value=text.splitlines()[0][:80])
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _delimiter(text: str) -> str:
    head = text.lstrip("\n").split("\n", 1)[0]
    return max((",", ";", "\t"), key=head.count)


def _records(text: str, delimiter: str, file: str, ledger: Ledger) -> list[tuple[int, list[str]]] | None:
    """Rows with the number of the line on which each begins; blank lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for record in reader:
            if record:
                records.append((start, record))
            start = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            ledger.error(
                file,
                f"a cell has more than {csv.field_size_limit():,} characters",
                "Shorten it; a quote that is never closed makes one cell of the rest of a table",
                row=start,
            )
            return None
        ledger.error(
            file,
            f"a quote is not closed or stands inside a cell ({error})",
            "Close the quote; a quote inside a quoted cell is written twice",
            row=start,
            value=text.split("\n")[start - 1][:80],
        )
        return None
    return records


def _check_header(file: str, row: int, names: list[str], required: list[str], ledger: Ledger) -> bool:
    before = len(ledger.errors)
    known = {fold(name) for name in required} & {fold(name) for name in names}
    if required and not known and not any(did_you_mean(name, names, "") for name in required):
        ledger.error(
            file,
            "the first row is not a header",
            f"Begin the table with the names of its columns: {', '.join(required)}",
            row=row,
            value=few(names),
        )
        return False
    seen: dict[str, str] = {}
    for name in names:
        if not name:
            ledger.error(
                file, "a column has no name", "Name it, or remove it (an exported row index)", row=row
            )
            continue
        twin = seen.get(fold(name))
        if twin is not None:
            how = "stands twice" if twin == name else f"differs from {twin!r} only by case or Unicode form"
            ledger.error(file, f"a column {how}", "Rename or remove one", row=row, column=name, value=name)
        seen.setdefault(fold(name), name)
    for name in required:
        if name not in names:
            others = [known for known in names if known and known not in required]
            fix = did_you_mean(name, others, f"Columns are: {', '.join(names[:20])}")
            ledger.error(file, "a required column is missing", fix, row=row, column=name)
    return len(ledger.errors) == before


def _regular(
    file: str, records: list[tuple[int, list[str]]], names: list[str], ledger: Ledger
) -> tuple[list[list[str]], list[int], frozenset[str]]:
    rows, numbers, empty = [], [], []
    refused: set[str] = set()
    for number, record in records:
        if len(record) != len(names):
            refused.update(cell.strip() for cell in record)
            ledger.error(
                file,
                f"the row has {len(record)} cells and the header {len(names)}",
                "Add or remove cells; text with a comma stands in quotes",
                row=number,
                value=",".join(record)[:80],
            )
        elif not any(cell.strip() for cell in record):
            empty.append(number)
        else:
            rows.append(record)
            numbers.append(number)
    if empty:
        ledger.warning(
            file, f"{len(empty)} row(s) have only empty cells and were left out", "Remove them", row=empty[0]
        )
    return rows, numbers, frozenset(refused)


def _trimmed(file: str, cells: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    # Over the whole table at once: a pass a column takes minutes for ten thousand of them.
    raw = cells.to_numpy(dtype=object)
    values = np.array([[cell.strip() for cell in row] for row in raw], dtype=object).reshape(raw.shape)
    trimmed = pd.DataFrame(values, index=cells.index, columns=cells.columns, dtype="str")
    changed = (raw != values).nonzero()
    if len(changed[0]):
        first = changed[0][0], changed[1][0]
        ledger.warning(
            file,
            f"{len(changed[0])} cell(s) have spaces around their text, which were removed",
            "Remove the spaces in the table",
            row=int(cells.index[first[0]]),
            column=str(cells.columns[first[1]]),
            value=str(cells.iat[first]),
        )
    return trimmed
