"""How long a text message is, as networks count and charge it (3GPP TS 23.038, TS 23.040)."""

from dataclasses import dataclass

from otpapp.delivery.codes import GSM_7

TWICE = frozenset("^{}\\[~]|€\f")  # letters of GSM-7 that take the room of two (section 6.2.1.1)
# Room in one message, and in each of several, which need a header of their own.
GSM_ROOM, UCS_ROOM = (160, 153), (70, 67)


@dataclass(frozen=True)
class Length:
    """The room that a text takes, in letters of its coding, and how many messages that is."""

    letters: int
    coding: str
    messages: int


def length(body: str) -> Length:
    """Return how long `body` is; one letter that GSM-7 lacks makes all of it UCS-2."""
    if (GSM_7 | TWICE).issuperset(body):
        letters = len(body) + sum(one in TWICE for one in body)
        return Length(letters, "GSM-7", _messages(letters, *GSM_ROOM))
    letters = len(body.encode("utf-16-be")) // 2
    return Length(letters, "UCS-2", _messages(letters, *UCS_ROOM))


def _messages(letters: int, alone: int, together: int) -> int:
    return 1 if letters <= alone else -(-letters // together)
