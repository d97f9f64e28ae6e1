"""Reading what commands about people are given, and saying what became of them."""

from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

import click
from flask import current_app

from otpapp.commands.addresses import address_of
from otpapp.rules import users
from otpapp.rules.people import picture, seeking
from otpapp.rules.people.outcomes import Outcome
from otpapp.settings import Settings

REFUSED = {
    Outcome.LAST_ADMIN: "{0} is the last admin who can sign in. Make somebody else admin first, "
    "or say --even-last.",
    Outcome.DISABLED: "{0} was shut out by an operator: see flask users enable.",
    Outcome.FROZEN: "{0} froze their sign-in themselves: see flask users unlock.",
    Outcome.GONE: "{0} is not there any more.",
}

even_last = click.option("--even-last", is_flag=True, help="Though nobody else is an admin.")
as_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


@dataclass(frozen=True)
class Person:
    """Whom a command is about: their id, how they were named, and how the trail names them."""

    user_id: UUID
    text: str
    key: str


def settings() -> Settings:
    """Return the settings of the running app."""
    found: Settings = current_app.extensions["otpapp.settings"]
    return found


def person_of(typed: str) -> Person:
    """Return the person of an address or an id, whether or not they can sign in.

    Ends the command where there is none.
    """
    if seeking.is_id(typed):
        keys = [one.key for one in users.addresses_of(UUID(typed))]
        return Person(UUID(typed), keys[0], keys[0]) if keys else nobody(typed)
    address = address_of(typed)
    user_id = picture.whose(address)
    return Person(user_id, address.text, address.key) if user_id else nobody(address.text)


def nobody(text: str) -> NoReturn:
    """End the command: what was typed is nobody's."""
    raise click.ClickException(f"{text} belongs to nobody.")


def expect_done(person: Person, outcome: Outcome) -> None:
    """End the command with a sentence, where a change was refused."""
    if outcome in REFUSED:
        raise click.ClickException(REFUSED[outcome].format(person.text))


def plural(count: int, word: str) -> str:
    """Return a count and its word, as in 2 sessions."""
    return f"{count} {word}{'s' * (count != 1)}"
