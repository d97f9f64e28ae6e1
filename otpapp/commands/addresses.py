"""Reading the IDENTIFIER of a command."""

import click
from flask import current_app

from otpapp.rules import identifiers
from otpapp.rules.identifiers import Address, Fault
from otpapp.web.messages import fault


def address_of(typed: str) -> Address:
    """Return what `typed` spells, or end the command with a sentence that says why it is none."""
    settings = current_app.extensions["otpapp.settings"]
    found = identifiers.parse(typed, settings)
    if isinstance(found, Fault):
        raise click.ClickException(fault(found, settings) + ".")
    return found
