"""The `flask` commands."""

from flask import Flask

from otpapp.commands.apps import apps
from otpapp.commands.backup import backup
from otpapp.commands.check_config import check_config
from otpapp.commands.doctor import doctor
from otpapp.commands.events import events
from otpapp.commands.groups import groups
from otpapp.commands.keys import keys
from otpapp.commands.post_restore import post_restore
from otpapp.commands.prune import prune
from otpapp.commands.send_test import send_test
from otpapp.commands.setup import setup
from otpapp.commands.teach import teach
from otpapp.commands.users import users
from otpapp.commands.worker import worker

# Those that come before there are settings.
FIRST = (check_config, setup)
COMMANDS = (
    *(apps, backup, doctor, events, groups, keys, post_restore, prune, send_test),
    *(teach, users, worker),
)
# What was a command by itself before there was `flask users`: scripts go on working.
FORMER = {
    "create-user": "create",
    "forget-browsers": "forget-browsers",
    "give-role": "role",
    "reopen": "unlock",
}


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in (*FIRST, *COMMANDS):
        app.cli.add_command(command)
    for name, now in FORMER.items():
        app.cli.add_command(users.commands[now], name)


def init_first(app: Flask) -> None:
    """Register what works without any setting."""
    for command in FIRST:
        app.cli.add_command(command)


def is_first(arguments: list[str]) -> bool:
    """Say whether `arguments`, those of flask, call for a command that needs no setting."""
    return bool(arguments) and arguments[0] in {command.name for command in FIRST}
