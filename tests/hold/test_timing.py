"""How long an answer takes tells nobody who has a user here (X13)."""

import random
import subprocess
import sys
from collections.abc import Iterator
from statistics import NormalDist, median
from types import SimpleNamespace

import pytest

from otpapp import create_app
from otpapp.clock import utc_now
from otpapp.rules import identifiers, users
from otpapp.transaction import transaction
from tests.conftest import make_settings
from tests.helpers.mailbox import free_port
from tests.helpers.visitor import HttpVisitor
from tests.hold.rush import Answer, get, post

PAIRS = 300
ROUNDS = 3  # chance alone makes one look significant now and then, but not three in a row
SIGNIFICANT = 0.01
LARGEST_GAP = 0.005  # seconds; between the medians
KINDS = ("known", "stranger")
STEPS = ("ask", "answer", "resend", "api")


@pytest.fixture
def workers() -> int:
    """One process, whose sender thread works beside the pages as it does in life."""
    return 1


@pytest.fixture
def sink() -> Iterator[SimpleNamespace]:
    """A mail server in a process of its own: what it costs is not to be felt in this one."""
    port = free_port()
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "-c", "aiosmtpd.handlers.Sink"])
    yield SimpleNamespace(port=port)
    process.kill()
    process.wait()


@pytest.fixture
def sign_up(either_new_url) -> str:
    """On one database a stranger stays one, on the other they become a user."""
    return "open" if either_new_url.startswith("sqlite") else "invited"


@pytest.fixture
def known(server, either_new_url) -> None:
    """Every address of the first kind belongs to a user."""
    settings = make_settings(database_url=either_new_url)
    with create_app(settings).app_context(), transaction():
        for number in range(PAIRS * ROUNDS):
            address = identifiers.parse(address_of(KINDS[0], number), settings)
            assert users.create(address, settings, utc_now())


def address_of(kind: str, number: int) -> str:
    return f"{kind[0]}{number}@example.org"


def seconds(server, visitor: HttpVisitor, address: str) -> list[float]:
    """Walk through all that takes an address; return how long each answer took."""
    entry, cookie = {**visitor.form("/sign-in"), "identifier": address}, visitor.cookie
    asked = post(server, "/sign-in", entry, cookie)
    wrong = {**entry, "code": "000000", "ref": asked.location.rpartition("=")[2]}
    answers: list[Answer] = [
        asked,
        post(server, "/sign-in/code", wrong, asked.cookie),
        post(server, "/sign-in/code/resend", wrong, asked.cookie),
        get(server, f"/verify/api-{address}/", ""),
    ]
    assert [one.status for one in answers] == [303, 422, 429, 200]
    return [one.took for one in answers]


def mann_whitney(ones: list[float], others: list[float]) -> float:
    """Return how likely such a difference is by chance (two-sided U test, normal approximation)."""
    order = sorted(
        (value, which) for which, values in enumerate((ones, others)) for value in values
    )
    ranks = sum(rank for rank, (_, which) in enumerate(order, start=1) if which == 0)
    n, m = len(ones), len(others)
    spread = (n * m * (n + m + 1) / 12) ** 0.5
    z = (ranks - n * (n + m + 1) / 2) / spread
    return 2 * (1 - NormalDist().cdf(abs(z)))


def test_the_u_test_sees_a_gap_and_only_a_gap():
    chance = random.Random(1)
    ones, others = ([chance.expovariate(100) for _ in range(PAIRS)] for _ in range(2))
    assert mann_whitney(ones, others) > SIGNIFICANT
    assert mann_whitney(ones, [value + 0.003 for value in others]) < SIGNIFICANT


def gaps(server, visitor: HttpVisitor, numbers: range) -> list[tuple[str, float, float]]:
    """Return for each step how likely its gap is by chance, and the gap of the medians."""
    took: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
    for number in numbers:
        for kind in random.sample(KINDS, k=2):
            took[kind].append(seconds(server, visitor, address_of(kind, number)))
    known, stranger = (zip(*took[kind], strict=True) for kind in KINDS)
    return [
        (step, mann_whitney(ones, others), median(ones) - median(others))
        for step, ones, others in zip(STEPS, known, stranger, strict=True)
    ]


def test_a_known_address_and_a_stranger_s_take_the_same_time(server, known):
    visitor = HttpVisitor(server)
    visitor.open("/sign-in")
    found = []
    for begin in range(0, PAIRS * ROUNDS, PAIRS):
        found = gaps(server, visitor, range(begin, begin + PAIRS))
        assert all(abs(gap) < LARGEST_GAP for _, _, gap in found), found
        if all(chance > SIGNIFICANT for _, chance, _ in found):
            return
    raise AssertionError(found)
