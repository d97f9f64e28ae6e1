"""Who is signed in, or half signed in, and what the cookie of a browser holds."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.hold.machine.model.budgets import DAY, HOUR, MINUTE
from tests.hold.machine.model.factors import MOST_TRIES, Proof
from tests.hold.machine.model.people import Challenge

HALF_WAY_LASTS = timedelta(minutes=30)
SET_BACK = timedelta(minutes=2)  # by so much may a clock be set back, and nobody is signed out


@dataclass(eq=False)
class Session:
    """A signed-in browser or program; `key` counts the tokens that it had, the newest is good."""

    challenge: Challenge
    started: datetime
    proofs: tuple[Proof, ...]
    has_ended: bool = False
    key: int = 0

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

    def step_up(self, proof: Proof) -> None:
        """Rest on one more proof, and have a new token."""
        self.proofs = (*(one for one in self.proofs if one.factor != proof.factor), proof)
        self.key += 1


@dataclass(eq=False)
class Pending:
    """A half-signed-in browser."""

    challenge: Challenge
    started: datetime
    proofs: tuple[Proof, ...]
    tries: int = 0
    has_ended: bool = False

    def __post_init__(self) -> None:
        self.user, self.expires = self.challenge.user, self.started + HALF_WAY_LASTS

    def is_open(self, now: datetime) -> bool:
        """Say whether one more proof can be added."""
        is_its_time = self.started - SET_BACK <= now < self.expires
        return is_its_time and not (self.has_ended or self.user.is_disabled)

    def take_try(self) -> bool:
        """Have one try less; False if there was none."""
        self.tries, had_one = min(self.tries + 1, MOST_TRIES), self.tries < MOST_TRIES
        return had_one


@dataclass(eq=False)
class Jar:
    """What the cookie of a browser holds: challenges by reference, the newest last.

    It holds the token of a session that `key` numbers, or that of a sign-in under way.
    """

    held: dict[str, Challenge] = field(default_factory=dict)
    session: Session | None = None
    key: int = 0
    pending: Pending | None = None
    secret: object | None = None

    @property
    def opens(self) -> Session | None:
        """The session whose present token this is."""
        return self.session if self.session and self.session.key == self.key else None

    def half_way(self, now: datetime) -> Pending | None:
        """Return the sign-in that is under way here."""
        return self.pending if self.pending and self.pending.is_open(now) else None

    def hold(self, reference: str, challenge: Challenge) -> None:
        """Keep one more; there is room for ten."""
        kept = [
            (name, one)
            for name, one in self.held.items()
            if name != reference and one is not challenge
        ]
        self.held = dict([*kept, (reference, challenge)][-10:])
