"""Whether the product is where the model is: who is signed in, what is kept, what was told."""

from collections import Counter

from sqlalchemy import Connection, Select, select

from otpapp.extensions import db
from otpapp.models import Challenge as ChallengeRow
from otpapp.models import Event, KnownBrowser, PendingSignIn, Tally, UserSession
from tests.helpers import invariants
from tests.hold.machine.model.factors import Proof
from tests.hold.machine.model.holders import Jar, Pending, Session
from tests.hold.machine.model.people import Challenge
from tests.hold.machine.seat import Seat
from tests.hold.machine.world import World
from tests.web.helpers import hold

CHALLENGES = select(
    ChallengeRow.user_id.is_(None),
    ChallengeRow.counter,
    ChallengeRow.digits,
    ChallengeRow.keep,
    ChallengeRow.tries,
    ChallengeRow.expires_at,
    ChallengeRow.answered_at,
    ChallengeRow.closed_at,
).order_by(ChallengeRow.id)
SESSIONS = select(
    UserSession.door,
    UserSession.expires_at,
    UserSession.seen_at,
    UserSession.ended_at.is_not(None),
    UserSession.proofs,
).order_by(UserSession.id)
PENDINGS = select(
    PendingSignIn.tries,
    PendingSignIn.expires_at,
    PendingSignIn.ended_at.is_not(None),
    PendingSignIn.proofs,
).order_by(PendingSignIn.id)
COUNTS = select(Tally.limit, Tally.times).where(Tally.limit != "failures_per_site", Tally.times > 0)
KNOWN = select(KnownBrowser.user_id, KnownBrowser.trusted_until).where(
    KnownBrowser.revoked_at.is_(None)
)
EVENTS = select(Event.id, Event.kind, Event.verdict)


class Comparer:
    """Compares after every step; remembers what was told before."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._event = self._told = self._turn = 0

    def compare(self, *, everywhere: bool) -> None:
        """See that all is as the model says; `everywhere` also at every browser, by newer keys too.

        Another browser or cookie is tried each time, the next in turn.
        """
        self._turn += 1
        seats, keys = self._world.seats, list(self._world.keys)
        halves = list(self._world.halves)
        doors = [*seats, *keys, *halves]
        in_turn = doors[self._turn % len(doors)]
        newer = [*seats, *keys[-4:], *halves[-2:], in_turn]
        for door in newer if everywhere else [in_turn]:
            try_door(self._world, door)
        with self._world.app.app_context(), db.engine.connect() as connection:
            self._compare_rows(connection)
            self._compare_trail(connection)
            found = invariants.broken(db.engine) if everywhere else {}
            assert found == {}, found

    def _compare_rows(self, connection: Connection) -> None:
        site = self._world.site
        assert connection.execute(CHALLENGES).all() == [_challenge(one) for one in site.challenges]
        assert _proved(connection, SESSIONS) == [_session(one) for one in site.sessions]
        assert _proved(connection, PENDINGS) == [_pending(one) for one in site.pendings]
        assert sorted(map(tuple, connection.execute(COUNTS))) == site.budgets.counts()
        known = Counter(map(tuple, connection.execute(KNOWN)))
        assert known == Counter(
            (person.user_id, one.trusted_until)
            for person, user in zip(self._world.people, site.users.values(), strict=True)
            for one in user.known.values()
        )

    def _compare_trail(self, connection: Connection) -> None:
        told = connection.execute(EVENTS.where(Event.id > self._event)).all()
        expected = self._world.site.trail[self._told :]
        assert sorted((kind, verdict) for _, kind, verdict in told) == sorted(expected)
        self._event = max([self._event, *(one.id for one in told)])
        self._told = len(self._world.site.trail)


def try_door(world: World, door: Seat | Session | Pending) -> None:
    """Come in at a browser, or elsewhere with what the holder of a session or half of one held."""
    if isinstance(door, Seat):
        world.leads_on(door.get("/"), door.jar)
    elif isinstance(door, Pending):
        hold(world.thief, world.halves[door])
        world.leads_on(world.thief.get("/"), Jar(pending=door))
    elif door.challenge.door == "api":
        world.lets_in(world.program.me(f"Bearer {world.keys[door]}"), door)
    else:
        hold(world.thief, world.keys[door])
        world.lets_in(world.thief.get("/"), door)


def _challenge(one: Challenge) -> tuple:
    kept = (one.user is None, one.counter, one.digits, one.keep, one.tries)
    return (*kept, one.expires, one.answered, one.closed)


def _session(one: Session) -> tuple:
    return (one.challenge.door, one.expires, one.seen, one.has_ended, list(one.proofs))


def _pending(one: Pending) -> tuple:
    return (one.tries, one.expires, one.has_ended, list(one.proofs))


def _proved(connection: Connection, query: Select) -> list[tuple]:
    """Return rows whose last column is what was proved."""
    return [
        (*row, [Proof(one.factor, one.at) for one in proofs])
        for *row, proofs in connection.execute(query)
    ]
