"""X25 beside another, laxer site: nginx asks the default server of a port what names may be."""

from collections.abc import Iterator

import pytest

from tests.helpers.gated import Gated, gated
from tests.helpers.wire import Wire

LAX = """
server {{
    listen 127.0.0.1:{port} default_server;
    server_name other.localhost;
    underscores_in_headers on;
    ignore_invalid_headers off;
    return 404;
}}
"""
SPOOFS = ("Remote_User", "Remote_Email", "Remote_Groups", "Remote_Method", "Remote_Token")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Gated]:
    """Our site on a port whose default server is another, laxer one."""
    with gated(tmp_path_factory.mktemp("lax")) as site:
        port = site.wiki.rpartition(":")[2]
        (site.folder / "0-other.site").write_text(LAX.format(port=port))
        site.reload()
        yield site


@pytest.mark.parametrize("path", ["/x", "/public/x"])
def test_what_stands_before_the_host_tells_nobody_who_somebody_is(site, address, path):
    wire = Wire()
    assert site.sign_in(wire, address).status == 200
    held = "; ".join(f"{name}={value}" for name, value in wire.cookies(site.wiki).items())
    forged = "".join(f"{name}: root\r\n" for name in SPOOFS)
    head = f"GET {path} HTTP/1.1\r\n{forged}Host: {site.wiki[7:]}\r\nCookie: {held}\r\n"
    heard = wire.send(site.wiki, head)
    assert heard.status == 200
    assert heard.seen["remote-user"] == [address]
    assert "root" not in str(heard.seen)
