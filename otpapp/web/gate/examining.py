"""What flask doctor may ask of the gate, so that it can say what arrives here and what does not.

It proves by a signature that it has the secrets of this site. With that in a cookie a check lets
it through to a page of ours that repeats what came, and to nothing else.
"""

import hashlib
from typing import Any
from urllib.parse import urlencode

from flask import Request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.datastructures import Headers

from otpapp.settings import Settings
from otpapp.web.gate import answers, cookies, identity
from otpapp.web.gate.answers import Reply
from otpapp.web.gate.asked import Asked

COOKIE, HEADER = "otpapp-doctor", "X-Otpapp-Doctor"
AS_APP, AS_PAGE = "/.otpapp/echo", "/.otpapp/echo-here"
ECHOES = (AS_APP, AS_PAGE)
ASKED_WRONGLY = "/.otpapp/asked-wrongly"
LASTS = 60  # seconds
LONGEST = 300  # characters of a header that are told
DOCTOR = dict.fromkeys((*identity.NAMES, identity.SIGNED), "flask-doctor")
BY_NGINX = ("X-Original-URL", "X-Original-Method")
BY_FORWARD = ("X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Uri", "X-Forwarded-Method")


def prove(origin: str, settings: Settings) -> str:
    """Return what lets the doctor look at the app of `origin` for a minute."""
    return _signer(settings).sign(origin).decode()


def app_of(headers: Headers, settings: Settings) -> str:
    """Return the origin of the app that the sender of these may look at; nothing without proof."""
    return _proved(headers.get(HEADER, ""), settings)


def answer(environ: dict[str, Any], found: Asked | None, settings: Settings) -> Reply | None:
    """Return the answer to a check of the doctor's: yes, or what was asked; None to all others.

    X25: yes only to the one address that leads back to us, at the app that the proof is for.
    """
    header = environ.get("HTTP_COOKIE", "")
    origin = _proved(cookies.value_of(COOKIE, header), settings) if COOKIE in header else ""
    if not origin:
        return None
    if found and found.wanted.url == origin + AS_APP:
        ours = {"Cookie": cookies.without_ours(header), "Authorization": found.authorization}
        return answers.passed(DOCTOR | ours, settings.gate_cache_seconds)
    way = f"{origin}{ASKED_WRONGLY}?{urlencode(_told(environ, found))}"
    way_back = (answers.NO_STORE, ("Location", way))
    return Reply("401 Unauthorized", way_back, meaning="examined")


def arrived(request: Request) -> dict[str, Any]:
    """Return a request as this site sees it, and the headers as they came."""
    before = request.environ.get("werkzeug.proxy_fix.orig", {})
    return {
        "scheme": request.scheme,
        "host": request.host,
        "address": request.remote_addr,
        "peer": before.get("REMOTE_ADDR", request.remote_addr),
        "headers": dict(request.headers.items()),
    }


def _told(environ: dict[str, Any], found: Asked | None) -> dict[str, str]:
    names = BY_NGINX if environ.get("PATH_INFO", "").endswith("/nginx") else BY_FORWARD
    came = {name: environ.get("HTTP_" + name.upper().replace("-", "_"), "") for name in names}
    cut = {name: value[:LONGEST] for name, value in came.items()}
    return cut | {"peer": environ.get("REMOTE_ADDR", ""), "read": found.wanted.url if found else ""}


def _proved(proof: str, settings: Settings) -> str:
    try:
        return _signer(settings).unsign(proof, max_age=LASTS).decode()
    except BadSignature:
        return ""


def _signer(settings: Settings) -> TimestampSigner:
    secrets = [*reversed(settings.secrets)]
    return TimestampSigner(secrets, salt="flask doctor", digest_method=hashlib.sha256)
