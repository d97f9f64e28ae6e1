"""Apps as a file: what is written can be read, and every fault has its place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from otpapp.rules.gate import files
from otpapp.rules.gate.rules import Rule
from tests.conftest import make_settings
from tests.rules.gate.test_apps import BOOKS, WIKI


def read(text: str) -> files.Read:
    return files.read(text, make_settings())


def test_what_is_written_is_read_as_it_was():
    assert read(files.write([WIKI, BOOKS])) == files.Read((WIKI, BOOKS))
    assert read(files.write([])) == files.Read()
    monthly = replace(WIKI, rules=(Rule("/", ("everyone",), fresh=timedelta(days=30)),))
    assert read(files.write([monthly])).plans == (monthly,)


def test_what_may_be_left_out_is_filled_in():
    (plan,) = read(
        '[[apps]]\nname = "wiki"\nurl = "https://Wiki.example.org/"\n'
        '[[apps.rules]]\npath = "/a/"\nallow = ["Alice@Example.org", "everyone"]\n'
    ).plans
    assert (plan.title, plan.origin) == ("wiki", "https://wiki.example.org")
    (rule,) = plan.rules
    assert (rule.path, rule.allow) == ("/a", ("alice@example.org", "everyone"))
    assert (rule.proofs, rule.fresh) == ("one", None)


APP = '[[apps]]\nname = "wiki"\nurl = "https://wiki.example.org"\n'
RULE = APP + "[[apps.rules]]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[apps", "This is no TOML"),
        ("a = " + "[" * 5000, "This is no TOML"),
        ("a = " + "9" * 5000, "This is no TOML"),
        ("", "A file of apps has tables"),
        ("apps = 1", "A file of apps has tables"),
        ("apps = [1]", "A file of apps has tables"),
        (APP + "[more]\n", "A file of apps has tables"),
        (APP + "color = 1\n", "app 1 (wiki): color is not known here"),
        (APP + "title = 1\n", "app 1 (wiki): name, title and url are texts"),
        (APP + "rules = 1\n", "app 1 (wiki): name, title and url are texts"),
        ('[[apps]]\nurl = "https://w.example.org"\n', "app 1: name, title and url are texts"),
        ('[[apps]]\nname = "w"\nurl = "w.example.org"\n', "app 1 (w): an address is scheme and"),
        (RULE + 'path = "/"\n', "a rule has allow, fresh, path, proofs"),
        (RULE + 'path = "/"\nallow = "everyone"\n', "a rule has allow"),
        (RULE + 'path = "/"\nallow = ["everyone"]\nfresh = true\n', "a rule has allow"),
        (RULE + 'path = "/"\nallow = ["everyone"]\nwho = "x"\n', "a rule has allow"),
        (RULE + 'path = "/"\nallow = ["nobody", 7]\n', "/: nobody names nobody; /: 7 names nobody"),
        (RULE + 'path = "/a/.."\nallow = ["everyone"]\n', "/a/..: a path begins with /"),
        (RULE + f'path = "/"\nallow = ["everyone"]\nfresh = {10**18}\n', "fresh is 1 minute to"),
        (APP + APP, "wiki stands there twice"),
    ],
)
def test_a_fault_is_named_with_its_place(text, said):
    found = read(text)
    assert found.plans == ()
    assert said in found.faults[0]


def test_all_faults_are_named_at_once():
    found = read(APP + APP.replace("wiki", "Wiki") + '[[apps]]\nname = "x"\n')
    assert len(found.faults) >= 2
    assert found.faults[0].startswith("app 2 (Wiki): ")
    assert found.faults[1].startswith("app 3 (x): ")


def test_the_mark_that_some_editors_put_first_is_no_fault():
    assert len(read("\ufeff" + APP).plans) == 1


def test_of_a_long_fault_its_beginning_is_told():
    (fault,) = read(f"[{'a' * 300}]\n" * 2).faults
    assert len(fault.removeprefix("This is no TOML: ")) == 200
