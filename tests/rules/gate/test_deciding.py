"""Who may open what: one place decides."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from otpapp.models import Proof
from otpapp.rules.gate.deciding import Answer, Decision, Somebody, admitted_as, decide
from otpapp.rules.gate.rules import Rule
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


def test_where_no_rule_fits_it_is_refused():
    assert decide((), read(HOST), somebody(), make_settings(), NOW) == Decision(Answer.REFUSED)
    assert answer([PUBLIC], "/other", somebody()) is Answer.REFUSED
    assert answer([PUBLIC], "/other") is Answer.REFUSED


@pytest.mark.parametrize("path", [*SPELLINGS, "/Admin", "/ADMIN/x", "/Public", "/PUBLIC/x"])
def test_what_servers_could_differ_about_every_rule_must_let_pass(path):
    """X26."""
    assert answer(SITE, path) is Answer.SIGN_IN, "nobody comes in without signing in"
    assert answer(SITE, path, somebody()) is Answer.REFUSED
    assert answer(SITE, path, somebody(groups=("admins",))) is Answer.ENTER
    assert answer([PUBLIC], path) is Answer.REFUSED, "perhaps it is a path that no rule covers"
    assert answer([Rule("/", ("anyone",)), PUBLIC], path) is Answer.ENTER


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
        (30, (Proof("email", NOW + timedelta(hours=1)),), Answer.PROVE),
    ],
)
def test_a_proof_must_be_as_fresh_as_the_rule_says(minutes, proofs, expected):
    rule = Rule("/", ("everyone",), fresh=timedelta(minutes=minutes))
    assert answer([rule], "/", somebody(proofs=proofs)) is expected


def test_who_is_not_meant_is_not_asked_for_more():
    rule = Rule("/", ("group:office",), "two")
    assert answer([rule], "/", somebody()) is Answer.REFUSED
