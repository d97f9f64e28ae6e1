"""Passkeys: every check that the library leaves to us, violated one at a time (W1 to W9)."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update

from otpapp.extensions import db
from otpapp.models import Credential, Event, Identifier, Message, Tally, User, UserSession
from otpapp.rules import holdings, readiness, second, sessions, sign_in
from otpapp.rules.factors import credentials, passkey
from otpapp.rules.factors.ceremonies import Wish
from otpapp.rules.factors.credentials import Match
from otpapp.rules.factors.passkey import Fault, Refused
from otpapp.rules.factors.passkey_json import read
from otpapp.rules.sign_in import Arrival, Way
from otpapp.rules.verdicts import Limited
from otpapp.transaction import transaction
from tests.helpers.passkeys import (
    BACKED_UP,
    ELIGIBLE,
    PRESENT,
    VERIFIED,
    Passkey,
    from_base64,
    to_base64,
)
from tests.rules.desk import count
from tests.rules.factors.ring import BROWSER, VISITOR

EVIL = "https://evil.example"
LIES = {
    "another site's page": {"origin": EVIL},
    "a sibling's page": {"origin": "https://app.example.org"},
    "without TLS": {"origin": "http://auth.example.org"},
    "another port": {"origin": "https://auth.example.org:8443"},
    "another RP ID": {"rp_id": "example.org"},
    "nobody verified": {"flags": PRESENT},
    "nobody there": {"flags": VERIFIED},
    "in a frame": {"client": {"crossOrigin": True}},
    "in a frame, oddly": {"client": {"crossOrigin": "false"}},
    "a page around it": {"client": {"topOrigin": EVIL}},
    "our page around it": {"client": {"topOrigin": "https://auth.example.org"}},
    "backed up, which it cannot be": {"flags": PRESENT | VERIFIED | BACKED_UP},
}
OF_A_PROOF = {
    **LIES,
    "a new passkey's words": {"type": "webauthn.create"},
    "another key": {"key": ec.generate_private_key(ec.SECP256R1())},
    "another owner": {"owner": bytes(16)},
    "another owner, in few bytes": {"owner": b"x"},
    "no such passkey": {"handle": b"nobody's passkey"},
    "eligible now": {"flags": PRESENT | VERIFIED | ELIGIBLE},
}
every_lie = pytest.mark.parametrize("wrong", OF_A_PROOF.values(), ids=OF_A_PROOF)


def row() -> Credential:
    """Return the one passkey that is kept, as it is now."""
    db.session.rollback()
    return db.session.scalars(select(Credential)).one()


def kinds(kind: str) -> int:
    return count(Event, Event.kind == kind)


def test_a_new_passkey_is_kept_with_what_it_says_of_itself(ring, settings, alice):
    made = ring.enrol(flags=PRESENT | VERIFIED | ELIGIBLE, count=7)
    kept = row()
    assert (kept.user_id, kept.kind, kept.name) == (alice.user_id, "passkey", "Mine")
    assert (kept.handle, kept.counter) == (made.handle, 7)
    assert kept.details["backup_eligible"] is True
    assert kept.details["backed_up"] is False
    assert kept.details["transports"] == ["internal"]
    assert credentials.secret_of(kept, settings) not in (None, kept.secret)
    assert holdings.of(alice.user_id, ring.settings).factors == {"passkey"}


def test_a_site_that_moves_to_another_name_is_warned_of_its_passkeys(ring, settings, clock):
    """W9."""
    assert readiness.warnings(settings) == []
    ring.enrol()
    assert readiness.warnings(settings) == []
    moved = replace(settings, public_url="https://elsewhere.example.org")
    (said,) = readiness.warnings(moved)
    assert said.startswith("there are passkeys of auth.example.org, which open nothing at elsewh")
    with transaction():
        passkey.remove(ring.user_id, row().id, clock.now)
    assert readiness.warnings(moved) == []


def test_what_a_browser_is_told_to_ask_for(ring, alice):
    made = ring.enrol()
    options = ring.to_enrol()
    assert options["rp"] == {"name": "Example", "id": "auth.example.org"}
    assert from_base64(options["user"]["id"]) == alice.user_id.bytes
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    named = {"id": to_base64(made.handle), "type": "public-key", "transports": ["internal"]}
    assert options["excludeCredentials"] == [named]
    asked = ring.to_prove()
    assert asked["allowCredentials"] == [named]
    assert asked["userVerification"] == ring.to_sign_in()["userVerification"] == "required"
    assert asked["rpId"] == "auth.example.org"
    assert ring.to_sign_in()["allowCredentials"] == []
    assert len(from_base64(asked["challenge"])) == 32


@pytest.mark.parametrize("wrong", LIES.values(), ids=LIES)
def test_a_new_passkey_that_is_wrong_in_one_thing_is_not_kept(ring, wrong):
    assert ring.keep(Passkey().make(ring.to_enrol(), **wrong)) == Refused(Fault.WRONG)
    assert count(Credential) == 0


def test_a_new_passkey_that_names_another_id_is_not_kept(ring):
    text = Passkey().make(ring.to_enrol(), handle=b"another id than it says")
    assert ring.keep(text) == Refused(Fault.WRONG)


def test_a_proof_is_no_new_passkey(ring):
    assert ring.keep(ring.enrol().sign(ring.to_enrol())) == Refused(Fault.WRONG)


@pytest.mark.parametrize("removed", [False, True])
def test_an_id_that_is_somebody_s_is_nobody_else_s(ring, bob, clock, removed):
    """W7."""
    made = ring.enrol()
    if removed:
        with transaction():
            assert passkey.remove(ring.user_id, row().id, clock.now)
    others = ring.of(bob.user_id)
    thief = Passkey(handle=made.handle)
    assert others.keep(thief.make(others.to_enrol())) == Refused(Fault.TAKEN)
    assert count(Credential) == 1
    assert holdings.of(bob.user_id, ring.settings).factors == frozenset()


def test_a_passkey_proves_who_has_it(ring, clock):
    made = ring.enrol()
    found = ring.prove(made.sign(ring.to_prove()))
    assert isinstance(found, Match)
    assert found.credential == str(row().id)
    assert (row().counter, row().used_at) == (1, clock.now)


def test_a_passkey_signs_in_by_itself(ring, clock, alice):
    made = ring.enrol()
    arrival = ring.sign_in(made.sign(ring.to_sign_in()))
    signed_in = sessions.resume(arrival.token, "page", clock.now)
    assert signed_in.user_id == alice.user_id
    assert [(one.factor, one.credential) for one in signed_in.proofs] == [
        ("passkey", str(row().id))
    ]
    assert (arrival.keep, arrival.next_path) == (True, "/there")
    assert arrival.known


@every_lie
def test_a_proof_that_is_wrong_in_one_thing_proves_nothing(ring, wrong):
    made = ring.enrol()
    assert ring.prove(made.sign(ring.to_prove(), **wrong)) == Refused(Fault.WRONG)
    assert (row().counter, row().used_at) == (0, None)


@every_lie
def test_nor_does_it_sign_in(ring, wrong):
    made = ring.enrol()
    assert ring.sign_in(made.sign(ring.to_sign_in(), **wrong)) == Refused(Fault.WRONG)
    assert count(UserSession) == 0
    assert kinds("factor.answered") == 1


def test_a_second_proof_may_leave_its_owner_out_but_not_a_sign_in(ring):
    """W3: some authenticators name the owner only where they were not asked for a passkey."""
    made = ring.enrol()
    assert isinstance(ring.prove(made.sign(ring.to_prove(), owner=None)), Match)
    assert ring.sign_in(made.sign(ring.to_sign_in(), owner=None)) == Refused(Fault.WRONG)


@pytest.mark.parametrize("many", [0, 1])
def test_another_user_s_passkey_is_no_second_proof(ring, bob, many):
    """W3: neither of somebody who has one, nor of somebody who has none that could be named."""
    bobs = ring.of(bob.user_id).enrol()
    for _ in range(many):
        ring.enrol()
    for owner in (bobs.owner, None, ring.user_id.bytes):
        text = bobs.sign(ring.to_prove(), owner=owner)
        assert ring.prove(text) == Refused(Fault.WRONG)


def test_a_passkey_that_was_not_named_does_not_answer(ring):
    """W2."""
    ring.enrol()
    options = ring.to_prove()
    later = ring.enrol()
    assert ring.prove(later.sign(options)) == Refused(Fault.WRONG)
    assert isinstance(ring.prove(later.sign(ring.to_prove())), Match)


def test_a_removed_passkey_proves_nothing(ring, clock):
    made = ring.enrol()
    options, entry = ring.to_prove(), ring.to_sign_in()
    with transaction():
        assert passkey.remove(ring.user_id, row().id, clock.now)
    assert ring.prove(made.sign(options)) == Refused(Fault.WRONG)
    assert ring.sign_in(made.sign(entry)) == Refused(Fault.WRONG)


def test_a_disabled_user_does_not_sign_in(ring, clock):
    made = ring.enrol()
    options = ring.to_sign_in()
    with transaction():
        db.session.execute(update(User).values(disabled_at=clock.now))
    assert ring.sign_in(made.sign(options)) == Refused(Fault.WRONG)


def test_a_passkey_whose_key_cannot_be_opened_proves_nothing(ring):
    made = ring.enrol()
    ring.use(secret_key="another secret than before 0123456789")
    assert ring.prove(made.sign(ring.to_prove())) == Refused(Fault.WRONG)


def test_whether_it_is_backed_up_may_change_and_is_kept(ring):
    """W5, W8."""
    made = ring.enrol(flags=PRESENT | VERIFIED | ELIGIBLE)
    made.flags |= BACKED_UP
    assert isinstance(ring.prove(made.sign(ring.to_prove())), Match)
    assert row().details["backed_up"] is True
    assert row().details["transports"] == ["internal"]
    made.flags = PRESENT | VERIFIED  # no longer eligible: that is another passkey
    assert ring.prove(made.sign(ring.to_prove())) == Refused(Fault.WRONG)


def test_an_authenticator_that_does_not_count_is_as_good(ring):
    """W8."""
    made = ring.enrol(step=0)
    for _ in range(3):
        assert isinstance(ring.prove(made.sign(ring.to_prove())), Match)
    assert ring.sign_in(made.sign(ring.to_sign_in())).token
    assert row().counter == 0


def test_a_passkey_of_a_name_that_the_site_had_before_is_none_here(ring, alice):
    """W9: it could never be used, so nobody is asked for it."""
    ring.enrol()
    assert holdings.of(alice.user_id, ring.settings).factors == {"passkey"}
    ring.use(public_url="https://login.example.org")
    assert holdings.of(alice.user_id, ring.settings).factors == frozenset()


@pytest.mark.parametrize("counted", [0, 4, 5])
def test_a_count_that_does_not_rise_is_a_copy_s(ring, counted):
    """W8."""
    with transaction():
        db.session.execute(update(Identifier).values(verified_at=ring.clock.now))
    made = ring.enrol(count=5)
    copied = ring.sign_in(made.sign(ring.to_sign_in(), count=counted))
    assert copied.fault is Fault.CLONED
    assert kinds("passkey.cloned") == 1
    assert ring.prove(made.sign(ring.to_prove(), count=counted)).fault is Fault.CLONED
    assert count(UserSession) == 0
    assert row().counter == 5
    event = db.session.scalars(select(Event).where(Event.kind == "passkey.cloned")).first()
    assert (event.credential_id, event.detail) == (row().id, f"passkey {row().name}")
    assert count(Message, Message.event_id == event.id) == 1, "its owner is told"
    assert kinds("passkey.cloned") == 1, "once"


def test_a_copied_passkey_opens_nothing_more_for_either_and_stands_in_nobody_s_way(ring):
    """W8, X52: its owner removes it by the next strongest factor."""
    made = ring.enrol(count=5)
    arrival = ring.sign_in(made.sign(ring.to_sign_in(), count=9))
    thief = sessions.resume(arrival.token, "page", ring.clock.now)
    assert second.may_step_up(thief, ring.settings) == ("passkey",)
    assert ring.prove(made.sign(ring.to_prove(), count=6)).fault is Fault.CLONED
    assert ring.sign_in(made.sign(ring.to_sign_in(), count=6)).fault is Fault.CLONED
    assert ring.sign_in(made.sign(ring.to_sign_in(), count=20)).fault is Fault.CLONED
    assert sessions.resume(arrival.token, "page", ring.clock.now) is None
    assert second.may_step_up(thief, ring.settings) == ()
    assert holdings.of(ring.user_id, ring.settings).factors == set()


def test_a_copy_that_two_answers_show_at_once_is_told_once(ring):
    made = ring.enrol(count=5)
    copied = Refused(Fault.CLONED, row())
    for _ in range(2):
        with transaction():
            passkey.tell(copied, VISITOR, ring.settings, ring.clock.now)
    assert kinds("passkey.cloned") == 1
    assert ring.sign_in(made.sign(ring.to_sign_in(), count=9)).fault is Fault.CLONED


def test_nobody_without_the_key_can_have_a_passkey_taken_for_a_copy(ring):
    made = ring.enrol(count=5)
    other = ec.generate_private_key(ec.SECP256R1())
    text = made.sign(ring.to_sign_in(), count=1, key=other)
    assert ring.sign_in(text) == Refused(Fault.WRONG)
    assert kinds("passkey.cloned") == 0


def test_of_two_that_were_verified_the_one_that_counted_less_comes_too_late(ring, clock):
    """W8: compare and set."""
    ring.enrol()
    first, second = (credentials.counted(row().id, number, row().details) for number in (1, 2))
    with transaction():
        assert second.take(clock.now)
        assert not first.take(clock.now)
        assert not second.take(clock.now)


def test_only_failures_count_and_only_for_the_network(ring, settings):
    made = ring.enrol()
    for _ in range(settings.limit_failures_per_ip):
        wrong = ring.sign_in(made.sign(ring.to_sign_in(), origin=EVIL))
        assert wrong == Refused(Fault.WRONG)
    refused = ring.sign_in(made.sign(ring.to_sign_in(), origin=EVIL))
    assert isinstance(refused, Limited)
    assert refused.limit == "failures_per_ip"
    assert kinds("limit.reached") == 1
    assert ring.sign_in(made.sign(ring.to_sign_in())).token


def test_a_passkey_that_is_removed_while_it_is_looked_at_signs_nobody_in(ring, clock, settings):
    made = ring.enrol()
    text = made.sign(ring.to_sign_in())
    taken = ring.take(Wish("sign_in", BROWSER), text)
    found = passkey.verify(None, read(text), taken, settings)
    with transaction():
        passkey.remove(ring.user_id, row().id, clock.now)
        way = Way(False, "/", VISITOR)
        refused = sign_in.prove_by_passkey(read(text), found, way, settings, clock.now)
    assert refused == Refused(Fault.WRONG)
    assert count(UserSession) == 0


def test_a_sign_in_by_passkey_opens_the_way_by_code_again(ring, desk, alice):
    """D5: closed by strangers, until another factor shows who it is."""
    desk.use(limit_failures_in_a_row=1)
    ring.use(limit_failures_in_a_row=1)
    handle = desk.ask()
    desk.prove(handle, desk.wrong(handle))
    assert isinstance(desk.prove(handle, desk.code(handle)), Limited)
    made = ring.enrol()
    assert isinstance(ring.sign_in(made.sign(ring.to_sign_in())), Arrival)
    assert desk.prove(handle, desk.code(handle)).token


def test_a_sign_in_by_passkey_ends_no_row_that_is_not_full(ring, desk, alice):
    handle = desk.ask()
    desk.prove(handle, desk.wrong(handle))
    made = ring.enrol()
    assert isinstance(ring.sign_in(made.sign(ring.to_sign_in())), Arrival)
    counted = select(Tally.times).where(Tally.limit == "failures_in_a_row")
    assert db.session.scalars(counted).all() == [1]


def test_where_there_can_be_no_passkeys_none_is_asked_for(ring, alice):
    ring.enrol()
    ring.use(public_url="https://192.0.2.1")
    assert holdings.of(alice.user_id, ring.settings).factors == frozenset()
