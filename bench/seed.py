"""Makes the database of otpapp with users in it: `python -m bench.seed NUMBER`."""

import sys

import flask_migrate

from bench.contenders import address_of
from otpapp import create_app
from otpapp.clock import utc_now
from otpapp.rules import identifiers, users
from otpapp.rules.identifiers import Address
from otpapp.settings import Settings
from otpapp.transaction import transaction


def main(number: int) -> None:
    """Migrate an empty database and add users."""
    app = create_app()
    settings = app.extensions["otpapp.settings"]
    with app.app_context():
        flask_migrate.upgrade()
        add_users(number, settings)


def add_users(number: int, settings: Settings) -> None:
    """Add so many users."""
    with transaction():
        for index in range(number):
            address = identifiers.parse(address_of(index), settings)
            assert isinstance(address, Address)
            users.create(address, settings, utc_now())


if __name__ == "__main__":
    main(int(sys.argv[1]))
