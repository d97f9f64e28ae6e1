"""The log: one line a record, with the ids of the trail, and nothing that a visitor could forge."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from otpapp import logs
from otpapp.models import Identifier
from otpapp.transaction import execute, transaction
from tests.conftest import make_settings
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, WRONG, rows

PAYLOADS = ["\r\nFAKE", "\n", "\x1b[2J", "\x00", "\u2028x", "\x85", "\u202e", "\ud800"]
log = logging.getLogger("otpapp.test")


@pytest.fixture(params=["production", "development"])
def mode(request) -> str:
    return request.param


@pytest.fixture
def printed(mode) -> Iterator[io.StringIO]:
    """What a server in this mode prints."""
    ours = logging.getLogger("otpapp")
    before = ours.handlers, ours.level, ours.propagate
    stream = io.StringIO()
    logs.configure(make_settings(mode=mode), stream)
    yield stream
    ours.handlers, ours.level, ours.propagate = before


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
@pytest.mark.parametrize("formatter", [logs.JsonLines(), logs.PlainLines()], ids=["json", "plain"])
def test_what_a_visitor_sends_stays_on_one_line(formatter, payload):
    """X33; made by hand, since no record with half a surrogate can be passed between processes."""
    sent = f"before{payload}after"
    record = logging.LogRecord("otpapp.test", logging.WARNING, "", 1, "odd: %s", (sent,), None)
    record.fields = {"ip": f"1{payload}2"}
    line = formatter.format(record)
    assert line.isprintable()
    assert "before" in line and "after" in line
    assert "FAKE" not in line or "\\nFAKE" in line


def test_a_fault_is_shown_with_its_trace(printed, mode):
    try:
        raise ZeroDivisionError("of the test")
    except ZeroDivisionError:
        log.exception("it broke")
    text = printed.getvalue()
    assert "it broke" in text
    assert "ZeroDivisionError: of the test" in text
    assert (text.count("\n") == 1) == (mode == "production")


class TestAFailedStatement:
    """It is shown without what it would have written."""

    @pytest.fixture
    def database_url(self, either_database) -> str:
        """PostgreSQL says more of it than SQLite."""
        return either_database

    def test_is_shown_with_its_cause_and_without_its_values(self, printed, context):
        """X32."""
        try:
            with transaction():
                execute(insert(Identifier), {"key": ALICE, "address": ALICE})
        except IntegrityError as error:
            try:
                raise LookupError("of the test") from error
            except LookupError:
                log.exception("it broke")
        text = printed.getvalue()
        assert "INSERT INTO identifiers" in text
        assert "user_id" in text
        assert text.index("IntegrityError: (") < text.index("LookupError: of the test")
        assert "test_logs.py" in text
        assert ALICE not in text


@pytest.mark.parametrize("mode", ["production"], indirect=False)
def test_a_sign_in_leaves_the_ids_of_the_trail_and_no_address_and_no_code(
    mode, printed, client, app, alice, mailbox
):
    client.ask(ALICE)
    mailbox.deliver()
    client.answer(WRONG)
    client.answer(RFC_CODES[1])
    lines = [json.loads(line) for line in printed.getvalue().splitlines()]
    trail = rows(app)["events"]
    assert [line["message"] for line in lines] == [event.kind for event in trail]
    assert [line["challenge"] for line in lines] == [event.challenge_id for event in trail]
    assert {line["user"] for line in lines} == {str(alice.user_id)}
    assert [line["verdict"] for line in lines if line["message"] == "code.answered"] == [
        "WRONG",
        "ACCEPTED",
    ]
    for line in lines:
        assert line["level"] == "INFO"
        assert line["at"].endswith("+00:00")
    assert ALICE not in printed.getvalue()
    assert RFC_CODES[1] not in printed.getvalue()
