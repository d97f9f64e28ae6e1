"""What every command that uses the database asks first."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from otpapp.rules import readiness

Given = ParamSpec("Given")
Result = TypeVar("Result")


def with_database(command: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run `command` in the app's context, or say in words why its database cannot be used."""

    @wraps(command)
    def checked(*given: Given.args, **named: Given.kwargs) -> Result:
        for text in named.values():
            _expect_text(text)
        try:
            faults = readiness.faults(current_app.extensions["otpapp.settings"])
        except OperationalError as error:
            raise click.ClickException(f"The database does not answer: {error.orig}") from error
        if faults:
            raise click.ClickException("; ".join(faults))
        return command(*given, **named)

    return with_appcontext(checked)


def _expect_text(given: object) -> None:
    """End the command where it was given bytes that are no text, which no database takes."""
    for one in given if isinstance(given, tuple) else (given,):
        if isinstance(one, str) and not one.isprintable():
            raise click.ClickException(f"{one!a} is no text.")
