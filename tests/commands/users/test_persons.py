"""Whom commands about people mean: by any address or id, whether or not they can sign in."""

import pytest

from otpapp.commands import FORMER
from otpapp.commands.users import users
from tests.web.helpers import ALICE, disable

ABOUT_ONE = {
    *("show", "role", "disable", "enable", "unlock"),
    *("sessions", "end-sessions", "forget-browsers", "delete"),
}
MORE = {"role": ["member"], "delete": ["--yes"]}


@pytest.mark.parametrize("command", sorted(ABOUT_ONE))
@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("nobody@example.org", "nobody@example.org belongs to nobody."),
        ("00000000-0000-0000-0000-000000000009", "000009 belongs to nobody."),
        ("nobody", "Enter an email address or a phone number"),
    ],
)
def test_who_is_nobody_is_told_in_a_sentence(fail, command, identifier, words):
    said = fail("users", command, identifier, *MORE.get(command, []))
    assert words in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("command", sorted(ABOUT_ONE - {"unlock"}))
def test_who_is_disabled_is_found_by_address_and_by_id(app, run, alice, clock, command):
    disable(app, alice, clock.now)
    for named in (" ALICE@example.org", str(alice.user_id)):
        if command != "delete" or named == str(alice.user_id):
            run("users", command, named, *MORE.get(command, []))


@pytest.mark.parametrize("name", sorted(users.commands))
def test_each_command_has_an_example(run, name):
    said = run("users", name, "--help")
    assert f"flask users {name}" in said.partition("Example")[2]


@pytest.mark.parametrize(("former", "now"), FORMER.items())
def test_scripts_with_the_former_names_go_on_working(app, former, now):
    """The very same command."""
    assert app.cli.commands[former] is users.commands[now]


def test_a_former_name_does_what_it_did(run, alice):
    assert run("give-role", ALICE, "admin") == f"{ALICE} is admin now. 0 sessions ended.\n"
