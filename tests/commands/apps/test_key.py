"""`flask apps key` makes keys for programs, shows each once and ends them."""

import json

import pytest

ADD = ("apps", "key", "add", "wiki", "backup", "--until", "2026-03-09")


def test_a_key_is_shown_once(run, wiki):
    said = run(*ADD, "--path", "/api/")
    token, *lines = said.splitlines()
    assert token.startswith("otpk_")
    assert lines == [
        "It opens /api of wiki until 2026-03-10 00:00 UTC.",
        "Keep it now: nobody can show it once more.",
    ]
    listed = run("apps", "key", "list", "wiki")
    assert listed == "backup  /api  until 2026-03-10T00:00+00:00  last used None\n"
    assert token not in listed


def test_programs_read_json(run, wiki):
    run(*ADD)
    assert json.loads(run("apps", "key", "list", "wiki", "--json")) == [
        {"name": "backup", "path": "/", "until": "2026-03-10T00:00+00:00", "used": None}
    ]


def test_a_key_ends(run, fail, wiki):
    run(*ADD)
    assert run("apps", "key", "end", "wiki", "backup") == "backup opens nothing any more.\n"
    assert "wiki has no key backup." in fail("apps", "key", "end", "wiki", "backup")
    assert "There is none. The first one: flask apps key add wiki" in run(
        "apps", "key", "list", "wiki"
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--until", "2026-03-01"), "2026-03-01 is over."),
        (("--until", "soon"), "soon is no day"),
        (("--path", "api"), "a path begins with /"),
        (("--path", "/a/../b"), "a path begins with /"),
    ],
)
def test_what_cannot_be_is_said(fail, wiki, more, said):
    assert said in fail(*ADD, *more)


def test_names_are_one_each_and_apps_must_be_there(run, fail, wiki):
    run(*ADD)
    assert "wiki has a key backup already" in fail(*ADD)
    assert "a name has 1 to 40" in fail("apps", "key", "add", "wiki", "Back up", *ADD[5:])
    assert "There is no app books" in fail("apps", "key", "add", "books", "x", *ADD[5:])
