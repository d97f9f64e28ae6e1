"""Limits count networks: one IPv4 address, or one /64 of IPv6."""

import pytest

from otpapp.rules.visitor import Visitor


@pytest.fixture
def database_url(sqlite_url) -> str:
    """Nothing here needs a database."""
    return sqlite_url


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("", ""),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:0DB8:0001:0002::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::1", "::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
    ],
)
def test_the_network_of_a_visitor(ip, network):
    """X24."""
    assert Visitor(ip).network == network
