"""The `flask` commands."""

from flask import Flask

from otpapp.commands.apps import apps
from otpapp.commands.backup import backup
from otpapp.commands.create_user import create_user
from otpapp.commands.doctor import doctor
from otpapp.commands.forget_browsers import forget_browsers
from otpapp.commands.give_role import give_role
from otpapp.commands.groups import groups
from otpapp.commands.keys import keys
from otpapp.commands.post_restore import post_restore
from otpapp.commands.reopen import reopen
from otpapp.commands.send_test import send_test
from otpapp.commands.worker import worker

COMMANDS = (
    *(
        apps,
        backup,
        create_user,
        doctor,
        forget_browsers,
        give_role,
        groups,
        keys,
        post_restore,
        reopen,
    ),
    *(send_test, worker),
)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
