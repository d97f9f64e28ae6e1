"""Slow clients through the shipped nginx leave others unaffected (X39)."""

import time
from pathlib import Path

import pytest
import requests

from tests.helpers.mailbox import code_in
from tests.helpers.nginx import NAME, Nginx, nginx
from tests.helpers.portal import Portal, behind_nginx
from tests.helpers.slow import BODY, FORM, KINDS, Kind, SlowClients
from tests.helpers.visitor import HttpVisitor, wait_for

COUNT = 200
PAGE_SECONDS = 1.0  # without nginx's help none comes within ten; a quiet machine takes 0.02
HANGS = 2.0  # seconds
LAST_CUT = 30.0  # seconds; the longest need 15
HELD = 64  # the most requests under way from one address
NEIGHBOUR = "server { listen 80; }"
ALICE = "alice@example.org"


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal behind an nginx that has another site first, as Debian's has."""
    with behind_nginx(tmp_path_factory.mktemp("portal"), NEIGHBOUR) as running:
        yield running


def sign_in(portal: Portal, person: HttpVisitor) -> None:
    """Have a code sent, and sign in with it."""
    person.ask(ALICE)
    assert "You are signed in" in person.answer(code_in(portal.mail_for(ALICE)))


def page(site: Nginx, source: str = "127.0.0.9", timeout: float = 20, **headers: str) -> int:
    """Return the status of the entry page on a new connection."""
    browser = site.browser(source)
    return browser.get(f"{site.url}/sign-in", timeout=timeout, headers=headers).status_code


def hangs(site: Nginx) -> bool:
    """Say whether the entry page does not come."""
    try:
        page(site, timeout=HANGS)
    except requests.Timeout:
        return True
    return False


def seconds_of_pages(site: Nginx, lasting: float = 2) -> list[float]:
    """Open the entry page again and again; return how long each took, the shortest first."""
    browser, took, end = site.browser("127.0.0.9"), [], time.monotonic() + lasting
    while time.monotonic() < end:
        began = time.perf_counter()
        assert browser.get(f"{site.url}/sign-in", timeout=20).status_code == 200
        took.append(time.perf_counter() - began)
    return sorted(took)


def half_taken(portal: Portal) -> int:
    """Return how many answers the app waits to see taken, by the bytes that wait in sockets."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    at = f":{portal.server.port:04X}"
    waiting = [line for line in lines if line[4] != "00000000:00000000"]
    return sum(line[1].endswith(at) or line[2].endswith(at) for line in waiting)


def test_two_hundred_slow_clients_are_felt_by_nobody_and_cut_off_in_the_end(portal):
    with SlowClients(portal.nginx, KINDS, COUNT, sources=4) as slow:
        sign_in(portal, HttpVisitor(portal.nginx, portal.nginx.browser("127.0.0.9")))
        took = seconds_of_pages(portal.nginx)
        wait_for(lambda: half_taken(portal) == 0, seconds=5)
        assert sum(slow.left_after(0).values()) >= COUNT / 5, "they were not there all the time"
        assert took[int(len(took) * 0.95)] < PAGE_SECONDS
        assert slow.left_after(LAST_CUT) == {}
    assert "temporary file" not in portal.nginx.log


def test_without_request_buffering_slow_bodies_hold_everybody(portal, tmp_path):
    careless = {"proxy_request_buffering on;": "proxy_request_buffering off;"}
    with nginx(tmp_path / "nginx", portal.server.port, careless) as open_door:
        assert page(open_door) == 200
        with SlowClients(open_door, (BODY,), 2):
            wait_for(lambda: hangs(open_door))
        wait_for(lambda: not hangs(open_door))


def test_one_address_holds_some_requests_and_nobody_but_itself(portal):
    with SlowClients(portal.nginx, (BODY,), HELD - 1):
        assert page(portal.nginx, "127.0.1.1") == 200
        with SlowClients(portal.nginx, (BODY,), 1):
            wait_for(lambda: page(portal.nginx, "127.0.1.1") == 429)
            assert page(portal.nginx, "127.0.0.9") == 200
    wait_for(lambda: page(portal.nginx, "127.0.1.1") == 200)


def test_of_ipv6_addresses_a_whole_network_counts_as_one(portal, tmp_path):
    trusting = "set_real_ip_from 127.0.0.0/8; real_ip_header X-Test;"
    with nginx(tmp_path / "nginx", portal.server.port, before=trusting) as one_house:
        kinds = tuple(comes_from(f"2001:db8:0:a0d:{n:x}::1") for n in range(HELD))
        with SlowClients(one_house, kinds, HELD):
            wait_for(lambda: page(one_house, **{"X-Test": "2001:db8:0:a0d::9"}) == 429)
            for other in ("2001:db8:0:a0e::9", "2001:db9:0:a0d::9", "192.0.2.1"):
                assert page(one_house, **{"X-Test": other}) == 200


def comes_from(address: str) -> Kind:
    """Return somebody who drips a body and seems to be at `address`."""
    mark = f"Host: {NAME}\r\n".encode()
    return Kind(address, FORM.replace(mark, mark + f"X-Test: {address}\r\n".encode()))
