"""`flask users disable`, `enable`, `end-sessions` and `delete`, in words."""

import pytest

from otpapp.extensions import db
from otpapp.models import User
from otpapp.rules import freezing
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.web.helpers import ALICE, is_in, sign_in

LAST = (
    f"Error: {ALICE} is the last admin who can sign in. Make somebody else admin first, "
    "or say --even-last.\n"
)


def test_who_is_disabled_is_out_and_back_once_enabled(run, client, alice, clock):
    sign_in(client)
    assert run("users", "disable", ALICE) == f"{ALICE} cannot sign in any more. 1 session ended.\n"
    assert not is_in(client)
    assert run("users", "disable", ALICE) == f"{ALICE} was disabled already.\n"
    assert run("users", "enable", ALICE) == f"{ALICE} can sign in again.\n"
    assert run("users", "enable", ALICE) == f"{ALICE} can sign in already.\n"
    clock.advance(minutes=2)
    sign_in(client, 2)


def test_who_froze_it_themselves_is_pointed_elsewhere(app, fail, alice, settings, clock):
    with app.app_context(), transaction():
        freezing.freeze(alice.user_id, Visitor(), settings, clock.now)
    said = f"Error: {ALICE} froze their sign-in themselves: see flask users unlock.\n"
    assert fail("users", "enable", ALICE) == said


@pytest.mark.parametrize("command", [["disable"], ["delete", "--yes"], ["role"]])
def test_the_last_admin_stays_unless_it_is_said(run, fail, alice, command):
    run("users", "role", ALICE, "admin")
    args = ["users", *command, ALICE, *["member"] * (command == ["role"])]
    assert fail(*args) == LAST
    run(*args, "--even-last")


def test_ending_sessions_signs_out_and_lets_in_again(run, client, alice, clock):
    sign_in(client)
    assert run("users", "end-sessions", ALICE) == f"1 session of {ALICE} ended.\n"
    assert not is_in(client)
    clock.advance(minutes=2)
    sign_in(client, 2)


@pytest.mark.parametrize(("answer", "left"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_deleting_asks_first(app, alice, answer, left):
    args = ["users", "delete", ALICE]
    result = app.test_cli_runner().invoke(args=args, input=answer)
    assert result.exit_code == left
    assert f"Delete {ALICE} and all that is theirs for good? [y/N]" in result.output
    with app.app_context():
        assert db.session.query(User).count() == left


def test_deleting_can_be_told_not_to_ask(run, client, alice):
    sign_in(client)
    assert run("users", "delete", ALICE, "--yes") == f"{ALICE} is deleted. 1 session ended.\n"
    assert not is_in(client)
