"""A server that is killed at random moments loses nothing and lets nobody in twice (X47, A6)."""

import random
import time

import pytest
from sqlalchemy import Engine, text

from tests.helpers import invariants
from tests.helpers.served import Served
from tests.helpers.visitor import wait_for
from tests.hold.crowd import Crowd
from tests.hold.rush import get

KILLS = {"sqlite": 45, "postgresql": 15}
KILLS_IN_SOAK = 500
LONGEST_LIFE = 0.5  # seconds from the first answers to the kill
FIRST_ANSWERS = 4
_WAITING = text("SELECT count(*) FROM messages WHERE ended_at IS NULL")
_LEASES_END = text("UPDATE messages SET leased_until = NULL WHERE ended_at IS NULL")


def assert_sound(engine: Engine) -> None:
    """The file is whole, and all that must hold of it does."""
    assert invariants.broken(engine) == {}
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert not connection.execute(text("PRAGMA foreign_key_check")).all()


def assert_remembered(server: Served, crowd: Crowd, chance: random.Random) -> None:
    """Whoever was told to be in is in, and whoever was told to be out is out."""
    for cookies, status in ((crowd.signed_in, 200), (crowd.signed_out, 303)):
        known = list(cookies)
        newest, some = known[-5:], chance.sample(known[:-5], k=min(5, len(known[:-5])))
        assert {get(server, "/", one).status for one in newest + some} <= {status}


def drain(engine: Engine) -> None:
    """Have everything sent that still waits, as if the leases of the killed had ended."""
    with engine.begin() as connection:
        connection.execute(_LEASES_END)

    def nothing_waits() -> bool:
        with engine.connect() as connection:
            return connection.execute(_WAITING).scalar() == 0

    wait_for(nothing_waits, seconds=60)


@pytest.fixture
def workers() -> int:
    """Fewer start sooner."""
    return 2


@pytest.fixture
def chance(request) -> random.Random:
    """Random moments; the seed is printed with a failure."""
    seed = time.time_ns()
    print(f"seed {seed}")  # noqa: T201
    return random.Random(seed)


def test_a_server_that_is_killed_again_and_again(server, sink, engine, chance, soak):
    kills = KILLS_IN_SOAK if soak else KILLS[engine.dialect.name]
    with Crowd(server, sink, size=6) as crowd:
        for _ in range(kills):
            begun = crowd.steps
            wait_for(lambda begun=begun: crowd.steps >= begun + FIRST_ANSWERS)
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            server.kill()
            assert_sound(engine)
            server.start()
            assert get(server, "/sign-in", "").status == 200
            assert_remembered(server, crowd, chance)
    drain(engine)
    assert_sound(engine)
    codes = crowd.codes()
    assert crowd.faults == []
    assert {len(codes[address]) for address in crowd.asked} == {1}
    assert max(crowd.times_in.values()) == 1
    assert len(crowd.signed_in) > len(crowd.signed_out) > 0
