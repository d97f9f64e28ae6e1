"""Reading the IDENTIFIER of a command."""

import click
from flask import current_app

from otpapp.rules import identifiers, users
from otpapp.rules.identifiers import Address, Fault
from otpapp.rules.users import Owner
from otpapp.web.messages import fault


def address_of(typed: str) -> Address:
    """Return what `typed` spells, or end the command with a sentence that says why it is none."""
    settings = current_app.extensions["otpapp.settings"]
    found = identifiers.parse(typed, settings)
    if isinstance(found, Fault):
        raise click.ClickException(fault(found, settings) + ".")
    return found


def owner_of(address: Address) -> Owner:
    """Return who may sign in with `address`, or end the command where nobody may."""
    owner = users.find(address)
    if owner is None:
        raise click.ClickException(f"{address.text} belongs to nobody who may sign in here.")
    return owner
