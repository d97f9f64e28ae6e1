"""flask apps: what is behind the gate, and who may open it."""

import click

from otpapp.commands.apps.changing import add, remove, rule
from otpapp.commands.apps.files import export, import_
from otpapp.commands.apps.keys import key
from otpapp.commands.apps.looking import list_, show
from otpapp.commands.apps.people import guest, why
from otpapp.commands.apps.snippet import snippet


@click.group("apps")
def apps() -> None:
    """Say which sites are behind the gate, and who may open them.

    \b
    A first one, for everybody who is signed in:
      flask apps add wiki https://wiki.example.org
    """


for command in (add, rule, list_, show, remove, guest, why, export, import_, snippet, key):
    apps.add_command(command)
