"""Which address counts for limits: the one that the last trusted proxy saw (X24)."""

import pytest

from tests.helpers.mailbox import text_of
from tests.web.helpers import ALICE

MOST = 2
JUNK = ["junk", "1.1.1.1:99", "unknown", "1.1.1", "::g", "1.1.1.1\x00", "a" * 4000, "é"]


@pytest.fixture
def asked(make_client):
    """Return what asks for codes from each of some addresses; the last answer's status."""

    def ask(proxies: int, *forwarded: str, socket: str = "198.51.100.1") -> int:
        client = make_client(trusted_proxies=proxies, limit_sends_per_ip=MOST)
        client.environ_base["REMOTE_ADDR"] = socket
        for number, value in enumerate(forwarded):
            client.get("/sign-in")
            client.environ_base["HTTP_X_FORWARDED_FOR"] = value
            answer = client.submit("/sign-in", identifier=f"nobody{number}@example.org")
        return answer.status_code

    return ask


def test_without_trusted_proxies_the_header_is_ignored(asked):
    assert asked(0, "203.0.113.1", "203.0.113.2", "203.0.113.3") == 429


def test_with_one_proxy_the_right_most_value_counts(asked):
    assert asked(1, "203.0.113.1", "203.0.113.2", "203.0.113.3") == 303
    assert asked(1, *(f"203.0.113.{n}, 192.0.2.7" for n in range(3))) == 429


def test_with_two_proxies_the_second_from_the_right_counts(asked):
    assert asked(2, *(f"203.0.113.{n}, 192.0.2.{n}, 192.0.2.99" for n in range(3))) == 303
    assert asked(2, *(f"203.0.113.{n}, 192.0.2.8, 192.0.2.{n}" for n in range(3))) == 429


@pytest.mark.parametrize("junk", JUNK)
def test_what_is_no_address_never_counts_for_one(asked, junk):
    assert asked(1, junk, f"1.2.3.4, {junk}", f"5.6.7.8,{junk}") == 429


def test_junk_of_many_kinds_is_one_and_the_same(asked):
    assert asked(1, "junk", "other junk", "1.1.1.1:99") == 429


def test_of_an_ipv6_address_its_network_counts(asked):
    assert asked(1, "2001:db8::1", "2001:db8::2", "2001:db8::ffff:1") == 429
    assert asked(1, "2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1") == 303


def test_an_ipv4_address_in_ipv6_clothes_is_the_same_address(asked):
    assert asked(1, "192.0.2.55", "::ffff:192.0.2.55", "::ffff:c000:237") == 429


@pytest.mark.parametrize(
    ("proxies", "shown"), [(0, "198.51.100.1"), (1, "192.0.2.7")], ids=["direct", "behind a proxy"]
)
def test_the_mail_names_the_address_that_counts(make_client, mailbox, alice, proxies, shown):
    client = make_client(trusted_proxies=proxies)
    client.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9, 192.0.2.7"
    client.ask(ALICE)
    assert f"IP {shown}." in text_of(mailbox.newest_for(ALICE))


@pytest.mark.parametrize("scheme", ["https://[", "ftp", "javascript", ""])
def test_a_scheme_that_a_proxy_passed_on_breaks_nothing(make_client, scheme):
    client = make_client(trusted_proxies=1)
    answer = client.get("/sign-in", headers={"X-Forwarded-Proto": scheme})
    assert answer.status_code == (400 if scheme else 200)


def test_the_zone_of_an_address_is_left_out(asked):
    assert asked(1, "fe80::1%eth0", "fe80::1%eth1", "fe80::1") == 429
