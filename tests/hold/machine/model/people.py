"""Who there is, what they were sent, and where they are signed in."""

from base64 import b32encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from pyotp import HOTP

from tests.hold.machine.model.budgets import DAY, HOUR, LONG_AGO, MINUTE

TRIES = 5
LIFETIME = timedelta(minutes=10)
SAME_CODE_WHILE = timedelta(minutes=3)  # when there is so much left, the same one is sent again
STEP = 50  # seconds that a time-based code lives
APART = timedelta(seconds=5)  # so far may the clocks of nodes be apart
SET_BACK = timedelta(minutes=2)  # by so much may a clock be set back, and nobody is signed out
NOBODYS_KEY = bytes(20)


@dataclass(eq=False)
class User:
    """Somebody who may sign in; `known` holds the browsers that did."""

    address: str
    key: bytes
    counter: int = 0
    time_step: int = 0
    is_disabled: bool = False
    muted_until: datetime = LONG_AGO
    known: dict[int, "Known"] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """Since when a browser is known; once it was revoked, it is known anew under another number."""

    since: datetime
    number: int = field(default_factory=count().__next__)


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


@dataclass(eq=False)
class Session:
    """A signed-in browser or program."""

    challenge: Challenge
    started: datetime
    has_ended: bool = False

    def __post_init__(self) -> None:
        keep = self.challenge.keep
        self.seen, self.user = self.started, self.challenge.user
        self.expires = self.started + (30 * DAY if keep else 12 * HOUR)
        self.idle = 7 * DAY if keep else HOUR

    def is_open(self, now: datetime) -> bool:
        """Say whether it lets its holder in."""
        is_over = self.has_ended or self.user.is_disabled
        is_its_time = self.started - SET_BACK <= now < min(self.expires, self.seen + self.idle)
        return is_its_time and not is_over

    def use(self, now: datetime) -> bool:
        """Come with it; whoever is let in has the idle time anew."""
        is_open = self.is_open(now)
        if is_open and not self.seen - SET_BACK <= now < self.seen + MINUTE:
            self.seen = now
        return is_open


@dataclass(eq=False)
class Jar:
    """What the cookie of a browser holds: challenges by reference, the newest last."""

    held: dict[str, Challenge] = field(default_factory=dict)
    session: Session | None = None
    secret: object | None = None

    def hold(self, reference: str, challenge: Challenge) -> None:
        """Keep one more; there is room for ten."""
        kept = [
            (name, one)
            for name, one in self.held.items()
            if name != reference and one is not challenge
        ]
        self.held = dict([*kept, (reference, challenge)][-10:])
