"""The `flask` commands."""

from flask import Flask

from otpapp.commands.apps import apps
from otpapp.commands.doctor import doctor
from otpapp.commands.events import events
from otpapp.commands.groups import groups
from otpapp.commands.keys import keys
from otpapp.commands.post_restore import post_restore
from otpapp.commands.prune import prune
from otpapp.commands.send_test import send_test
from otpapp.commands.users import users
from otpapp.commands.worker import worker

COMMANDS = (*(apps, doctor, events, groups, keys, post_restore, prune, send_test, users, worker),)
# What was a command by itself before there was `flask users`: scripts go on working.
FORMER = {
    "create-user": "create",
    "forget-browsers": "forget-browsers",
    "give-role": "role",
    "reopen": "unlock",
}


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
    for name, now in FORMER.items():
        app.cli.add_command(users.commands[now], name)
