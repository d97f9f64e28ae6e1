"""Who may open what: one place decides."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from otpapp.models import Proof
from otpapp.rules.gate.deciding import Answer, Decision, Somebody, admitted_as, decide
from otpapp.rules.gate.rules import Rule, canonical_path
from otpapp.rules.gate.wanted import read
from tests.conftest import make_settings
from tests.rules.gate.test_wanted import HOST, SPELLINGS

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
MAIL, APP = Proof("email", NOW - timedelta(minutes=30)), Proof("totp", NOW - timedelta(minutes=5))
ALL = Rule("/", ("everyone",))
ADMIN = Rule("/admin", ("group:admins",))
PUBLIC = Rule("/public", ("anyone",))
SITE = (ALL, ADMIN, PUBLIC)


def somebody(**changes) -> Somebody:
    known = {
        "user_id": uuid4(),
        "role": "member",
        "addresses": ("alice@example.org",),
        "groups": (),
        "proofs": (MAIL,),
    }
    return Somebody(**known | changes)


def answer(rules, path: str = "/", who: Somebody | None = None, **settings) -> Answer:
    wanted = read(HOST + path)
    assert wanted
    return decide(tuple(rules), wanted, who, make_settings(**settings), NOW).answer


@pytest.mark.parametrize(
    ("path", "signed_in", "expected"),
    [
        ("/", False, Answer.SIGN_IN),
        ("/", True, Answer.ENTER),
        ("/administrator", True, Answer.ENTER),
        ("/admin", False, Answer.SIGN_IN),
        ("/admin/x", True, Answer.REFUSED),
        ("/public", False, Answer.ENTER),
        ("/public/x", False, Answer.ENTER),
        ("/publications", False, Answer.SIGN_IN),
    ],
)
def test_the_longest_path_decides(path, signed_in, expected):
    assert answer(SITE, path, somebody() if signed_in else None) is expected


@pytest.mark.parametrize("rules", [SITE, SITE[::-1]])
def test_in_whichever_order_they_stand(rules):
    assert answer(rules, "/admin/x", somebody()) is Answer.REFUSED


def test_the_hardest_answer_counts_most():
    assert [Answer.ENTER, Answer.PROVE, Answer.SIGN_IN, Answer.REFUSED] == [0, 1, 2, 3]


def test_where_no_rule_fits_it_is_refused():
    assert decide((), read(HOST), somebody(), make_settings(), NOW) == Decision(Answer.REFUSED)
    assert answer([PUBLIC], "/other", somebody()) is Answer.REFUSED
    assert answer([PUBLIC], "/other") is Answer.REFUSED


@pytest.mark.parametrize("path", SPELLINGS)
def test_what_servers_could_differ_about_every_rule_must_let_pass(path):
    """X26."""
    assert answer(SITE, path) is Answer.SIGN_IN, "nobody comes in without signing in"
    assert answer(SITE, path, somebody()) is Answer.REFUSED
    assert answer(SITE, path, somebody(groups=("admins",))) is Answer.ENTER
    assert answer([PUBLIC], path) is Answer.REFUSED, "perhaps it is a path that no rule covers"
    assert answer([Rule("/", ("anyone",)), PUBLIC], path) is Answer.ENTER


ALIKE = [
    "/Admin",
    "/ADMIN/x",
    "/admin%3fx",
    "/admin%23x",
    "/admin.",
    "/admin%20/x",
    "/admin%20.%20./x",
    "/%EF%BD%81dmin",
]


@pytest.mark.parametrize("path", ALIKE)
def test_what_a_server_takes_for_the_path_of_another_rule_that_rule_must_let_pass_too(path):
    """X26: case, forms of letters, what was encoded to look like an end, dots at the end."""
    closed = (ALL, ADMIN, PUBLIC, Rule("/office", ("group:office",)))
    assert answer(closed, path) is Answer.SIGN_IN
    assert answer(closed, path, somebody()) is Answer.REFUSED
    assert answer(closed, path, somebody(groups=("admins",))) is Answer.ENTER
    assert answer([ADMIN], path, somebody(groups=("admins",))) is Answer.REFUSED


@pytest.mark.parametrize("path", ["/Public", "/PUBLIC/x", "/public%3f", "/public./x", "/public%20"])
def test_what_only_some_servers_take_for_an_open_path_is_closed(path):
    assert answer(SITE, path) is Answer.SIGN_IN
    assert answer(SITE, path, somebody()) is Answer.ENTER
    assert answer([PUBLIC], path, somebody()) is Answer.REFUSED


def test_letters_with_an_accent_may_come_in_two_pieces():
    """macOS keeps é as e and an accent; what is typed has one letter."""
    rules = (ALL, Rule("/caf\u00e9", ("group:staff",)))
    assert answer(rules, "/cafe%CC%81", somebody()) is Answer.REFUSED
    assert answer(rules, "/cafe", somebody()) is Answer.ENTER
    assert canonical_path("/cafe\u0301") == "/caf\u00e9"


def test_two_rules_that_some_servers_take_for_one_must_both_let_pass():
    rules = (ALL, ADMIN, Rule("/Admin", ("group:office",)))
    assert answer(rules, "/admin", somebody(groups=("admins",))) is Answer.REFUSED
    assert answer(rules, "/Admin", somebody(groups=("admins", "office"))) is Answer.ENTER


@pytest.mark.parametrize("path", ["/What%3F", "/C%23", "/etc.", "/%E2%80%A6", "/Caf%C3%89"])
def test_an_honest_address_has_the_rule_of_its_app(path):
    assert answer(SITE, path, somebody()) is Answer.ENTER
    assert answer(SITE, "/public" + path) is Answer.ENTER


@pytest.mark.parametrize(
    ("allow", "changes", "entry"),
    [
        ("everyone", {}, "everyone"),
        ("alice@example.org", {}, "alice@example.org"),
        ("bob@example.org", {}, ""),
        ("group:office", {"groups": ("office",)}, "group:office"),
        ("group:office", {"groups": ("offices",)}, ""),
        ("group:office", {"addresses": ("group:office@example.org",)}, ""),
        ("group:office", {"guest_of": ("/",)}, "guest"),
        ("group:office", {"guest_of": ("/admin",)}, ""),
    ],
)
def test_by_what_somebody_is_let_in(allow, changes, entry):
    rule, who = Rule("/", ("carol@example.org", allow)), somebody(**changes)
    assert admitted_as(rule, who) == entry
    assert answer([rule], "/", who) is (Answer.ENTER if entry else Answer.REFUSED)


@pytest.mark.parametrize(
    ("asks", "site", "role", "proofs", "expected"),
    [
        ("one", "one", "member", (MAIL,), Answer.ENTER),
        ("two", "one", "member", (MAIL,), Answer.PROVE),
        ("two", "one", "member", (MAIL, APP), Answer.ENTER),
        ("two", "one", "member", (MAIL, Proof("browser", NOW)), Answer.ENTER),
        ("passkey", "one", "member", (MAIL, APP), Answer.PROVE),
        ("passkey", "one", "member", (Proof("passkey", NOW),), Answer.ENTER),
        ("one", "two", "member", (MAIL,), Answer.PROVE),
        ("one", "one", "admin", (MAIL,), Answer.PROVE),
        ("one", "one", "member", (), Answer.PROVE),
    ],
)
def test_what_must_be_proved_is_the_stricter_of_rule_and_site(asks, site, role, proofs, expected):
    who = somebody(role=role, proofs=proofs)
    assert answer([Rule("/", ("everyone",), asks)], "/", who, proofs=site) is expected


@pytest.mark.parametrize(
    ("minutes", "proofs", "expected"),
    [
        (31, (MAIL,), Answer.ENTER),
        (30, (MAIL,), Answer.PROVE),
        (6, (MAIL, APP), Answer.ENTER),
        (5, (MAIL, APP), Answer.PROVE),
        (31, (MAIL, Proof("browser", NOW)), Answer.ENTER),
        (30, (MAIL, Proof("browser", NOW)), Answer.PROVE),
        (30, (Proof("email", NOW),), Answer.ENTER),
        (30, (Proof("email", NOW + timedelta(seconds=5)),), Answer.ENTER),
        (30, (Proof("email", NOW + timedelta(seconds=6)),), Answer.PROVE),
    ],
)
def test_a_proof_must_be_as_fresh_as_the_rule_says(minutes, proofs, expected):
    rule = Rule("/", ("everyone",), fresh=timedelta(minutes=minutes))
    assert answer([rule], "/", somebody(proofs=proofs)) is expected


def test_who_is_not_meant_is_not_asked_for_more():
    rule = Rule("/", ("group:office",), "two")
    assert answer([rule], "/", somebody()) is Answer.REFUSED
