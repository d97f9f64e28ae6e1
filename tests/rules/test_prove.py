"""Typing a code: what one success does, and what failures cost."""

import re

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Event, Identifier, Tally, UserSession
from otpapp.rules import identifiers, sessions, sign_in
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import ALICE, HERE, STRANGER, count, trail


@pytest.fixture
def overrides() -> dict:
    """Few failures from one network, so that they are soon used up."""
    return {"limit_failures_per_ip": 4}


def failures() -> int:
    return db.session.scalar(select(Tally.times).where(Tally.limit == "failures_per_ip")) or 0


def test_the_right_code_starts_a_session_and_verifies_the_identifier(desk, alice):
    handle = desk.ask()
    desk.clock.advance(minutes=1)
    outcome = desk.prove(handle, desk.code(handle))
    assert (outcome.verdict, outcome.tries_left) == (Verdict.ACCEPTED, 0)
    signed_in = sessions.resume(outcome.token, "page", desk.clock.now)
    assert signed_in.user_id == alice.user_id
    assert signed_in.expires_at == outcome.arrival.expires_at
    assert db.session.scalars(select(Identifier.verified_at)).one() == desk.clock.now


def test_an_identifier_is_verified_by_its_first_code(desk, alice):
    desk.sign_in()
    first = desk.clock.now
    desk.clock.advance(minutes=2)
    desk.sign_in()
    assert db.session.scalars(select(Identifier.verified_at)).one() == first


def test_a_refused_code_starts_no_session_and_verifies_nothing(desk, alice):
    handle = desk.ask()
    outcome = desk.prove(handle, desk.wrong(handle))
    assert (outcome.verdict, outcome.token, outcome.tries_left) == (Verdict.WRONG, "", 4)
    assert count(UserSession) == 0
    assert db.session.scalars(select(Identifier.verified_at)).one() is None


def test_wrong_codes_from_one_network_are_limited_over_all_addresses(desk, alice):
    """X03."""
    for number in range(4):
        handle = desk.ask(f"{number}@example.org")
        assert desk.prove(handle, "000000").verdict is Verdict.WRONG
    handle = desk.ask()
    refused = desk.prove(handle, desk.code(handle))
    assert isinstance(refused, Limited)
    assert refused.limit == "failures_per_ip"
    assert desk.challenge(handle).tries == 0, "a limited answer costs no try"
    assert desk.prove(handle, desk.code(handle), ip="192.0.2.8").verdict is Verdict.ACCEPTED


def test_the_limit_of_failures_ends_after_an_hour(desk, alice):
    handle = desk.ask()
    for _ in range(4):
        desk.prove(handle, desk.wrong(handle))
    assert isinstance(desk.prove(handle, desk.wrong(handle)), Limited)
    desk.clock.advance(hours=1)
    assert desk.sign_in()


def test_a_success_gives_its_charge_back_but_not_those_of_failures(desk, alice):
    handle = desk.ask()
    desk.prove(handle, desk.wrong(handle))
    desk.prove(handle, desk.wrong(handle))
    assert desk.prove(handle, desk.code(handle)).verdict is Verdict.ACCEPTED
    assert failures() == 2


def test_a_code_that_ran_out_or_was_used_is_no_failure(desk, alice):
    handle = desk.ask()
    for _ in range(9):
        desk.prove(handle, desk.code(handle))
    late = desk.ask_later()
    desk.clock.advance(minutes=11)
    for _ in range(9):
        assert desk.prove(late, desk.code(late)).verdict is Verdict.EXPIRED
    assert failures() == 0


def test_every_outcome_is_one_event(desk, alice):
    """I7."""
    handle = desk.ask()
    desk.prove(handle, desk.wrong(handle))
    desk.prove(handle, desk.code(handle))
    desk.prove(handle, desk.code(handle))
    for _ in range(3):
        desk.prove(desk.ask_later(STRANGER), "000000")
    desk.prove(handle, "000000")
    told = [pair for pair in trail() if pair[0] != "code.asked"]
    assert told == [
        ("code.answered", "WRONG"),
        ("code.answered", "ACCEPTED"),
        ("session.started", ""),
        ("code.answered", "SPENT"),
        ("code.answered", "WRONG"),
        ("code.answered", "WRONG"),
        ("code.answered", "WRONG"),
        ("limit.reached", "LIMITED"),
    ]


def test_no_event_and_no_log_line_holds_a_code(desk, alice, caplog):
    """X32."""
    caplog.set_level("DEBUG", logger="otpapp")
    handle = desk.ask()
    codes = [desk.code(handle), "314159", "271828"]
    for code in reversed(codes):
        desk.prove(handle, code)
    rows = db.session.execute(select(Event.__table__)).all()
    assert len(rows) == 5
    assert len(caplog.records) >= 5
    for text in (*map(str, rows), caplog.text):
        assert not re.search(rf"(?<![0-9])({'|'.join(codes)})(?![0-9])", text), text


class TestWhereNoChallengeWaitsForAnAnswer:
    """A program without a challenge is answered, and may not probe for one without limit."""

    @pytest.fixture
    def prove_nothing(self, context, settings, clock):
        """Answer for Alice's address where no challenge of hers is open."""
        address = identifiers.parse(ALICE, settings)

        def prove_nothing(ip: str = HERE) -> Limited | None:
            with transaction():
                return sign_in.prove_nothing(address, Visitor(ip), settings, clock.now)

        return prove_nothing

    def test_it_is_told_as_an_answer_that_came_too_late(self, prove_nothing):
        assert prove_nothing() is None
        (event,) = db.session.scalars(select(Event))
        told = (event.kind, event.verdict, event.subject, event.ip)
        assert told == ("code.answered", "EXPIRED", ALICE, HERE)

    def test_it_counts_as_a_wrong_code_of_its_network(self, prove_nothing):
        assert [prove_nothing() for _ in range(4)] == [None] * 4
        assert prove_nothing().limit == "failures_per_ip"
        assert prove_nothing("192.0.2.8") is None
        assert trail()[4:] == [("limit.reached", "LIMITED"), ("code.answered", "EXPIRED")]
