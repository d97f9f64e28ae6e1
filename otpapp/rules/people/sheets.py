"""Tables for spreadsheets, in which no cell is taken for a formula, and lines read back."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

SEPARATORS = ",;\t"
# What spreadsheets begin to calculate with; an apostrophe before it says that it is text (OWASP).
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def write(rows: Iterable[Sequence[str]]) -> str:
    """Return the CSV text of these rows, to be opened by a spreadsheet or read back."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def guarded(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it is, whoever chose what stands in it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """Return what `guarded` was given, without blanks around it."""
    text = cell.strip()
    return text[1:] if _GUARDED.match(text) else text


def separator_of(header: str) -> str:
    """Return what stands between the cells of a file that begins with this line."""
    return max(SEPARATORS, key=header.count)


def cells(line: str, separator: str) -> list[str] | None:
    """Return the cells of one line; None where it cannot be read as one.

    Each line by itself: a lost quotation mark shall not swallow all that follow.
    """
    try:
        read = csv.reader([line], delimiter=separator, strict=True, skipinitialspace=True)
        return [plain(cell) for cell in next(read)]
    except csv.Error:
        return None
