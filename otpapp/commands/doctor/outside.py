"""What somebody meets who is not signed in: that is what must be closed."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from otpapp.clock import utc_now
from otpapp.commands.doctor.findings import Wrong
from otpapp.commands.doctor.look import CHECK, Look
from otpapp.rules import clocks
from otpapp.web.gate import examining

UNREACHED = (500, 502, 503, 504)
# X26: what one server takes for a way up, a slash or an end, and another for a letter.
SPELLINGS = ("..;/otpapp-doctor", "..%2fotpapp-doctor", "/otpapp-doctor", "..%5cotpapp-doctor")


def asks_the_gate(look: Look) -> Iterator[Wrong]:
    """Yield what keeps the proxy from getting any answer of the gate."""
    heard = look.line.ask(examining.AS_APP)
    if heard.status in UNREACHED:
        yield Wrong(
            f"the proxy gets no answer from the gate, and shows a {heard.status}",
            "see that otpapp runs; where it does, "
            + look.by_line(
                f'have "server" in "upstream {look.id}" name its address, or "proxy_pass" in '
                '"location = /.otpapp/check"'
            ),
        )


def clock(look: Look) -> Iterator[Wrong]:
    """Yield how far the clock of the proxy is from ours."""
    date = look.line.ask(examining.AS_APP).headers.get("date", "")
    try:
        apart = abs(parsedate_to_datetime(date).astimezone(UTC) - utc_now())
    except ValueError:
        return
    if apart > clocks.APART + timedelta(seconds=1):  # its clock tells whole seconds
        yield Wrong(
            f"the clock of the proxy and the one here are {apart.total_seconds():.0f} s apart",
            "set both by NTP: sudo timedatectl set-ntp true",
        )


def is_closed(look: Look) -> Iterator[Wrong]:
    """Yield each path that is open where the rules say that one signs in first."""
    for path in look.closed:
        heard = look.line.ask(path)
        if heard.is_yes:
            yield Wrong(
                f"{path} is open to anybody, though its rule says that one signs in first",
                look.by_line(
                    f'in the "location" that serves {path} write: auth_request /.otpapp/check;'
                    " and all that follows it in the snippet"
                ),
            )
        elif not look.leads_to_sign_in(heard):
            yield Wrong(
                f"{path} answers {heard.status} in place of leading to the sign-in",
                look.by_line(
                    "write: auth_request_set $otpapp_way_in $upstream_http_location;"
                    f" and: error_page 401 = @{look.id}_sign_in;"
                ),
            )
        elif heard.wanted != look.origin + path:
            yield _wrong_url(look, heard.wanted)


def tells_forms(look: Look) -> Iterator[Wrong]:
    """Yield whether a form that was sent is taken for a page that was opened."""
    for path in look.closed[:1]:
        heard = look.line.ask(path, method="POST")
        if look.leads_to_sign_in(heard) and "&lost=1" not in heard.location:
            yield Wrong(
                "the gate is not told that a form was sent",
                look.by_line(f"{CHECK}proxy_set_header X-Original-Method $request_method;"),
            )


def spellings(look: Look) -> Iterator[Wrong]:
    """Yield each spelling of a path that gets around the rule that is meant for it."""
    for base in ("/", *look.open) if look.closed else ():
        for spelling in SPELLINGS:
            path = base.rstrip("/") + "/" + spelling
            if look.line.ask(path).is_yes:
                yield Wrong(
                    f"{path} gets through, which some servers take for another path",
                    look.by_line(
                        f"in the server block write: if (${look.id}_is_unclear) {{ return 400; }}"
                    ),
                )


def _wrong_url(look: Look, came: str) -> Wrong:
    return Wrong(
        f"the gate is told that {came or 'nothing'} is asked for",
        look.by_line(f"{CHECK}proxy_set_header X-Original-URL {look.origin}$request_uri;"),
    )
