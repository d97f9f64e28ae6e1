"""Which text is an email address, and which spellings are the same mailbox."""

import pytest

from otpapp.rules.identifiers import Address, Fault, fold_tag, parse
from tests.conftest import make_settings

SETTINGS = make_settings()
CLASS = make_settings(mode="classroom", public_url="http://127.0.0.1:5000", sms_url="")


@pytest.fixture
def database_url(sqlite_url) -> str:
    """Nothing here needs a database."""
    return sqlite_url


@pytest.mark.parametrize(
    ("typed", "key", "text"),
    [
        ("alice@example.org", "alice@example.org", "alice@example.org"),
        (" Alice@Example.ORG\n", "alice@example.org", "Alice@example.org"),
        ("\u200ealice@example.org\u202c", "alice@example.org", "alice@example.org"),
        ("alice\u00a0@example.org", None, None),
        ("a+tag@example.org", "a+tag@example.org", "a+tag@example.org"),
        ("o'hara@example.org", "o'hara@example.org", "o'hara@example.org"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a@bücher.example", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a@ｅxample.com", "a@example.com", "a@example.com"),
        ("a@example。com", "a@example.com", "a@example.com"),
        ("someone@house.local", "someone@house.local", "someone@house.local"),
        ("someone@class.test", "someone@class.test", "someone@class.test"),
    ],
)
def test_an_address_has_one_key_and_stays_readable(typed, key, text):
    found = parse(typed, SETTINGS)
    if key is None:
        assert found is Fault.EMAIL
    else:
        assert found == Address("email", key, text)


@pytest.mark.parametrize("typed", ["", " ", "\u00a0\u3000", "\u200e"])
def test_nothing_typed_is_said_as_such(typed):
    assert parse(typed, SETTINGS) is Fault.EMPTY


@pytest.mark.parametrize(
    "typed",
    [
        "@",
        "@example.org",
        "alice@",
        "alice@example",
        "alice@localhost",
        "alice@@example.org",
        "a@b@example.org",
        "alice@example..org",
        ".alice@example.org",
        "alice.@example.org",
        "alice@-example.org",
        "alice@127.0.0.1",
        "alice@[127.0.0.1]",
        "alice@example.123",
        '"a b"@example.org',
        '"a@b"@example.org',
        "Alice <alice@example.org>",
        "alice@example.org, evil@example.org",
        "alice@example.org,evil@example.org",
        "alice@example.org;evil@example.org",
        "alice@example.org evil@example.org",
        "alice@example.org SIZE=1",
        "alice@example.org?bcc=evil@example.org",
        "<alice@example.org>",
        "mailto:alice@example.org",
    ],
)
def test_what_is_no_single_mailbox_is_refused(typed):
    assert parse(typed, SETTINGS) is Fault.EMAIL


@pytest.mark.parametrize(
    "letter",
    [
        *("\r\n", "\n", "\r", "\x0b", "\x0c", "\x00", "\x1b", "\x85", "\t"),
        *("\u2028", "\u2029", "\u200b", "\u200d", "\ufeff", "\ud800", "\u00ad"),
    ],
)
@pytest.mark.parametrize(
    "place", ["alice{}@example.org", "alice@example{}.org", "al{}@a.org, b@c.org"]
)
def test_no_invisible_letter_gets_into_an_address(letter, place):
    """X15."""
    assert parse(place.format(letter), SETTINGS) in (Fault.NEITHER, Fault.EMAIL, Fault.LETTERS)


@pytest.mark.parametrize(
    "typed",
    [
        "ſam@example.org",
        "ıan@example.org",
        "İan@example.org",
        "straße@example.org",
        "ｓam@example.org",
        "ﬁn@example.org",
        "аlice@example.org",
        "\u212aelvin@example.org",
        "é@example.org",
        "e\u0301@example.org",
        "😀@example.org",
        "alice＠example.org",
    ],
)
def test_letters_that_look_or_fold_like_others_are_refused_before_the_at(typed):
    """X17."""
    assert parse(typed, SETTINGS) in (Fault.LETTERS, Fault.EMAIL)


def test_too_long_a_text_is_refused():
    assert parse("a@" + "b." * 200 + "org", SETTINGS) is Fault.NEITHER
    assert isinstance(parse("a@" + ".".join(["b" * 50] * 4) + ".org", SETTINGS), Address)


@pytest.mark.parametrize(
    ("key", "folded"),
    [
        ("alice+1@example.org", "alice@example.org"),
        ("alice+a+b@example.org", "alice@example.org"),
        ("alice@example.org", "alice@example.org"),
        ("alice@a+b.org", "alice@a+b.org"),
        ("+12025550143", "+12025550143"),
    ],
)
def test_limits_do_not_see_tags(key, folded):
    """X18."""
    assert fold_tag(key) == folded


def test_tags_are_still_different_mailboxes():
    one, other = (parse(f"alice+{tag}@example.org", SETTINGS) for tag in "ab")
    assert one.key != other.key
    assert one.limit_key == other.limit_key == "alice@example.org"


def test_the_domain_of_an_address_is_what_sign_up_asks_for():
    assert parse("Alice@Mail.Example.ORG", SETTINGS).domain == "mail.example.org"
    assert parse("+1 202 555 0143", SETTINGS).domain == ""


@pytest.mark.parametrize(
    "typed", ["ada@class.example", "Ada@CLASS.example", "+1 202 555 0143", "+46 70 174 06 12"]
)
def test_a_classroom_takes_who_is_made_up(typed):
    assert isinstance(parse(typed, CLASS), Address)


@pytest.mark.parametrize(
    "typed",
    [
        *("ada@example.org", "ada@class.example.org", "ada@sub.class.example"),
        *("ada@class.example@evil.org", "+1 202 555 1143", "+46 70 174 12 12", "+41 78 123 45 67"),
    ],
)
def test_a_classroom_takes_nobody_who_could_be_real(typed):
    assert parse(typed, CLASS) in (Fault.REAL, Fault.EMAIL)


def test_elsewhere_made_up_addresses_are_like_any_other():
    assert isinstance(parse("ada@class.example", make_settings()), Address)
