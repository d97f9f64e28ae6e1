"""What arrives behind the proxy: at the gate, at the app, and at the gate's own pages."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from otpapp.commands.doctor.findings import Wrong
from otpapp.commands.doctor.look import CHECK, FORGED, FORGED_ADDRESS, PROBE, THEIRS, Look
from otpapp.web.gate import examining, snippets
from otpapp.web.gate.asked import START


def asked(look: Look) -> Iterator[Wrong]:
    """Yield what is wrong with how the proxy asks the gate."""
    if not look.is_asked:
        yield Wrong(f"nobody asks the gate about {examining.AS_APP}", look.anew)
        return
    heard = look.as_app
    if heard.echo():
        return
    way = urlsplit(heard.location)
    told = dict(parse_qsl(way.query, keep_blank_values=True))
    if way.path == examining.ASKED_WRONGLY:
        yield from _told(look, told)
    elif way.path == START and told.get("rd") == look.origin + examining.AS_APP:
        yield Wrong(
            "the gate is asked without the cookies of whoever asks, or has another secret key",
            look.by_line(f"{CHECK}proxy_set_header Cookie ${look.id}_own;")
            + "; and see that OTPAPP_SECRET_KEY here is the one that the server runs with",
        )
    elif heard.status == 403 or way.path == START:
        yield _header(look, "X-Original-URL", told.get("rd", ""))
    else:
        yield Wrong(
            f"{examining.AS_APP} answers {heard.status}, so we cannot see what the app sees",
            look.anew,
        )


def identity(look: Look) -> Iterator[Wrong]:
    """Yield each header about who somebody is that a client can write (X25), or nobody gets."""
    came = _headers(look.as_app.echo())
    for name, expected in examining.DOCTOR.items():
        if came.get(name, "") != expected:
            what = "as a client sent it" if FORGED in came.get(name, "") else "not from the gate"
            yield Wrong(f"{name} reaches the app {what}", _hand_on(look, name))
    if came.get("Cookie", "") != THEIRS:
        yield Wrong(
            "the app sees the cookie that opens the gate, or not its own",
            look.by_line(
                f"where auth_request stands write: proxy_set_header Cookie ${look.id}_cookie;"
            ),
        )


def underscores(look: Look) -> Iterator[Wrong]:
    """Yield which names with an underscore get through, taken by servers for those with a dash."""
    if FORGED in _headers(look.as_app.echo()).get(PROBE.replace("_", "-"), ""):
        yield Wrong(
            "Remote_User gets through, which apps take for Remote-User",
            look.by_line("in the server block write: underscores_in_headers off;"),
        )
    heard = look.disguised
    if heard is None:
        return
    if FORGED in heard.location:
        yield Wrong(
            "a client can say in X_Original_URL which address the gate is asked for",
            look.by_line(
                f"{CHECK}proxy_pass_request_headers off; and what follows it in the snippet"
            ),
        )
    for name in (name for name, value in _headers(heard.echo()).items() if FORGED in value):
        blank = " ".join(f'proxy_set_header {one} "";' for one in snippets.look_alikes(name))
        yield Wrong(
            f"{name} reaches the app as a client sent it, under a name with an underscore",
            look.by_line(f"before proxy_pass of the app write: {blank}"),
        )


def address(look: Look) -> Iterator[Wrong]:
    """Yield what is wrong with the address under which people come to us."""
    found = look.as_page.echo()
    if found is None:
        yield Wrong(
            f"{examining.AS_PAGE} answers {look.as_page.status}, so no page of the gate is seen",
            look.anew,
        )
        return
    parts, came = urlsplit(look.origin), _headers(found)
    if found["host"] != parts.netloc:
        yield Wrong(f"Host arrives as {found['host']}", _at_pages(look, f"Host {parts.netloc}"))
    sent = came.get("X-Forwarded-Proto", "")
    if sent != parts.scheme:
        yield Wrong(
            f"that people come by {parts.scheme} arrives as {sent or 'nothing'}",
            _at_pages(look, f"X-Forwarded-Proto {parts.scheme}"),
        )
    elif found["scheme"] != parts.scheme and look.settings.trusted_proxies:
        yield Wrong(
            f"X-Forwarded-Proto has fewer values than OTPAPP_TRUSTED_PROXIES says, so it counts as "
            f"{found['scheme']}",
            "set OTPAPP_TRUSTED_PROXIES=1",
        )


def visitor(look: Look) -> Iterator[Wrong]:
    """Yield what keeps us from knowing who a visitor is (X24)."""
    found = look.as_page.echo()
    if found is None:
        return
    written = _headers(found).get("X-Forwarded-For", "")
    values = [one.strip() for one in written.split(",") if one.strip()]
    trusted, line = look.settings.trusted_proxies, "X-Forwarded-For $remote_addr"
    if values in ([], [FORGED_ADDRESS]):
        yield Wrong("a visitor's address is what the visitor says", _at_pages(look, line))
    if trusted == 0:
        yield Wrong(
            "no proxy is trusted though one stands in front: everybody shares its address and its "
            "limits, and https counts as http",
            "set OTPAPP_TRUSTED_PROXIES=1",
        )
    elif len(values) < trusted:
        yield Wrong(
            f"{trusted} proxies are trusted, and X-Forwarded-For names {len(values)}",
            f"set OTPAPP_TRUSTED_PROXIES={max(1, len(values))}",
        )
    elif found["address"] == FORGED_ADDRESS and len(values) > 1:
        yield Wrong(
            f"{trusted} proxies are trusted, one too many: a visitor can write any address",
            f"set OTPAPP_TRUSTED_PROXIES={len(values) - 1}",
        )


def _told(look: Look, told: dict[str, str]) -> Iterator[Wrong]:
    parts = urlsplit(look.origin)
    expected = {
        "X-Original-URL": look.origin + examining.AS_APP,
        "X-Original-Method": "GET",
        "X-Forwarded-Proto": parts.scheme,
        "X-Forwarded-Host": parts.netloc,
        "X-Forwarded-Uri": examining.AS_APP,
        "X-Forwarded-Method": "GET",
    }
    wrong = [name for name in expected if name in told and told[name] != expected[name]]
    for name in wrong:
        yield _header(look, name, told[name])
    if not wrong:
        peer = told.get("peer", "")
        yield Wrong(
            f"the proxy asks from {peer}, which the gate answers no questions of",
            f"set OTPAPP_GATE_PEERS={peer}",
        )


def _header(look: Look, name: str, came: str) -> Wrong:
    values = {
        "X-Original-URL": f"{look.origin}$request_uri",
        "X-Original-Method": "$request_method",
    }
    said = f"the gate is asked with {name} {came}" if came else f"the gate is asked without {name}"
    if name in values:
        return Wrong(said, look.by_line(f"{CHECK}proxy_set_header {name} {values[name]};"))
    return Wrong(said, look.anew)


def _hand_on(look: Look, name: str) -> str:
    low = name.lower().replace("-", "_")
    variable = f"$otpapp_{low}"
    return look.by_line(
        f"where auth_request stands write: auth_request_set {variable} $upstream_http_{low}; "
        f"proxy_set_header {name} {variable};"
    )


def _at_pages(look: Look, line: str) -> str:
    return look.by_line(f'in "location /.otpapp/" write: proxy_set_header {line};')


def _headers(echo: dict[str, Any] | None) -> dict[str, str]:
    return dict(echo["headers"]) if echo else {}
