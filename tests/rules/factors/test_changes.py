"""What a change of factors brings with it."""

from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Credential, Event
from otpapp.rules import holdings
from otpapp.rules.factors import changes, credentials, recovery_codes
from otpapp.transaction import transaction
from tests.rules.factors_desk import enrol_app, make_recovery_codes, somebody


def remove(desk, app) -> bool:
    with transaction():
        credential = db.session.get(Credential, app.number)
        return changes.remove(credential, somebody(), desk.settings, desk.clock.now)


def test_each_change_is_one_event_that_names_the_factor(desk, alice):
    app = enrol_app(desk, alice.user_id)
    with transaction():
        changes.enrolled(
            alice.user_id, "totp", "My phone", somebody(), desk.settings, desk.clock.now
        )
        changes.enrolled(alice.user_id, "recovery", "", somebody(), desk.settings, desk.clock.now)
    assert remove(desk, app)
    assert not remove(desk, app), "a second click changes nothing and is no event"
    rows = db.session.execute(select(Event.kind, Event.detail, Event.user_id, Event.ip))
    assert [tuple(row) for row in rows] == [
        ("factor.enrolled", "totp My phone", alice.user_id, "192.0.2.7"),
        ("factor.enrolled", "recovery", alice.user_id, "192.0.2.7"),
        ("factor.removed", "totp My phone", alice.user_id, "192.0.2.7"),
    ]


def test_recovery_codes_go_with_the_last_factor_and_not_before(desk, alice):
    first, second = (enrol_app(desk, alice.user_id) for _ in range(2))
    make_recovery_codes(desk, alice.user_id)
    remove(desk, first)
    assert holdings.of(alice.user_id, desk.settings).factors == {"totp", "recovery"}
    remove(desk, second)
    assert holdings.of(alice.user_id, desk.settings).factors == set()


def test_codes_from_before_the_first_factor_go_when_it_comes(desk, alice):
    """X52: who reads the mail may have made them, to come in past a factor that is added later."""
    make_recovery_codes(desk, alice.user_id)
    app = enrol_app(desk, alice.user_id)
    with transaction():
        changes.enrolled(
            alice.user_id,
            "totp",
            "My phone",
            somebody(),
            desk.settings,
            desk.clock.now,
            number=app.number,
        )
    assert "recovery" not in holdings.of(alice.user_id, desk.settings).factors


def test_codes_stay_when_another_factor_comes(desk, alice):
    enrol_app(desk, alice.user_id)
    make_recovery_codes(desk, alice.user_id)
    app = enrol_app(desk, alice.user_id)
    with transaction():
        changes.enrolled(
            alice.user_id,
            "totp",
            "Tablet",
            somebody(),
            desk.settings,
            desk.clock.now,
            number=app.number,
        )
    assert "recovery" in holdings.of(alice.user_id, desk.settings).factors


def test_codes_that_were_made_while_only_an_old_passkey_was_held_open_nothing(desk, alice, changed):
    """X52: whoever reads the mail could have made them, and they would outlive a new factor."""
    with transaction():
        args = (alice.user_id, "passkey", "Laptop", b"k", desk.clock.now, desk.settings)
        credentials.add(*args, details={"rp_id": "old.example.org"})
    make_recovery_codes(desk, alice.user_id)
    assert not holdings.has_factor(alice.user_id, desk.settings)
    changed.add()
    assert recovery_codes.left(alice.user_id) == 0
    assert holdings.has_factor(alice.user_id, desk.settings)
