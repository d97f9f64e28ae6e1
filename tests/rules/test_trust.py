"""Trusted browsers: no second proof for 30 days, until a factor changes."""

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Credential, KnownBrowser, Proof, UserSession
from otpapp.rules import identifiers, known_browsers, pending, second, sign_in, users
from otpapp.rules.factors import changes, hotp, totp
from otpapp.rules.verdicts import Verdict
from otpapp.transaction import transaction
from tests.helpers.people import RFC_CODES, RFC_KEY
from tests.rules.factors_desk import (
    App,
    answer,
    arrival,
    enrol_app,
    half_way,
    make_recovery_codes,
    somebody,
)


@pytest.fixture
def app_of_alice(desk, alice) -> App:
    """Alice's authenticator app."""
    return enrol_app(desk, alice.user_id)


def trust(desk, app, browser: str = "laptop") -> None:
    """Sign Alice in with both proofs and have this browser trusted."""
    token = half_way(desk, known=browser)
    arrival(answer(desk, token, "totp", app.code(), known=browser, trust=True))


def needs_one(desk, browser: str = "laptop") -> bool:
    """Say whether one proof is enough in this browser."""
    desk.clock.advance(minutes=2)
    handle = desk.ask(known=browser)
    return bool(desk.prove(handle, desk.code(handle), known=browser).token)


def test_a_trusted_browser_asks_for_one_proof_and_the_session_says_so(desk, app_of_alice):
    trust(desk, app_of_alice)
    assert needs_one(desk)
    newest = db.session.scalars(select(UserSession).order_by(UserSession.id.desc())).first()
    assert [proof.factor for proof in newest.proofs] == ["email", "browser"]


def test_trust_is_asked_for(desk, app_of_alice):
    arrival(
        answer(desk, half_way(desk, known="laptop"), "totp", app_of_alice.code(), known="laptop")
    )
    assert not needs_one(desk)


def test_a_browser_that_was_known_before_can_be_trusted_later(desk, app_of_alice):
    for asked in (False, True):
        token = half_way(desk, known="laptop")
        arrival(answer(desk, token, "totp", app_of_alice.code(), known="laptop", trust=asked))
    assert needs_one(desk)


def test_trust_is_for_one_browser(desk, app_of_alice):
    trust(desk, app_of_alice)
    assert not needs_one(desk, "phone")


def test_trust_is_for_one_person(desk, app_of_alice):
    """Who uses the same browser is asked for their own second proof."""
    trust(desk, app_of_alice)
    with transaction():
        address = identifiers.parse("dora@example.org", desk.settings)
        dora = users.create(address, desk.settings, desk.clock.now)
    enrol_app(desk, dora.user_id)
    desk.clock.advance(minutes=2)
    handle = desk.ask("dora@example.org", known="laptop")
    assert not desk.prove(handle, desk.code(handle), known="laptop").token


def test_trust_ends_after_30_days_and_is_not_prolonged_by_use(desk, app_of_alice):
    trust(desk, app_of_alice)
    desk.clock.advance(days=29)
    assert needs_one(desk)
    desk.clock.advance(days=1)
    assert not needs_one(desk)


def test_a_new_factor_ends_it(desk, alice, app_of_alice):
    trust(desk, app_of_alice)
    with transaction():
        changes.enrolled(alice.user_id, "totp", "Tablet", somebody(), desk.settings, desk.clock.now)
    assert not needs_one(desk)


def test_a_factor_that_is_removed_ends_it(desk, alice, app_of_alice):
    other = enrol_app(desk, alice.user_id)
    trust(desk, app_of_alice)
    with transaction():
        assert changes.remove(
            db.session.get(Credential, other.number), somebody(), desk.settings, desk.clock.now
        )
    assert not needs_one(desk)


def test_forgetting_all_browsers_ends_it(desk, alice, app_of_alice):
    trust(desk, app_of_alice)
    with transaction():
        known_browsers.revoke_all(alice.user_id, desk.clock.now)
    assert not needs_one(desk)


def test_trusted_browsers_are_listed_and_end_one_by_one(desk, alice, bob, app_of_alice):
    for browser in ("laptop", "phone"):
        trust(desk, app_of_alice, browser)
    first, other = known_browsers.trusted(alice.user_id, desk.clock.now)
    assert first.trusted_until > desk.clock.now
    with transaction():
        assert known_browsers.distrust(bob.user_id, first.id) == 0
        assert known_browsers.distrust(alice.user_id, first.id) == 1
    assert [one.id for one in known_browsers.trusted(alice.user_id, desk.clock.now)] == [other.id]
    assert not needs_one(desk, "laptop")
    assert needs_one(desk, "phone")


def test_a_recovery_code_makes_no_browser_trusted(desk, alice, app_of_alice):
    codes = make_recovery_codes(desk, alice.user_id)
    token = half_way(desk, known="laptop")
    arrival(answer(desk, token, "recovery", codes[0], known="laptop", trust=True))
    assert db.session.scalars(select(KnownBrowser.trusted_until)).all() == [None]


def test_where_a_passkey_is_demanded_no_browser_is_trusted(desk, alice, app_of_alice):
    trust(desk, app_of_alice)
    desk.use(proofs="passkey")
    assert not needs_one(desk)


@pytest.mark.parametrize(("proofs", "may"), [("one", False), ("two", True), ("passkey", False)])
def test_trust_is_offered_only_where_two_proofs_are_demanded(desk, alice, proofs, may):
    with transaction():
        shown = (Proof("email", desk.clock.now),)
        token = pending.start(alice.user_id, None, shown, False, "", desk.clock.now)
    desk.use(proofs=proofs)
    held = pending.resume(token, desk.clock.now)
    assert sign_in.may_trust(held, desk.settings) is may


def test_a_counter_token_makes_a_browser_trusted_as_an_app_does(desk, alice):
    with transaction():
        args = (RFC_KEY, RFC_CODES[:2], "Key ring", desk.settings, desk.clock.now)
        hotp.enrol(alice.user_id, *args)
    token = half_way(desk, known="laptop")
    arrival(answer(desk, token, "hotp", RFC_CODES[2], known="laptop", trust=True))
    assert needs_one(desk)


def test_a_browser_is_trusted_only_by_who_says_so(desk, alice, app_of_alice):
    held = pending.resume(half_way(desk), desk.clock.now)
    step = (desk.visitor(), desk.settings, desk.clock.now)
    match = totp.verify(alice.user_id, app_of_alice.code(), *step[1:])
    with transaction():
        charged = second.charge(held, "totp", *step)
        answered = second.settle(held, charged, match, *step)
    assert (answered.verdict, answered.tries_left) == (Verdict.ACCEPTED, 0)
    held = pending.resume(half_way(desk), desk.clock.now)
    with transaction():
        second.forward(held, Proof("totp", desk.clock.now), *step[:2], desk.clock.now)
    assert set(db.session.scalars(select(KnownBrowser.trusted_until))) == {None}
