"""flask users"""

import click

from otpapp.commands.users.creating import create
from otpapp.commands.users.files import export, import_
from otpapp.commands.users.inviting import invite, withdraw
from otpapp.commands.users.inviting import list_ as invitations
from otpapp.commands.users.leaving import delete, end_sessions, forget_browsers
from otpapp.commands.users.looking import list_, sessions, show
from otpapp.commands.users.standing import disable, enable, role
from otpapp.commands.users.unlocking import unlock


@click.group("users")
def users() -> None:
    """Look after the people who may sign in.

    An IDENTIFIER is any email address or phone number of somebody, or the id that the trail and the
    log know them by.
    """


for command in (
    *(create, list_, show, role, disable, enable, unlock, sessions, end_sessions, forget_browsers),
    *(delete, import_, export, invite, invitations, withdraw),
):
    users.add_command(command)
