"""A text message fits into one, whatever the site is called and wherever it is."""

import string
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from otpapp.delivery.codes import GSM_7, Facts, sms_body

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
names = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=40)
hosts = st.text(string.ascii_lowercase + string.digits + ".-", min_size=1, max_size=100)


def facts(site_name: str = "Example", host: str = "auth.example.org", **changes) -> Facts:
    """Return what a text message says."""
    usual = {
        "code": "012345",
        "reference": "BCD",
        "works_for": "10 minutes",
        "until": NOON,
        "asked_at": NOON,
    }
    usual |= {"browser": "Firefox on Linux", "ip": "192.0.2.1", "url": f"https://{host}"}
    usual |= {"answered": "in the browser that asked", "stop_url": f"https://{host}/not-me/x"}
    return Facts(**{**usual, **changes}, site_name=site_name, host=host)


@given(
    names,
    hosts,
    st.sampled_from(["012345", "98765432"]),
    st.sampled_from(["10 minutes", "1 minute", "59 seconds"]),
)
@example("Example", "h" * 100, "98765432", "10 minutes")
@example("🦊" * 40, "h" * 100, "98765432", "10 minutes")
@example("[~]{|}\\^€", "auth.example.org", "012345", "10 minutes")
def test_every_text_is_one_gsm_7_message_that_ends_in_its_binding(name, host, code, left):
    body = sms_body(facts(name, host, code=code, works_for=left))
    assert len(body) <= 160
    assert set(body) <= GSM_7
    *_, blank, last = body.split("\n")
    assert (blank, last) == ("", f"@{host} #{code}")
    assert "BCD" in body


@given(names, hosts)
def test_the_code_stands_in_the_first_line_too(name, host):
    first = sms_body(facts(name, host)).split("\n")[0]
    assert "012345" in first.split(".")[0]


@pytest.mark.parametrize(
    ("host", "says"),
    [
        (
            "auth.example.org",
            "012345 is your Example sign-in code. It works for 10 minutes. Don't share it. "
            "Ref: BCD.",
        ),
        (
            "h" * 63,
            "012345 is your Example sign-in code. It works for 10 minutes. Ref: BCD.",
        ),
        ("h" * 80, "012345 is your sign-in code. It works for 10 minutes. Ref: BCD."),
        ("h" * 100, "Code: 012345. Ref: BCD."),
    ],
    ids=["short", "long", "longer", "longest"],
)
def test_a_longer_host_leaves_room_for_less(host, says):
    assert sms_body(facts(host=host)).split("\n")[0] == says


@pytest.mark.parametrize("name", ["Kölner Büro", "Ñandu", "Ærø", "Q&A (test)"])
def test_a_name_that_phones_can_show_in_one_message_is_kept(name):
    assert f"your {name} sign-in code" in sms_body(facts(name))


@pytest.mark.parametrize(
    "name", ["Żółw", "Ñandú", "日本", "🦊", "Curly ’ quote", "[brackets]", "€uro"]
)
def test_a_name_that_would_cost_a_second_message_is_left_out(name):
    assert sms_body(facts(name)).startswith("012345 is your sign-in code. It works")


def test_without_the_name_there_is_room_for_the_warning():
    assert sms_body(facts("[brackets]")).startswith(
        "012345 is your sign-in code. It works for 10 minutes. Don't share it. Ref: BCD."
    )
