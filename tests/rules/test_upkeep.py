"""What is done to all users at once leaves nobody out and changes nothing else."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Challenge, Event, Message, User, UserSession
from otpapp.otp.keys import Sealer, Unsealable, sealer
from otpapp.rules import known_browsers, pending, sessions, upkeep
from otpapp.rules.factors import ceremonies, recovery_codes, totp
from otpapp.rules.factors.ceremonies import Wish
from otpapp.rules.upkeep import Done
from otpapp.rules.verdicts import Verdict
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import count
from tests.rules.factors_desk import (
    answer,
    arrival,
    enrol_app,
    half_way,
    make_recovery_codes,
)

FIRST = UUID(int=0)
NEW = "the secret of this year, which seals from here on"


def keys(secrets: tuple[str, ...]) -> dict[UUID, bytes]:
    """Return every user's opened key."""
    db.session.rollback()
    rows = db.session.execute(select(User.id, User.sealed_key))
    return {row.id: sealer(secrets).open(row.sealed_key, row.id.bytes) for row in rows}


@pytest.fixture
def rotated(settings):
    """The settings after the secret changed."""
    return replace(settings, secret_key=NEW, secret_key_fallbacks=(settings.secret_key,))


class TestSealingKeysAnew:
    """The key stays, its seal changes."""

    def test_all_keys_open_with_the_new_secret_alone(self, context, alice, bob, rotated):
        with transaction():
            done = upkeep.reseal_next(FIRST, rotated)
        assert done == Done(changed=2, last=max(alice.user_id, bob.user_id))
        assert keys((NEW,)) == {alice.user_id: alice.key, bob.user_id: bob.key}

    def test_users_up_to_the_last_batch_are_left_alone(self, context, alice, bob, rotated):
        earlier, later = sorted((alice.user_id, bob.user_id))
        with transaction():
            assert upkeep.reseal_next(earlier, rotated) == Done(1, later)
            assert upkeep.reseal_next(later, rotated) == Done(0, None)

    def test_what_is_under_the_newest_secret_already_stays_as_it_is(self, context, alice, rotated):
        with transaction():
            upkeep.reseal_next(FIRST, rotated)
            before = db.session.scalar(select(User.sealed_key))
            assert upkeep.reseal_next(FIRST, rotated) == Done(0, alice.user_id)
        assert db.session.scalar(select(User.sealed_key)) == before

    def test_a_key_that_no_secret_opens_is_an_error(self, context, alice, settings):
        with pytest.raises(Unsealable), transaction():
            upkeep.reseal_next(FIRST, replace(settings, secret_key=NEW))

    def test_a_key_that_changed_meanwhile_is_not_overwritten(
        self, context, alice, rotated, settings, monkeypatch
    ):
        """Between reading a batch and writing it another operator may have given new keys."""
        seal = Sealer.seal

        def overtaken(self, key, context):
            monkeypatch.undo()
            upkeep.replace_next(FIRST, settings)
            return seal(self, key, context)

        with transaction():
            monkeypatch.setattr(Sealer, "seal", overtaken)
            assert upkeep.reseal_next(FIRST, rotated) == Done(0, alice.user_id)
        assert keys((settings.secret_key,))[alice.user_id] != alice.key


class TestAfterABackupWasRestored:
    """X49: whatever had ended lives in the copy again, and is ended once more."""

    def test_new_keys_make_the_codes_that_were_sent_worthless(self, desk, alice, bob):
        handle = desk.ask()
        old = desk.code(handle)
        with transaction():
            assert upkeep.replace_next(FIRST, desk.settings).changed == 2
        now = keys(desk.settings.secrets)
        assert now[alice.user_id] not in (alice.key, now[bob.user_id])
        assert {len(key) for key in now.values()} == {20}
        assert desk.answer(handle, old) is Verdict.WRONG

    def test_every_session_code_and_message_ends(self, desk, alice, bob):
        token = desk.sign_in()
        handle, his = desk.ask_later(), desk.ask(bob.address)
        with transaction():
            assert upkeep.end_everything(desk.clock.now) == (1, 2)
        assert sessions.resume(token, "page", desk.clock.now) is None
        assert desk.answer(handle, desk.code(handle)) is Verdict.EXPIRED
        assert desk.answer(his, desk.code(his)) is Verdict.EXPIRED
        given_up = (Message.outcome == "given_up", Message.ended_at == desk.clock.now)
        assert count(Message, *given_up, ~Message.stuck) == count(Message) == 3
        assert count(Event, Event.kind == "backup.restored") == 1

    def test_what_had_ended_before_keeps_the_instant_it_ended_at(self, desk, alice):
        token = desk.sign_in()
        with transaction():
            sessions.end(token, "page", Visitor(), desk.clock.now)
            db.session.query(Message).update({"ended_at": desk.clock.now, "outcome": "sent"})
            upkeep.end_everything(desk.clock.advance(minutes=1))
            assert upkeep.end_everything(desk.clock.advance(minutes=1)) == (0, 0)
        assert count(UserSession, UserSession.ended_at == desk.clock.now) == 0
        assert count(Challenge, Challenge.closed_at.is_not(None)) == 0
        assert count(Message, Message.outcome == "sent") == 1

    def test_no_passkey_answers_what_was_asked_before(self, desk):
        wish = Wish("sign_in", "a browser")
        with transaction():
            asked = ceremonies.begin(wish, [], desk.visitor(), desk.settings, desk.clock.now)
            upkeep.end_everything(desk.clock.now)
            assert ceremonies.take(wish, asked, desk.clock.now) is None

    def test_on_an_empty_site_there_is_nothing_to_do(self, desk):
        with transaction():
            assert upkeep.replace_next(FIRST, desk.settings) == Done(0, None)
            assert upkeep.end_everything(desk.clock.now) == (0, 0)


class TestFactors:
    """What users enrolled is sealed anew with their keys, and what a backup revives is ended."""

    def test_secrets_of_factors_open_with_the_new_secret_alone(self, desk, alice, bob, rotated):
        apps = [enrol_app(desk, person.user_id) for person in (alice, bob)]
        with transaction():
            assert upkeep.reseal_next(FIRST, rotated).changed == 4
            assert upkeep.reseal_next(FIRST, rotated).changed == 0
        desk.settings = replace(rotated, secret_key_fallbacks=())
        for person, app in zip((alice, bob), apps, strict=True):
            assert totp.verify(person.user_id, app.code(), desk.settings, desk.clock.now)

    def test_those_of_users_of_the_next_batch_wait(self, desk, alice, bob, rotated):
        earlier, later = sorted((alice.user_id, bob.user_id))
        for user_id in (earlier, later):
            enrol_app(desk, user_id)
        with transaction():
            assert upkeep.reseal_next(earlier, rotated).changed == 2
            assert upkeep.reseal_next(later, rotated).changed == 0

    def test_after_a_restore_nothing_that_was_used_up_works(self, desk, alice):
        app = enrol_app(desk, alice.user_id)
        codes = make_recovery_codes(desk, alice.user_id)
        waiting = half_way(desk)
        token = half_way(desk, known="laptop")
        arrival(answer(desk, token, "totp", app.code(), known="laptop", trust=True))
        assert known_browsers.trusted(alice.user_id, desk.clock.now)
        with transaction():
            upkeep.end_everything(desk.clock.now)
        assert pending.resume(waiting, desk.clock.now) is None
        assert not known_browsers.trusted(alice.user_id, desk.clock.now)
        assert not recovery_codes.left(alice.user_id)
        assert recovery_codes.verify(alice.user_id, codes[0], desk.settings, desk.clock.now) is None
        later = half_way(desk)
        assert arrival(answer(desk, later, "totp", app.code())).token, "the app still works"
