"""A file of people, read: whom each line means, or what is wrong with it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from otpapp.rules import identifiers, roles
from otpapp.rules.gate.rules import NAME
from otpapp.rules.identifiers import Address
from otpapp.rules.people import sheets
from otpapp.settings import Settings

COLUMNS = ("email", "phone", "groups", "role")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


class Cause(StrEnum):
    """Why a line cannot be done, beside an address that is none."""

    HEADER = "header"
    COLUMN = "column"
    UNREADABLE = "unreadable"
    CELLS = "cells"
    NOBODY = "nobody"
    GROUP = "group"
    ROLE = "role"
    TWICE = "twice"
    SAME_PERSON = "same_person"
    OTHERS = "others"
    LAST_ADMIN = "last_admin"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line, in which words of it; `other` is a line that it contradicts."""

    line: int
    cause: Cause | identifiers.Fault
    what: str = ""
    other: int = 0


@dataclass(frozen=True)
class Row:
    """One person of a file. No groups, or no role, leave those that they have."""

    line: int
    addresses: tuple[Address, ...]
    groups: frozenset[str] = frozenset()
    role: str = ""


@dataclass(frozen=True)
class Read:
    """What a file says, line by line, and what of it cannot be done."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read(text: str, settings: Settings) -> Read:
    """Return the people that a CSV text lists under a header, and the faults, each with its line.

    Columns are those of COLUMNS, in any order; the separator is the header's.
    """
    lines = [
        (number, line)
        for number, line in enumerate(_LINE_ENDS.split(text.removeprefix("\ufeff")), 1)
        if line.strip()
    ]
    number, header = lines[0] if lines else (1, "")
    separator = sheets.separator_of(header)
    names = [name.lower() for name in sheets.cells(header, separator) or ()]
    wrong = tuple(_faults_of_header(number, names))
    if wrong:
        return Read((), wrong)
    found = list(_lines(lines[1:], names, separator, settings))
    rows = tuple(one for one in found if isinstance(one, Row))
    return Read(rows, tuple(one for one in found if isinstance(one, Fault)))


def _faults_of_header(number: int, names: list[str]) -> Iterator[Fault]:
    if not {"email", "phone"} & set(names):
        yield Fault(number, Cause.HEADER)
        return
    for place, name in enumerate(names):
        if name not in COLUMNS or name in names[:place]:
            yield Fault(number, Cause.COLUMN, name)


def _lines(
    lines: Iterable[tuple[int, str]], names: list[str], separator: str, settings: Settings
) -> Iterator[Row | Fault]:
    seen: dict[str, int] = {}
    for number, line in lines:
        cells = sheets.cells(line, separator)
        if cells is None:
            yield Fault(number, Cause.UNREADABLE)
        elif any(cells):
            row = _row(number, cells, names, settings)
            yield _once(row, seen) if isinstance(row, Row) else row


def _row(number: int, cells: list[str], names: list[str], settings: Settings) -> Row | Fault:
    if any(cells[len(names) :]):
        return Fault(number, Cause.CELLS, cells[len(names)])
    named = dict(zip(names, cells, strict=False))
    role = named.get("role", "").lower()
    groups = frozenset(re.split(r"[\s;]+", named.get("groups", "").strip("; "))) - {""}
    bad = sorted(one for one in groups if not NAME.fullmatch(one))
    if role and role not in roles.ROLES:
        return Fault(number, Cause.ROLE, role)
    if bad:
        return Fault(number, Cause.GROUP, bad[0])
    found = _addresses(number, named, settings)
    return found if isinstance(found, Fault) else Row(number, found, groups, role)


def _addresses(
    number: int, named: Mapping[str, str], settings: Settings
) -> tuple[Address, ...] | Fault:
    """Return every address of a line, each once; a cell may hold several with ; between."""
    typed = [one for name in ("email", "phone") for one in named.get(name, "").split(";")]
    found: dict[str, Address] = {}
    for text in filter(str.strip, typed):
        address = identifiers.parse(text, settings)
        if isinstance(address, identifiers.Fault):
            return Fault(number, address, text.strip())
        found[address.key] = address
    return tuple(found.values()) or Fault(number, Cause.NOBODY)


def _once(row: Row, seen: dict[str, int]) -> Row | Fault:
    """Refuse a line whose address stood in one before."""
    for one in row.addresses:
        if one.key in seen:
            return Fault(row.line, Cause.TWICE, one.text, seen[one.key])
    seen.update((one.key, row.line) for one in row.addresses)
    return row
