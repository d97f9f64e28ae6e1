"""How Alembic reaches the database: through the running app's engine."""

from alembic import context
from flask import current_app

from otpapp.extensions import db


def run() -> None:
    """Run the migrations in one transaction, on SQLite too: all of them, or none."""
    engine = db.engine.execution_options(otpapp_write=True)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
