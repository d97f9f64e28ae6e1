"""Whether the product is where the model is: who is signed in, what is kept, what was told."""

from sqlalchemy import Connection, select

from otpapp.extensions import db
from otpapp.models import Challenge as ChallengeRow
from otpapp.models import Event, KnownBrowser, Tally, UserSession
from tests.helpers import invariants
from tests.hold.machine.model.people import Challenge, Session
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
).order_by(UserSession.id)
COUNTS = select(Tally.limit, Tally.times).where(Tally.limit != "failures_per_site", Tally.times > 0)
KNOWN = select(KnownBrowser.user_id).where(KnownBrowser.revoked_at.is_(None))
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
        in_turn = [*seats, *keys][self._turn % (len(seats) + len(keys))]
        for door in [*seats, *keys[-4:], in_turn] if everywhere else [in_turn]:
            try_door(self._world, door)
        with self._world.app.app_context(), db.engine.connect() as connection:
            self._compare_rows(connection)
            self._compare_trail(connection)
            assert not everywhere or invariants.broken(db.engine) == {}

    def _compare_rows(self, connection: Connection) -> None:
        site = self._world.site
        assert connection.execute(CHALLENGES).all() == [_challenge(one) for one in site.challenges]
        assert connection.execute(SESSIONS).all() == [_session(one) for one in site.sessions]
        assert sorted(map(tuple, connection.execute(COUNTS))) == site.budgets.counts()
        known = sorted(connection.scalars(KNOWN))
        assert known == sorted(
            person.user_id
            for person, user in zip(self._world.people, site.users.values(), strict=True)
            for _ in user.known
        )

    def _compare_trail(self, connection: Connection) -> None:
        told = connection.execute(EVENTS.where(Event.id > self._event)).all()
        expected = self._world.site.trail[self._told :]
        assert sorted((kind, verdict) for _, kind, verdict in told) == sorted(expected)
        self._event = max([self._event, *(one.id for one in told)])
        self._told = len(self._world.site.trail)


def try_door(world: World, door: Seat | Session) -> None:
    """Come in at a browser, or elsewhere with the cookie or token of a session, ended or not."""
    if isinstance(door, Seat):
        world.lets_in(door.get("/"), door.jar.session)
    elif door.challenge.door == "api":
        world.lets_in(world.program.me(f"Bearer {world.keys[door]}"), door)
    else:
        hold(world.thief, world.keys[door])
        world.lets_in(world.thief.get("/"), door)


def _challenge(one: Challenge) -> tuple:
    kept = (one.user is None, one.counter, one.digits, one.keep, one.tries)
    return (*kept, one.expires, one.answered, one.closed)


def _session(one: Session) -> tuple:
    return (one.challenge.door, one.expires, one.seen, one.has_ended)
