"""Makes a database of otpapp with very many people: `python -m bench.crowd_seed 100000 5000000`."""

import sys
from datetime import datetime
from pathlib import Path
from uuid import UUID

import flask_migrate
from sqlalchemy import insert, text

from bench.contenders import address_of
from otpapp import create_app
from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import Identifier, Membership, User
from otpapp.rules import identifiers, roles, users
from otpapp.rules.figures import hours
from otpapp.rules.identifiers import Address
from otpapp.settings import Settings
from otpapp.transaction import transaction

GROUPS = 50
# By SQL: a million rows take seconds so.
EVENTS = Path(__file__).with_name("crowd.sql")


def main(people: int, events: int) -> None:
    """Migrate an empty database, and fill it; the first of all people is an admin."""
    app, now = create_app(), utc_now()
    with app.app_context():
        flask_migrate.upgrade()
        with transaction():
            admin = _add(people, app.extensions["otpapp.settings"], now)
            roles.give(admin, "admin", now)
            values = {"people": people, "events": events}
            db.session.execute(text(EVENTS.read_text()), values)
        # As they would have been, hour after hour, by whatever sends messages.
        for hour in hours.uncounted(now - hours.KEPT, now):
            with transaction():
                hours.count(hour)


def _add(people: int, settings: Settings, now: datetime) -> UUID:
    """Add people who each belong to a group; return who is the first."""
    made, owned, joined = [], [], []
    for number in range(people):
        address = identifiers.parse(address_of(number), settings)
        assert isinstance(address, Address)
        row = users.new_row(settings, now)
        made.append(row)
        owned.append(users.identifier_row(row["id"], address, now))
        group = f"group-{number % GROUPS}"
        joined.append({"user_id": row["id"], "name": group, "created_at": now})
    for model, rows in ((User, made), (Identifier, owned), (Membership, joined)):
        db.session.execute(insert(model), rows)
    return made[0]["id"]


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))
