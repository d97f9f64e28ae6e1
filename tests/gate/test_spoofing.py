"""X25: no header that a client sends tells an app who somebody is."""

import pytest

from tests.helpers.gated import TO_SIGN_IN

SPOOFS = {
    "as it is spelled": ("Remote-User: admin@example.org",),
    "in lower case": ("remote-user: admin@example.org",),
    "in capitals": ("REMOTE-USER: admin@example.org",),
    "twice": ("Remote-User: admin@example.org", "Remote-User: root@example.org"),
    "with an underscore": ("Remote_User: admin@example.org",),
    "with a dot": ("Remote.User: admin@example.org",),
    "groups": ("Remote-Groups: admins,office",),
    "email and name": ("Remote-Email: admin@example.org", "Remote-Name: The admin"),
    "the proofs": ("Remote-Method: passkey",),
    "the signed one": ("Remote-Token: eyJhbGciOiJub25lIn0.e30.", "Remote_Token: x"),
    "named to be dropped": ("Connection: Remote-User", "Remote-User: admin@example.org"),
    "as if from the check": ("X-Original-URL: http://x/public", "X-Accel-Redirect: /public"),
    "an empty one": ("Remote-User:", "Remote-Groups: "),
    "with blanks about": ("Remote-User:\tadmin@example.org ",),
}
OURS = ("remote-user", "remote-email", "remote-name", "remote-groups", "remote-method")


def identity(heard) -> dict[str, list[str]]:
    """Return every header that a backend could take for ours, however it spells names."""
    return {
        name: values
        for name, values in heard.seen.items()
        if name.replace("_", "-").replace(".", "-").startswith("remote-")
    }


@pytest.mark.parametrize("lines", SPOOFS.values(), ids=SPOOFS)
@pytest.mark.parametrize("path", ["/page", "/public/page"])
def test_of_who_is_signed_in_an_app_sees_only_what_we_say(site, alice, address, lines, path):
    heard = alice.get(site.wiki + path, *lines)
    assert heard.status == 200
    assert identity(heard) == {
        "remote-user": [address],
        "remote-email": [address],
        "remote-method": ["email"],
    }


@pytest.mark.parametrize("lines", SPOOFS.values(), ids=SPOOFS)
def test_of_who_is_not_an_app_sees_nothing(site, stranger, lines):
    heard = stranger.get(f"{site.wiki}/public/page", *lines)
    assert heard.status == 200
    assert identity(heard) == {}
    assert stranger.get(f"{site.wiki}/page", *lines).status in TO_SIGN_IN


@pytest.mark.parametrize("lines", SPOOFS.values(), ids=SPOOFS)
def test_no_header_makes_a_member_of_a_group(site, alice, lines):
    assert alice.get(f"{site.wiki}/admin/x", *lines).status == 403


ABOUT_THE_VISITOR = (
    "X-Forwarded-For: 127.0.0.1",
    "X-Real-IP: 127.0.0.1",
    "X-Forwarded-Uri: /public/x",
    "X-Forwarded-Host: other.example",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Method: OPTIONS",
    "X-Original-URL: http://wiki.localhost/public/x",
    "X-Original-Method: OPTIONS",
    "X_Original_URL: http://wiki.localhost/public/x",
    "X-Rewrite-URL: /public/x",
    # WSGI servers fold what a name has in place of a dash, and granian takes the last that comes.
    "X_Forwarded_Uri: /public/x",
    "X_FORWARDED_URI: /public/x",
    "X-Forwarded_Uri: /public/x",
    "X.Forwarded.Uri: /public/x",
    "X_Forwarded_Host: other.example",
    "X_Forwarded_Proto: https",
    "X_Forwarded_Method: OPTIONS",
    "Connection: X-Forwarded-Uri, X-Original-URL",
    "X-HTTP-Method-Override: OPTIONS",
    "User-Agent: kube-probe/1.0",
    "User-Agent: GoogleHC/1.0",
)


@pytest.mark.parametrize("line", ABOUT_THE_VISITOR)
def test_no_header_opens_what_is_closed(site, stranger, line):
    """CVE-2026-40575 and CVE-2026-34457 of oauth2-proxy, CVE-2024-47070 of authentik."""
    assert stranger.get(f"{site.wiki}/admin/x", line).status in TO_SIGN_IN


UPGRADE = ("Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABk")


def test_no_connection_to_the_app_becomes_one_that_is_not_checked(site, alice):
    """Requests inside of HTTP/2 on a connection that was upgraded to it would pass no check."""
    seen = alice.get(f"{site.wiki}/x", *UPGRADE).seen
    assert "upgrade" not in seen
    assert "h2c" not in str(seen)


def test_the_host_of_the_backend_is_the_app_s_whatever_was_sent(site, alice):
    heard = alice.get(f"{site.wiki}/x", "X-Forwarded-Host: evil.example")
    assert heard.seen["host"] == heard.seen["x-forwarded-host"] == [site.wiki[7:]]
