"""What stands in the way of serving at all."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import bindparam, inspect, select, text

from otpapp.extensions import db
from otpapp.models import Credential, Identifier, Room, User
from otpapp.otp.keys import Unsealable, sealer
from otpapp.rules import identifiers
from otpapp.settings import Settings
from otpapp.settings.model import ROOT

VERSIONS = ROOT / "migrations" / "versions"
_REVISION = text("SELECT version_num FROM alembic_version")
_ANYBODY = select(User.id, User.sealed_key).order_by(User.id).limit(1)
_KEYS = select(Identifier.key)
_ROOM = select(Room.id).limit(1)
_PASSKEY_OF_ANOTHER_NAME = (
    select(Credential.details["rp_id"].as_string())
    .where(Credential.kind == "passkey", Credential.removed_at.is_(None))
    .where(Credential.details["rp_id"].as_string() != bindparam("host"))
    .limit(1)
)


def faults(settings: Settings) -> list[str]:
    """Return one sentence for each thing that an operator must put right before anyone signs in.

    Raises OperationalError where the database does not answer.
    """
    try:
        return list(_faults(settings))
    finally:
        db.session.rollback()


def warnings(settings: Settings) -> list[str]:
    """Return one sentence for each thing that an operator should know of a server that can serve.

    W9: a site that moves to another name takes all passkeys away from their owners.
    """
    host = settings.public.hostname
    found = db.session.execute(_PASSKEY_OF_ANOTHER_NAME, {"host": host}).scalar()
    db.session.rollback()
    if found is None:
        return []
    return [f"there are passkeys of {found}, which open nothing at {host} (OTPAPP_PUBLIC_URL)"]


def newest_revision(folder: Path = VERSIONS) -> str:
    """Return the number of the last migration in `folder`."""
    return max(path.name.partition("_")[0] for path in folder.glob("[0-9]*.py"))


def _faults(settings: Settings) -> Iterator[str]:
    found = _revision()
    if found != newest_revision():
        yield f"the database is at revision {found or 'none'}; run: .venv/bin/flask db upgrade"
        return
    somebody = db.session.execute(_ANYBODY).first()
    try:
        if somebody:
            sealer(settings.secrets).open(somebody.sealed_key, somebody.id.bytes)
    except Unsealable:
        yield (
            "OTPAPP_SECRET_KEY is not the one that this database was made with; set that one, "
            "or add it to OTPAPP_SECRET_KEY_FALLBACKS"
        )
    yield from _fence(settings)


def _fence(settings: Settings) -> Iterator[str]:
    """Yield whether real people and a classroom, where keys are shown, would share a database."""
    if settings.is_classroom:
        keys = db.session.execute(_KEYS).scalars()
        if any(not identifiers.is_made_up(key) for key in keys):
            yield (
                "this database has real people in it, and a classroom shows everybody's keys; "
                "give it one of its own (OTPAPP_DATABASE_URL)"
            )
    elif db.session.execute(_ROOM).first():
        yield (
            "this database was a classroom's, so keys in it were shown to everybody; "
            "begin with a new one (OTPAPP_DATABASE_URL)"
        )


def _revision() -> str:
    if not inspect(db.engine).has_table("alembic_version"):
        return ""
    return str(db.session.execute(_REVISION).scalar() or "")
