"""What a proxy keeps of the gate's answers though it must not (X29)."""

from collections.abc import Iterator
from secrets import token_hex

from otpapp.commands.doctor.findings import Wrong
from otpapp.commands.doctor.line import PAGE, PROGRAM
from otpapp.commands.doctor.look import CHECK, Look
from otpapp.web.gate import examining

OPENS_NOTHING = {"Cookie": "otpapp-gate=x"}


def refusal(look: Look) -> Iterator[Wrong]:
    """Yield whether somebody can stay refused though the gate would let them in by now.

    For the same address and cookie the gate leads a browser to the sign-in, and tells a program:
    who hears what another was answered, hears an answer that was kept.
    """
    for path in look.closed[:1]:
        asked, other = (f"{path}?flask-doctor={token_hex(8)}" for _ in range(2))
        look.line.ask(asked, PAGE | OPENS_NOTHING)
        if not look.leads_to_sign_in(look.line.ask(asked, PROGRAM | OPENS_NOTHING)):
            return
        heard = look.line.ask(other, PROGRAM | OPENS_NOTHING)
        # Else the proxy takes every program for a browser, and nothing was kept.
        if heard.wanted != look.origin + other:
            yield Wrong(
                "the proxy keeps what the gate refuses: whoever may come in by now can still be "
                "refused, or led to the sign-in again and again",
                look.by_line(
                    'take out of "location = /.otpapp/check", and wherever else they stand: '
                    "proxy_cache_valid and proxy_ignore_headers"
                ),
            )


def yes(look: Look) -> Iterator[Wrong]:
    """Yield whether what one browser may open, others may, because the answer is kept."""
    stranger = {**PAGE, examining.HEADER: look.proof}
    if look.line.ask(examining.AS_APP, stranger).is_yes:
        yield Wrong(
            "the proxy keeps what the gate says of one browser, and lets all others in by it",
            look.by_line(
                f'{CHECK}proxy_cache_key "$http_cookie|$http_authorization|$request_method '
                f'{look.origin}$request_uri"; and no proxy_cache_valid and no proxy_ignore_headers'
            ),
        )
