"""Every instant has its time zone, on the way in and on the way out."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from otpapp.extensions import db
from otpapp.models import User
from otpapp.transaction import transaction

NOON = datetime(2026, 3, 3, 12, 0, 0, 123456, tzinfo=UTC)


def keep(instant: datetime) -> None:
    with transaction():
        db.session.add(User(id=UUID(int=7), sealed_key=b"", created_at=instant))


def kept() -> datetime:
    db.session.expunge_all()
    return db.session.scalars(select(User.created_at)).one()


def test_an_instant_without_a_time_zone_is_refused(context):
    with pytest.raises(StatementError, match="time zone"):
        keep(NOON.replace(tzinfo=None))


def test_an_instant_without_a_time_zone_cannot_be_searched_for_either(context):
    with pytest.raises(StatementError, match="time zone"):
        db.session.scalars(select(User).where(User.created_at < NOON.replace(tzinfo=None)))


@pytest.mark.parametrize("hours", [0, -8, 14])
def test_an_instant_comes_back_as_the_same_instant_with_its_zone(context, hours):
    keep(NOON.astimezone(timezone(timedelta(hours=hours))))
    assert kept() == NOON
    assert kept().utcoffset() is not None


def test_an_instant_comes_back_in_utc_whatever_zone_the_server_lives_in(context):
    keep(NOON)
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection().exec_driver_sql("SET LOCAL TimeZone = 'Asia/Tokyo'")
    assert kept() == NOON


def test_no_instant_stays_none(context):
    keep(NOON)
    assert db.session.scalars(select(User.disabled_at)).one() is None


@pytest.mark.parametrize("hours", [-8, 14])
def test_instants_are_compared_as_instants_not_as_text(context, hours):
    keep(NOON)
    zone = timezone(timedelta(hours=hours))
    for seconds, found in ((-1, 0), (1, 1)):
        moment = (NOON + timedelta(seconds=seconds)).astimezone(zone)
        query = select(User).where(User.created_at < moment)
        assert len(db.session.scalars(query).all()) == found
