"""An app on a database that holds nothing, not even tables, of each kind in turn."""

from collections.abc import Iterator

import pytest
from flask import Flask

from otpapp import create_app
from otpapp.extensions import db
from tests.conftest import make_settings


@pytest.fixture
def database_url(either_database) -> str:
    """Run every test of this folder on both kinds of database."""
    return either_database


@pytest.fixture
def bare(database_url) -> Iterator[Flask]:
    """The app with its context open, and not one table; the same again afterwards."""
    app = create_app(make_settings(database_url=database_url))
    with app.app_context():
        drop_all()
        yield app
        db.session.remove()
        drop_all()
        db.engine.dispose()


def drop_all() -> None:
    """Drop the tables of the models and Alembic's own."""
    db.drop_all()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
