"""What a transport carries, and how it says that it could not."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Mail:
    """One mail, ready to go; `repr` shows no part that could hold a code."""

    to: str
    message_id: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    headers: dict[str, str] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class TextMessage:
    """One text message: an E.164 number and at most 160 GSM-7 characters."""

    to: str
    body: str = field(repr=False)


class NotSent(Exception):
    """A message was not handed over.

    The text says why in words that hold nothing of the message and nothing the server said, as
    servers quote what they refuse (X32). `said` is the server's own text, for `send-test` only.
    `final` means that trying again cannot help; `is_ours` that our own server cannot be reached or
    takes nothing from us, whoever the receiver; `may_have_arrived` that only the answer is missing.
    """

    def __init__(self, words: str, *, said: str = "", final: bool = False) -> None:
        super().__init__(words)
        self.said = said
        self.final = final
        self.is_ours = False
        self.may_have_arrived = False


class Transport(Protocol):
    """Hands parcels over, one at a time, within a bounded time."""

    def send(self, parcel: Mail | TextMessage, seconds: float, /) -> None:
        """Hand `parcel` over within so many seconds, or raise NotSent."""

    def probe(self, parcel: Mail | TextMessage, seconds: float, /) -> None:
        """Raise NotSent if such a parcel could not be handed over now, whoever the receiver.

        Decoys are handled by this, so it does all that `send` does before naming a receiver.
        """

    def close(self) -> None:
        """Let go of what is kept open."""
