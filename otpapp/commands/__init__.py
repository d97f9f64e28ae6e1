"""The `flask` commands."""

from flask import Flask

from otpapp.commands.apps import apps
from otpapp.commands.backup import backup
from otpapp.commands.check_config import check_config
from otpapp.commands.create_user import create_user
from otpapp.commands.doctor import doctor
from otpapp.commands.forget_browsers import forget_browsers
from otpapp.commands.give_role import give_role
from otpapp.commands.groups import groups
from otpapp.commands.keys import keys
from otpapp.commands.post_restore import post_restore
from otpapp.commands.reopen import reopen
from otpapp.commands.send_test import send_test
from otpapp.commands.setup import setup
from otpapp.commands.worker import worker

# Those that come before there are settings.
FIRST = (check_config, setup)
COMMANDS = (
    *(apps, backup, create_user, doctor, forget_browsers, give_role, groups, keys, post_restore),
    *(reopen, send_test, worker),
)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in (*FIRST, *COMMANDS):
        app.cli.add_command(command)


def init_first(app: Flask) -> None:
    """Register what works without any setting."""
    for command in FIRST:
        app.cli.add_command(command)


def is_first(arguments: list[str]) -> bool:
    """Say whether `arguments`, those of flask, call for a command that needs no setting."""
    return bool(arguments) and arguments[0] in {command.name for command in FIRST}
