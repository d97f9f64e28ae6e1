"""`flask reopen` lets somebody in again after too many wrong codes."""

import pytest

from otpapp.extensions import db
from otpapp.models import Event
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, WRONG


def reopen(app, identifier: str):
    return app.test_cli_runner().invoke(args=["reopen", identifier])


@pytest.fixture
def overrides() -> dict:
    """A way in that closes soon."""
    return {"limit_failures_in_a_row": 3}


def test_a_way_in_that_was_closed_is_open_again(app, client, alice):
    client.ask(ALICE)
    for _ in range(3):
        client.answer(WRONG)
    assert client.answer(RFC_CODES[1]).status_code == 429
    result = reopen(app, " ALICE@example.org")
    assert (result.exit_code, result.output) == (
        0,
        "ALICE@example.org can sign in by code again.\n",
    )
    assert client.answer(RFC_CODES[1]).status_code == 303


def test_it_is_written_down(app, alice, clock):
    reopen(app, ALICE)
    with app.app_context():
        (event,) = db.session.query(Event)
        assert (event.kind, event.user_id, event.at) == (
            "codes.reopened",
            alice.user_id,
            clock.now,
        )
