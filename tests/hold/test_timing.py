"""How long an answer takes tells nobody who has a user here (X13)."""

import random
import subprocess
import sys
from collections.abc import Iterator
from statistics import NormalDist, median
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from otpapp import create_app
from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import User
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
KINDS = ("known", "stranger", "disabled")
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
def sign_up(request) -> str:
    """Whether a stranger stays one, or becomes a user."""
    return request.param


@pytest.fixture
def known(server, either_new_url) -> None:
    """Every address but a stranger's belongs to a user, and some of these are disabled."""
    settings = make_settings(database_url=either_new_url)
    with create_app(settings).app_context(), transaction():
        for number in range(PAIRS * ROUNDS):
            for kind in ("known", "disabled"):
                address = identifiers.parse(address_of(kind, number), settings)
                owner = users.create(address, settings, utc_now())
                if kind == "disabled":
                    db.session.execute(
                        update(User).where(User.id == owner.user_id).values(disabled_at=utc_now())
                    )


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


def gaps(server, visitor: HttpVisitor, numbers: range) -> list[tuple[str, str, float, float]]:
    """Return for each step and kind how likely its gap is by chance, and that of the medians."""
    took: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
    for number in numbers:
        for kind in random.sample(KINDS, k=len(KINDS)):
            took[kind].append(seconds(server, visitor, address_of(kind, number)))
    known, *other_kinds = ((kind, zip(*took[kind], strict=True)) for kind in KINDS)
    of_known = list(known[1])
    return [
        (kind, step, mann_whitney(ones, others), median(ones) - median(others))
        for kind, of_kind in other_kinds
        for step, ones, others in zip(STEPS, of_known, of_kind, strict=True)
    ]


@pytest.mark.alone
@pytest.mark.parametrize(
    ("either_new_url", "sign_up"),
    [
        ("sqlite", "open"),
        ("sqlite", "invited"),
        pytest.param("postgresql", "invited", marks=pytest.mark.postgres),
    ],
    indirect=True,
)
def test_a_known_address_and_a_stranger_s_take_the_same_time(server, known):
    visitor = HttpVisitor(server)
    visitor.open("/sign-in")
    found = []
    for begin in range(0, PAIRS * ROUNDS, PAIRS):
        found = gaps(server, visitor, range(begin, begin + PAIRS))
        assert all(abs(gap) < LARGEST_GAP for *_, gap in found), found
        if all(chance > SIGNIFICANT for *_, chance, _ in found):
            return
    raise AssertionError(found)
