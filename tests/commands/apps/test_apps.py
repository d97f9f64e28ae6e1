"""`flask apps` keeps what is behind the gate, and says what is wrong before it does."""

import json

import pytest

WIKI = "https://wiki.example.org"


def test_a_first_app_is_for_everyone_and_the_list_says_how_to_begin(run):
    assert "There is none yet. The first one: flask apps add wiki" in run("apps", "list")
    said = run("apps", "add", "wiki", "https://Wiki.example.org/", "--title", "Our wiki")
    assert said == f"wiki is behind the gate, once nginx asks it for {WIKI}.\n"
    assert run("apps", "list") == f"wiki  {WIKI}  Our wiki\n"
    assert run("apps", "show", "wiki") == f"Our wiki, {WIKI}\n  /  for everyone who is signed in\n"


def test_rules_are_added_replaced_and_removed(run, fail, wiki):
    assert run("apps", "rule", "wiki", "/admin", "--allow", "group:staff") == (
        "wiki has 3 rules now.\n"
    )
    args = ("--allow", "bob@example.org", "--allow", "group:staff", "--fresh", "90")
    run("apps", "rule", "wiki", "/admin", *args, "--proofs", "passkey")
    assert (
        "  /admin  for bob@example.org and the group staff, with a passkey, "
        "not longer ago than 90 minutes\n" in run("apps", "show", "wiki")
    )
    assert run("apps", "rule", "wiki", "/admin", "--remove") == "wiki has 2 rules now.\n"
    assert "wiki has no rule for /admin." in fail("apps", "rule", "wiki", "/admin", "--remove")
    assert "Say whom it allows" in fail("apps", "rule", "wiki", "/admin")
    assert "Say whom" in fail("apps", "rule", "wiki", "/admin", "--remove", "--allow", "anyone")


@pytest.mark.parametrize("name", ["\udcff", "\x00", "a\nb"])
def test_a_name_that_no_terminal_can_show_is_written_out(fail, name):
    assert ascii(name) in fail("apps", "show", name)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("add", "Wiki", WIKI), "a name has 1 to 40"),
        (("add", "wiki", "wiki.example.org"), "an address is scheme and host"),
        (("add", "wiki", "https://auth.example.org"), "is the host of this site itself"),
        (("add", "wiki", WIKI, "--allow", "nobody"), "nobody names nobody. Say anyone"),
        (("add", "wiki", WIKI, "--allow", "anyone", "--proofs", "two"), "asks for no proofs"),
        (("show", "wiki"), "There is no app wiki. There are: none yet."),
        (("rule", "wiki", "/", "--allow", "anyone"), "There is no app wiki."),
        (("remove", "wiki", "--yes"), "There is no app wiki."),
        (("guest", "wiki", "bob@example.org", "--end"), "There is no app wiki."),
    ],
)
def test_what_cannot_be_done_is_said_in_words(fail, args, said):
    assert said in fail("apps", *args)


def test_a_name_and_an_address_are_taken_once(run, fail, wiki):
    assert "There is an app wiki already" in fail("apps", "add", "wiki", "https://w.example.org")
    assert f"The host of {WIKI} has another app." in fail("apps", "add", "other", WIKI)


def test_removing_asks_first(app, run, wiki):
    asked = app.test_cli_runner().invoke(args=["apps", "remove", "wiki"], input="n\n")
    assert (asked.exit_code, "Have the gate let nobody through" in asked.output) == (1, True)
    assert "wiki is removed." in run("apps", "remove", "wiki", "--yes")
    assert "none yet" in run("apps", "list")


def test_guests_have_a_last_day(run, fail, wiki, clock):
    said = run("apps", "guest", "wiki", "Bob@example.org", "--until", "2026-03-05")
    assert said == "Bob@example.org is a guest of wiki until 2026-03-06 00:00 UTC.\n"
    assert "guest at /: bob@example.org until 2026-03-06 00:00 UTC" in run("apps", "show", "wiki")
    run("apps", "guest", "wiki", "bob@example.org", "--until", "2026-03-03", "--path", "/admin")
    (*_, first, second) = json.loads(run("apps", "show", "wiki", "--json"))["guests"]
    assert (first["path"], second["path"]) == ("/", "/admin")
    assert run("apps", "guest", "wiki", "bob@example.org", "--end") == (
        "bob@example.org is no guest any more.\n"
    )
    assert "is no guest of wiki." in fail("apps", "guest", "wiki", "bob@example.org", "--end")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "Say until when"),
        (("--until", "2026-03-05", "--end"), "Say until when"),
        (("--until", "tomorrow"), "tomorrow is no day"),
        (("--until", "2026-03-02"), "2026-03-02 is over."),
        (("--until", "2026-03-05", "--path", "/other"), "wiki has no rule for /other. It has: /,"),
        (("--until", "2026-03-05", "--path", "x"), "wiki has no rule for x."),
    ],
)
def test_a_guest_needs_a_day_and_a_rule(fail, wiki, clock, args, said):
    assert said in fail("apps", "guest", "wiki", "bob@example.org", *args)


def test_a_file_moves_apps_to_another_server(run, wiki, tmp_path):
    file = tmp_path / "apps.toml"
    file.write_text(run("apps", "export"))
    assert run("apps", "import", str(file)) == "wiki: stays the same\n"
    file.write_text(file.read_text().replace("Our wiki", "Wiki"))
    assert run("apps", "import", str(file), "--dry-run") == "wiki: would be changed\n"
    assert "Our wiki" in run("apps", "list")
    assert run("apps", "import", str(file)) == "wiki: changed\n"
    run("apps", "remove", "wiki", "--yes")
    assert run("apps", "import", str(file)) == "wiki: added\n"
    assert run("apps", "export") == file.read_text()


def test_a_file_with_one_fault_changes_nothing(run, fail, wiki, tmp_path):
    file = tmp_path / "apps.toml"
    file.write_text(
        f'[[apps]]\nname = "new"\nurl = "{WIKI}"\n[[apps]]\nname = "B"\nurl = "https://b.example"\n'
    )
    assert "Nothing was changed.\napp 2 (B): a name has" in fail("apps", "import", str(file))
    file.write_text(
        f'[[apps]]\nname = "a"\nurl = "https://a.example.org"\n'
        f'[[apps]]\nname = "new"\nurl = "{WIKI}"\n'
    )
    assert f"The host of {WIKI}, of new, has another app." in fail("apps", "import", str(file))
    assert run("apps", "list").count("\n") == 1
    file.write_bytes(b"\xff")
    assert "The file is no UTF-8 text." in fail("apps", "import", str(file))


def test_programs_read_json(run, wiki):
    (app,) = json.loads(run("apps", "list", "--json"))
    assert (app["name"], app["url"], app["guests"]) == ("wiki", WIKI, [])
    assert app["rules"][1] == {"path": "/admin", "allow": ["group:admins"], "proofs": "two"}


def test_groups_have_members(run, fail, alice, bob):
    assert "There is none yet." in run("groups", "list")
    said = run("groups", "add", "office", alice.address, bob.address)
    assert said == "2 added to office, 0 there already.\n"
    assert run("groups", "add", "office", alice.address) == "0 added to office, 1 there already.\n"
    assert run("groups", "list") == "office  2 members\n"
    said = run("groups", "remove", "office", alice.address)
    assert said == "1 removed from office, 0 were no members.\n"
    assert json.loads(run("groups", "list", "--json")) == {"office": 1}
    assert "A group has 1 to 40" in fail("groups", "add", "The office", alice.address)
    assert "belongs to nobody" in fail("groups", "add", "office", "nobody@example.org")
