"""The steps from a key and a counter to a code, as a page shows them; marked is what matters."""

from dataclasses import dataclass

from otpapp.otp import keys
from otpapp.otp.derivation import BLOCK, Derivation

LIT, CHANGED = "lit", "changed"


@dataclass(frozen=True)
class Cell:
    """A byte or a word of a step; `mark` says why a reader shall look at it."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Step:
    """One step: what it is called, what happens in it, and what comes out."""

    name: str
    says: str
    cells: list[Cell]
    then: list[Cell]


def steps(one: Derivation, other: Derivation | None = None) -> list[Step]:
    """Return the steps of a code; beside them those of `other`, its changes marked."""
    firsts = _shown(one, one)
    seconds = _shown(other, one) if other else [[] for _ in firsts]
    named = zip(_names(one), firsts, seconds, strict=True)
    return [Step(name, says, cells, then) for (name, says), cells, then in named]


def _names(one: Derivation) -> list[tuple[str, str]]:
    digits = len(one.code)
    return [
        ("Key, K", f"{len(one.key)} random bytes, which the server keeps sealed. Apps write them "
         "in base32, five bits a letter."),
        ("Key in bytes", "The same, two hexadecimal digits a byte."),
        ("Counter, C", "Each code takes the next. Eight bytes, the largest first."),
        ("Inner block", f"The key, zeros up to {BLOCK} bytes, each byte XOR 36 (ipad)."),
        ("Inner hash", "SHA-1 of the inner block and the counter: 20 bytes."),
        ("Outer block", f"The key, zeros up to {BLOCK} bytes, each byte XOR 5c (opad)."),
        ("HMAC-SHA-1", "SHA-1 of the outer block and the inner hash. The last four bits choose."),
        ("Offset", "Those four bits as a number: where to begin."),
        ("Four bytes", "From there on. Wherever the last nibble points, four bytes are left."),
        ("Top bit cleared", "So that no machine takes the number for a negative one."),
        ("As a number", "Below 2,147,483,648."),
        (f"Modulo 10^{digits}", f"What is left after dividing by {10**digits:,}."),
        ("The code", f"With zeros in front, if it has fewer than {digits} digits."),
    ]  # fmt: skip


def _shown(one: Derivation, before: Derivation) -> list[list[Cell]]:
    chosen = range(one.offset, one.offset + 4)
    cleared = one.truncated.to_bytes(4, "big")
    remainder = one.truncated % 10 ** len(one.code)
    return [
        [_cell(keys.groups(one.key), keys.groups(before.key))],
        _bytes(one.key, before.key),
        _bytes(one.message, before.message),
        _bytes(one.inner_block, before.inner_block),
        _bytes(one.inner_digest, before.inner_digest),
        _bytes(one.outer_block, before.outer_block),
        _bytes(one.digest, before.digest, [*chosen, len(one.digest) - 1]),
        [_cell(f"{one.offset:x} = {one.offset}", f"{before.offset:x} = {before.offset}")],
        _bytes(one.chosen, before.chosen),
        _bytes(cleared, before.truncated.to_bytes(4, "big"), [0]),
        [_cell(f"{one.truncated:,}", f"{before.truncated:,}")],
        [_cell(f"{remainder:,}", f"{before.truncated % 10 ** len(one.code):,}")],
        [_cell(one.code, before.code)],
    ]


def _cell(text: str, before: str) -> Cell:
    return Cell(text, CHANGED if text != before else "")


def _bytes(value: bytes, before: bytes, lit: list[int] | None = None) -> list[Cell]:
    marks = [LIT if place in (lit or []) else "" for place in range(len(value))]
    return [
        Cell(f"{byte:02x}", CHANGED if byte != old else mark)
        for byte, old, mark in zip(value, before, marks, strict=True)
    ]
