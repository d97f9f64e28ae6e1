"""`flask apps why` answers what operators are asked most: may she, and by which rule."""

import json

import pytest

from tests.web.helpers import sign_in

WIKI = "https://wiki.example.org"


@pytest.fixture
def why(run, wiki, client, alice):
    """Return what asks about Alice, whose address is verified."""
    sign_in(client)

    def why(path: str, *more: str) -> str:
        return run("apps", "why", alice.address, WIKI + path, *more)

    return why


def test_everyone_is_let_in_by_the_rule_of_the_whole(why):
    assert why("/page") == "Yes. wiki is for everyone who is signed in at /.\n"


def test_a_public_part_is_open_to_anyone(why):
    assert why("/public/x") == "Yes. wiki is open to anyone at /public, signed in or not.\n"


def test_who_is_not_meant_is_told_who_is(why, run, alice):
    assert why("/admin/x") == "No. wiki is for the group admins at /admin.\n"
    run("groups", "add", "admins", alice.address)
    assert why("/admin/x") == (
        "Yes, once signed in with two different proofs. wiki is for the group admins at /admin.\n"
    )


def test_a_guest_is_let_in_as_one(why, run, alice, clock):
    run("apps", "guest", "wiki", alice.address, "--path", "/admin", "--until", "2026-03-09")
    assert "They are a guest of wiki at /admin." in why("/admin")


def test_an_odd_path_says_why_it_is_refused(why):
    assert "(Servers could read this path in several ways" in why("/public/..%2fadmin")


def test_what_no_rule_covers_is_refused(why, run):
    run("apps", "rule", "wiki", "/", "--remove")
    assert why("/page").startswith("No. No rule of wiki covers this path")


def test_programs_read_json(why):
    found = json.loads(why("/admin", "--json"))
    assert (found["app"], found["may"], found["rule"]["path"]) == ("wiki", False, "/admin")
    assert json.loads(why("/", "--json"))["may"]


def test_what_is_of_no_app_and_who_is_nobody_is_said(fail, wiki, alice):
    for url in ("https://other.example.org/", "nonsense"):
        assert f"{url} is of no app behind the gate" in fail("apps", "why", alice.address, url)
    assert "belongs to nobody" in fail("apps", "why", "nobody@example.org", WIKI)
