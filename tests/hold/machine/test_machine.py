"""Whatever is done, in whatever order, the product does what the model says (A3).

A failure prints its steps, and a line that brings it back when put before the class `Here`.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from tests.hold.machine.backstage import COMPILED
from tests.hold.machine.rules import Machine
from tests.hold.machine.world import World

MEMORY = Path("/dev/shm")  # noqa: S108 - only a database of made-up people
ROUNDS = {"sqlite": 5, "postgresql": 2}
MANY = 1_000_000
ROOMY = {
    "limit_sends_per_identifier": MANY,
    "limit_sends_per_identifier_per_day": MANY,
    "limit_sends_per_ip": MANY,
    "limit_sends_per_site": MANY,
    "limit_failures_per_ip": MANY,
}
NARROW = {
    "limit_sends_per_identifier": 3,
    "limit_sends_per_identifier_per_day": 6,
    "limit_sends_per_ip": 8,
    "limit_sends_per_site": 3,
    "limit_failures_per_ip": 10,
    "limit_failures_per_user": 6,
    "limit_failures_per_known_browser": 3,
    "limit_failures_in_a_row": 12,
}
# Ten at a time: of more, Hypothesis makes five in six by changing one step of another.
TEN = hypothesis_settings(
    max_examples=10,
    stateful_step_count=50,
    deadline=None,
    derandomize=False,
    print_blob=True,
    report_multiple_bugs=False,
    phases=[Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def sqlite_url(tmp_path) -> Iterator[str]:
    """An empty file in memory: how long a disk takes is not what is tried here."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path) as folder:
        yield f"sqlite:///{folder}/otpapp.sqlite3"


@pytest.fixture
def database_url(either_database) -> str:
    """The machine runs on both."""
    return either_database


@pytest.fixture(
    params=[ROOMY, NARROW, {**ROOMY, "proofs": "two"}], ids=["roomy", "narrow", "two proofs"]
)
def overrides(request) -> dict:
    """Limits on sending that never bite, limits of every kind that often do, two proofs always."""
    return {**request.param, "limit_failures_per_site": MANY}


def test_the_product_does_what_the_model_says(app, settings, clock, soak):
    app.jinja_env.bytecode_cache = COMPILED

    class Here(Machine):
        def __init__(self) -> None:
            super().__init__(World(app, settings, clock))

    rounds = ROUNDS[settings.database_url.partition(":")[0]] * (100 if soak else 1)
    for _ in range(rounds):
        run_state_machine_as_test(Here, settings=TEN)
