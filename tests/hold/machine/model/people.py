"""Who there is, what they hold, and what they were sent."""

from base64 import b32encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from pyotp import HOTP

from otpapp.rules.verdicts import Verdict
from tests.hold.machine.model.budgets import LONG_AGO
from tests.hold.machine.model.factors import App, Paper

TRIES = 5
LIFETIME = timedelta(minutes=10)
SAME_CODE_WHILE = timedelta(minutes=3)  # when there is so much left, the same one is sent again
STEP = 50  # seconds that a time-based code lives
APART = timedelta(seconds=5)  # so far may the clocks of nodes be apart
NOBODYS_KEY = bytes(20)


@dataclass(eq=False)
class User:
    """Somebody who may sign in; `known` holds the browsers that did.

    `enrolled` counts the apps that they ever had.
    """

    address: str
    key: bytes
    counter: int = 0
    time_step: int = 0
    is_disabled: bool = False
    muted_until: datetime = LONG_AGO
    is_verified: bool = False
    known: dict[int, "Known"] = field(default_factory=dict)
    app: App | None = None
    paper: Paper = field(default_factory=Paper)
    enrolled: int = 0

    @property
    def factors(self) -> list[str]:
        """What they can prove besides a code that is sent."""
        if self.app is None:
            return []
        return ["totp", "recovery"] if self.paper.left else ["totp"]

    def take(self, factor: str, typed: str, now: datetime) -> Verdict:
        """Judge an answer to one of their factors."""
        return self.app.take(typed, now) if factor == "totp" else self.paper.take(typed)

    def trust_nothing(self) -> None:
        """Be asked for two proofs in every browser again."""
        for known in self.known.values():
            known.trusted_until = None


@dataclass(eq=False)
class Known:
    """Since when a browser is known; once it was revoked, it is known anew under another number."""

    since: datetime
    trusted_until: datetime | None = None
    number: int = field(default_factory=count().__next__)

    def is_trusted(self, now: datetime) -> bool:
        """Say whether one proof is enough here."""
        return self.trusted_until is not None and now < self.trusted_until


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from: a network, and a browser with a number or a program without."""

    network: str
    number: int | None = None

    def known_to(self, user: User | None) -> int | None:
        """Return under which number this user's budgets in this browser are; None elsewhere."""
        known = user.known.get(self.number) if user else None
        return known.number if known else None


@dataclass(eq=False)
class Challenge:
    """One request for a code; without a user it is a decoy."""

    address: str
    user: User | None
    digits: int
    made: datetime
    keep: bool = False
    door: str = "page"
    method: str = "counter"
    tries: int = 0
    closed: datetime | None = None
    answered: datetime | None = None

    def __post_init__(self) -> None:
        self.counter, self.expires = 0, self.made + LIFETIME
        if self.user:
            self.user.counter += 1
            self.counter = self.user.counter
        if self.method == "time":
            self.counter = int(self.made.timestamp()) // STEP
            self.expires = datetime.fromtimestamp((self.counter + 1) * STEP, self.made.tzinfo)

    @property
    def code(self) -> str:
        """The code that is sent; of a decoy, what a key of zeros would give."""
        key = self.user.key if self.user else NOBODYS_KEY
        return HOTP(b32encode(key).decode(), digits=self.digits).at(self.counter)

    def close(self, now: datetime) -> None:
        """End it; what was over already stays as it was."""
        self.closed = self.closed or now

    def is_open(self, now: datetime) -> bool:
        """Say whether the code can sign somebody in."""
        return self.has_never_ended and self.made - APART <= now < self.expires

    @property
    def has_never_ended(self) -> bool:
        """Say whether only the time can have made it end."""
        return not (self.answered or self.closed or self.tries >= TRIES)

    def is_right(self, typed: str) -> bool:
        """Say whether somebody who may sign in was sent just that."""
        return self.user is not None and not self.user.is_disabled and typed == self.code
