"""No table holds a code, a handle, a token or an open key, at any moment of a sign-in."""

import itertools
import re

import pytest
from sqlalchemy import select

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.otp import hotp
from otpapp.rules import challenges, sign_in
from otpapp.rules.asks import Ask
from otpapp.rules.identifiers import Address
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.helpers.people import RFC_KEY

HANDLE = "a handle that only the asking browser holds"
HERE = Visitor("192.0.2.7", "Firefox on Linux")
SECRETS = (HANDLE.encode(), RFC_KEY)


@pytest.fixture(params=[6, 8])
def overrides(request) -> dict:
    """Codes of the usual and of the greatest length."""
    return {"code_digits": request.param}


def every_value() -> list[bytes]:
    """Return every value of every row of every table; bytes raw, all else as text."""
    db.session.rollback()
    tables = db.metadata.sorted_tables
    rows = itertools.chain.from_iterable(db.session.execute(select(one)).all() for one in tables)
    values = [value for row in rows for value in row]
    return [value if isinstance(value, bytes) else str(value).encode() for value in values]


def assert_nowhere(code: str, *secrets: bytes) -> None:
    """Fail if a value holds `code` as a number of its own, or any of `secrets` at all."""
    alone = re.compile(rb"(?<![0-9])" + code.encode() + rb"(?![0-9])")
    for value in every_value():
        assert not alone.search(value), value
        assert not any(secret in value or secret.hex().encode() in value for secret in secrets)


@pytest.mark.parametrize("method", ["counter", "time"])
def test_no_row_holds_the_code_or_what_opens_something(app, alice, settings, mailbox, method):
    ask = Ask(Address("email", alice.address, alice.address), HERE, HANDLE, method=method)
    with app.app_context():
        with transaction():
            counter = sign_in.begin(ask, (), settings, utc_now()).challenge.counter
        code = hotp.code(RFC_KEY, counter, settings.code_digits)
        assert_nowhere(code, *SECRETS)
    assert mailbox.code_for(alice.address) == code
    with app.app_context():
        assert_nowhere(code, *SECRETS)
        with transaction():
            challenge = challenges.find(HANDLE)
            outcome = sign_in.prove(challenge, code, HERE, settings, utc_now())
        assert_nowhere(code, *SECRETS, outcome.token.encode())


def test_this_search_finds_what_is_there(context, alice):
    assert any(alice.address.encode() in value for value in every_value())
