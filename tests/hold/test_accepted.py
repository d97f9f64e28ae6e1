"""Whatever is sent, what is accepted of it has a shape that the rest relies on (A4)."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otpapp.rules import codes, identifiers
from otpapp.rules.identifiers import Address, Fault, fold_tag
from otpapp.settings import BadSettings, Settings, from_env
from otpapp.web.redirects import safe_path
from tests.conftest import make_settings

MARKS = (
    "@+.,;:<>()[]{}\"'\\/%&=?#|~^`!* \r\n\t\x00\x0b\x7f\x85\u2028\u200b\u202e\ud7ff٣３²ſıİKßﬁаA0-_"
)
TEXT = st.one_of(st.text(max_size=80), st.text(MARKS, max_size=20))
PARTS = st.one_of(st.just("alice"), st.sampled_from(["ALICE", "alıce", "aſ", "a+b", ""]), TEXT)
DOMAINS = st.one_of(
    st.sampled_from(
        ["example.org", "EXAMPLE.ORG", "ｅxample.org", "example。org", "bücher.example"]
    ),
    TEXT,
)
MAILS = st.builds("{}{}@{}{}".format, TEXT | st.just(""), PARTS, DOMAINS, TEXT | st.just(""))
PHONES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["+1202555", "+44 7911 ", "+33 6 ", "+49(0)151", "00", "+", "٣", ""]),
    st.text("0123456789 ()./-x٣", max_size=16),
    TEXT | st.just(""),
)
PATHS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["/", "//", "/\\", "\\", "/.", "https:", "javascript:", "/%2f", "/a/..", ""]),
    st.sampled_from(["evil.example", "/evil.example", "@evil.example", ":8443", ""]),
    TEXT,
)
NOT_IN_A_KEY = re.compile(r"[^!-~]|[\s,;:<>()\[\]\"\\]")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
ORIGIN = "https://auth.example.org"


@pytest.fixture(scope="module")
def ours() -> Settings:
    """Settings of a site that writes to some countries."""
    return replace(make_settings(), sms_regions=frozenset({"US", "GB", "FR"}), phone_region="FR")


@pytest.fixture
def often(soak) -> Callable:
    """How many examples a test tries."""
    return settings(max_examples=200_000 if soak else 2_000, deadline=None)


def test_an_accepted_email_address_is_one_plain_mailbox(ours, often):
    @often
    @given(MAILS | TEXT)
    def holds(typed):
        found = identifiers.parse(typed, ours)
        if isinstance(found, Fault) or found.channel != "email":
            return
        assert not NOT_IN_A_KEY.search(found.key)
        assert found.key.count("@") == 1
        assert found.key == found.key.lower() == found.text.lower()
        assert len(found.key) <= identifiers.LONGEST + 64  # a domain in letters grows as an A-label
        assert "+" not in fold_tag(found.key).partition("@")[0]
        for again in (found.key, found.text):
            assert identifiers.parse(again, ours).key == found.key
        if found.key.startswith("alice@"):
            # X17: no other letter counts as one of these.
            assert re.search("alice@", typed, re.ASCII | re.IGNORECASE)

    holds()


def test_an_accepted_number_is_in_a_country_that_we_write_to(ours, often):
    @often
    @given(PHONES)
    def holds(typed):
        found = identifiers.parse(typed, ours)
        if isinstance(found, Address) and found.channel == "sms":
            assert E164.fullmatch(found.key)
            assert found.key.startswith(("+1", "+44", "+33"))
            for again in (found.key, found.text):
                assert identifiers.parse(again, ours).key == found.key

    holds()


def test_an_accepted_code_is_digits_that_were_typed(often):
    @often
    @given(st.text("0123456789 -.²٣３ab", max_size=40) | TEXT, st.integers(6, 8))
    def holds(typed, digits):
        found = codes.find(typed, digits)
        assert re.fullmatch("[0-9]*", found)
        assert len(found) <= len(typed)

    holds()


def test_an_accepted_path_stays_on_this_site(often):
    @often
    @given(PATHS)
    def holds(typed):
        path = safe_path(typed)
        assert re.fullmatch(r"/[\x21-\x7e]*", path)
        assert "\\" not in path
        for base in (ORIGIN, f"{ORIGIN}/sign-in/code?ref=ABC"):
            assert urlsplit(urljoin(base, path))[:2] == ("https", "auth.example.org")

    holds()


def test_settings_are_taken_or_refused_in_words(often):
    names = st.sampled_from(["PUBLIC_URL", "MAIL_SERVER", "MAIL_PORT", "CODE_DIGITS", "SMS_URL"])
    more = st.sampled_from(["MODE", "SIGN_UP", "SMS_REGIONS", "TRUSTED_PROXIES", "DATABASE_URL"])
    values = TEXT | st.sampled_from(["https://[", "http://a:b", "-1", "9" * 40, "production"])

    @often
    @given(st.dictionaries(names | more, values, max_size=4))
    def holds(changes):
        environ = {f"OTPAPP_{name}": value for name, value in changes.items()}
        try:
            found = from_env({"OTPAPP_SECRET_KEY": "x" * 40, **environ})
        except BadSettings as refused:
            assert str(refused)
        else:
            assert 6 <= found.code_digits <= 8

    holds()
