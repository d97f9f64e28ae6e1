"""The choice on the entry page: only this time, or kept on this browser."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from tests.web.helpers import COOKIE, field, is_in, sign_in, words


def set_cookie(answer) -> str:
    (header,) = [
        one for one in answer.headers.getlist("Set-Cookie") if one.startswith(f"{COOKIE}=")
    ]
    return header


def test_only_this_time_is_chosen_beforehand(client):
    client.get("/sign-in")
    chosen = [one for one in client.page.all("input") if "checked" in one]
    assert [one["value"] for one in chosen] == ["once"]


def test_only_this_time_makes_a_cookie_that_ends_with_the_browser(client, alice):
    header = set_cookie(sign_in(client))
    assert "Expires" not in header
    assert "Max-Age" not in header


@pytest.mark.parametrize("chosen", ["", "forever", "KEEP", "true"])
def test_a_choice_that_is_none_is_only_this_time(client, alice, chosen):
    assert "Expires" not in set_cookie(sign_in(client, stay=chosen))


def test_keep_makes_a_cookie_of_30_days(client, alice):
    header = set_cookie(sign_in(client, stay="keep"))
    ends = parsedate_to_datetime(re.search(r"Expires=([^;]+)", header)[1])
    in_30_days = datetime.now(UTC) + timedelta(days=30)
    assert abs(ends - in_30_days) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("choice", "idle"), [("once", {"hours": 1}), ("keep", {"days": 7})], ids=["once", "keep"]
)
def test_a_session_that_is_not_used_ends(client, alice, clock, choice, idle):
    sign_in(client, stay=choice)
    clock.advance(**idle)
    clock.advance(seconds=-1)
    assert is_in(client)
    clock.advance(**idle)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("choice", "step", "most"),
    [
        ("once", timedelta(minutes=50), timedelta(hours=12)),
        ("keep", timedelta(days=6), timedelta(days=30)),
    ],
    ids=["once", "keep"],
)
def test_a_session_that_is_used_all_the_time_ends_all_the_same(
    client, alice, clock, choice, step, most
):
    sign_in(client, stay=choice)
    began = clock.now
    while clock.now + step < began + most:
        clock.now += step
        assert is_in(client), clock.now - began
    clock.now = began + most
    assert not is_in(client)


def test_the_home_page_says_which_was_chosen(client, alice):
    sign_in(client, stay="keep")
    assert "stays signed in" in words(client.get("/").text)


def test_the_choice_survives_a_fault(client):
    client.get("/sign-in")
    client.submit("/sign-in", identifier="nobody", stay="keep")
    chosen = [one for one in client.page.all("input") if "checked" in one]
    assert [one["value"] for one in chosen] == ["keep"]
    assert field(client.page, "identifier")["value"] == "nobody"


def test_the_choice_survives_a_change_of_address(client):
    client.ask("alise@example.org", stay="keep")
    client.get(next(a["href"] for a in client.page.all("a") if "ref=" in (a["href"] or "")))
    chosen = [one for one in client.page.all("input") if "checked" in one]
    assert [one["value"] for one in chosen] == ["keep"]
