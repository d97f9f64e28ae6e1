"""X28: the gate gets its own cookies, and the app all others, however a browser sends them."""

import pytest

from tests.helpers.gated import TO_SIGN_IN

ZOE = "name=Zo\xc3\xab"  # as browsers send what a script wrote
LARGE = f"large={'x' * 20_000}"
SENT = {
    "theirs alone": ("{gate}; a=1", "a=1"),
    "before": ("a=1; {gate}", "a=1"),
    "between": ("a=1; {gate}; b=2", "a=1; b=2"),
    "no blanks": ("a=1;{gate};b=2", "a=1;b=2"),
    "all of ours": ("a=1; {gate}; otpapp-browser=x; b=2; __Host-otpapp-again=y", "a=1; b=2"),
    "one after the other": ("otpapp-browser=x; {gate}; otpapp-again=y; a=1", "a=1"),
    "nothing else": ("{gate}; otpapp-browser=x", ""),
    "a name like ours": ("notpapp=1; {gate}; OTPAPP=2", "notpapp=1; OTPAPP=2"),
    "ours as a value": ("a=otpapp-gate; {gate}", "a=otpapp-gate"),
    "beyond ASCII": (ZOE + "; {gate}; a=1", ZOE + "; a=1"),
    "beyond ASCII at the end": ("{gate}; " + ZOE, ZOE),
    "no value": ("a; {gate}; =b", "a; =b"),
    "large": (LARGE + "; {gate}", LARGE),
}


def plain(header: str) -> str:
    """Return a Cookie header with one blank between two cookies."""
    return "; ".join(part.strip() for part in header.split(";"))


@pytest.mark.parametrize("path", ["/x", "/public/x"])
@pytest.mark.parametrize(("sent", "expected"), SENT.values(), ids=SENT)
def test_an_app_gets_all_cookies_but_those_of_the_gate(site, alice, stranger, sent, expected, path):
    gate = f"otpapp-gate={alice.cookies(site.wiki)['otpapp-gate']}"
    heard = stranger.get(site.wiki + path, f"Cookie: {sent.format(gate=gate)}")
    assert heard.status == 200
    assert plain(heard.seen.get("cookie", [""])[0]) == plain(expected)


@pytest.mark.parametrize("count", [5, 9, 40])
def test_no_number_of_cookies_brings_one_of_the_gate_to_an_app(site, alice, stranger, count):
    gate = f"otpapp-gate={alice.cookies(site.wiki)['otpapp-gate']}"
    others = "; ".join(f"a{one}=1; otpapp-{one}=1" for one in range(count))
    for path in ("/x", "/public/x"):
        heard = stranger.get(site.wiki + path, f"Cookie: {gate}; {others}")
        assert heard.status == 200
        assert "otpapp" not in str(heard.seen.get("cookie"))


def test_two_cookies_of_the_gate_open_nothing(site, alice, stranger):
    """X09."""
    gate = f"otpapp-gate={alice.cookies(site.wiki)['otpapp-gate']}"
    for sent in (f"{gate}; a=1; {gate}", f"otpapp-gate=x; {gate}", f"{gate}; otpapp-gate=x"):
        assert stranger.get(f"{site.wiki}/x", f"Cookie: {sent}").status in TO_SIGN_IN


def test_who_holds_odd_and_large_cookies_signs_in_as_anybody(site, stranger, address):
    stranger.cookies(site.wiki)["name"] = "Zo\xc3\xab"
    stranger.cookies(site.wiki)["large"] = "x" * 20_000
    page = site.sign_in(stranger, address)
    assert (page.status, page.seen["remote-user"]) == (200, [address])
    assert ZOE in page.seen["cookie"][0]
    refused = stranger.get(f"{site.wiki}/office")
    assert address.partition("@")[0] in refused.body
