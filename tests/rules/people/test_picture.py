"""One person's whole picture, as they are now."""

from uuid import UUID

from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import Identifier
from otpapp.rules.people import picture
from otpapp.rules.people.directory import Standing
from otpapp.transaction import transaction
from tests.rules.desk import Desk
from tests.rules.factors_desk import enrol_app, make_recovery_codes
from tests.rules.people.crowd import add, address


def of(desk: Desk, user_id: UUID) -> picture.Picture:
    db.session.rollback()
    found = picture.of(user_id, desk.settings, desk.clock.now)
    assert found
    return found


def test_all_that_is_theirs_is_in_it(desk):
    mia = add(desk, "mia@example.org", "+12025550143", role="admin", of="staff office")
    add(desk, "zed@example.org", "zed@other.example", of="others")
    found = of(desk, mia)
    assert [one.key for one in found.identifiers] == ["mia@example.org", "+12025550143"]
    assert (found.user.id, found.user.role, found.groups) == (mia, "admin", ("office", "staff"))
    assert (found.standing, found.factors, found.recovery_codes) == (Standing.ACTIVE, (), 0)
    assert (found.sessions, found.signed_in_at) == ((), None)


def test_factors_and_what_is_left_of_recovery_codes(desk, alice):
    enrol_app(desk, alice.user_id)
    make_recovery_codes(desk, alice.user_id)
    found = of(desk, alice.user_id)
    assert [(one.kind, one.name) for one in found.factors] == [("totp", "My phone")]
    assert found.recovery_codes == 10


def test_sessions_that_live_the_one_used_last_first(desk, alice, bob):
    desk.sign_in()
    desk.sign_in_later()
    desk.sign_in(bob.address)
    last = desk.clock.now
    found = of(desk, alice.user_id)
    assert [one.id for one in found.sessions] == [2, 1]
    assert found.signed_in_at == last
    desk.clock.advance(hours=1)
    found = of(desk, alice.user_id)
    assert (found.sessions, found.signed_in_at) == ((), last)


def test_there_is_none_of_nobody(desk):
    assert picture.of(UUID(int=9), desk.settings, desk.clock.now) is None


def test_somebody_is_found_by_any_address_also_who_cannot_sign_in(desk):
    mia = add(desk, "mia@example.org", "+12025550143")
    with transaction():
        db.session.get(picture.User, mia).disabled_at = desk.clock.now
    for typed in ("MIA@example.org", "+1 202 555 0143"):
        assert picture.whose(address(desk, typed)) == mia
    assert picture.whose(address(desk, "zed@example.org")) is None
    assert of(desk, mia).standing is Standing.DISABLED


def test_another_spelling_that_a_database_takes_for_theirs_finds_nobody(desk, monkeypatch):
    """X17."""
    add(desk, "mia@example.org")
    with transaction():
        db.session.execute(update(Identifier).values(key="mía@example.org"))
    anybody = db.select(Identifier.user_id, Identifier.key)
    monkeypatch.setattr(picture, "_WHOSE", anybody)
    assert picture.whose(address(desk, "mia@example.org")) is None
