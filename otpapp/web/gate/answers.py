"""What the gate answers to a check: as nginx can use it, or as Traefik and Caddy pass it on."""

import json
from dataclasses import dataclass

from otpapp.web.gate.asked import Asked

NO_STORE = ("Cache-Control", "no-store")
JSON, TEXT = ("Content-Type", "application/json"), ("Content-Type", "text/plain; charset=utf-8")
# RFC 9110 section 11.6.1: a 401 names a scheme. Browsers open no window of their own for this one.
SCHEME = ("WWW-Authenticate", 'Bearer realm="otpapp"')
PLEASE = "Sign in first: this needs somebody who is signed in."
CLOSED = "The gate cannot tell who may open this. Tell whoever runs this site."


@dataclass(frozen=True)
class Reply:
    """A whole answer of HTTP, and in one word what it means."""

    status: str
    headers: tuple[tuple[str, str], ...] = (NO_STORE,)
    body: bytes = b""
    meaning: str = "refused"


def passed(headers: dict[str, str], cache_seconds: int) -> Reply:
    """Let the request through, with what the app shall see of it."""
    # X29: the time that a proxy may keep this is ours to say, and only where an operator chose one.
    age = ("X-Accel-Expires", str(cache_seconds)) if cache_seconds else NO_STORE
    return Reply("200 OK", (age, *headers.items()), meaning="passed")


def sign_in_by_nginx(asked: Asked) -> Reply:
    """Have nginx lead a person to sign in; a program finds no Location, and gets nginx's 401."""
    how = ("Location", asked.way_in) if asked.is_navigation else SCHEME
    return Reply("401 Unauthorized", (NO_STORE, how), meaning="sign_in")


def sign_in_by_forward(asked: Asked) -> Reply:
    """Lead a person to sign in; tell a program."""
    if asked.is_navigation:
        status = "303 See Other" if asked.is_lost else "302 Found"
        return Reply(status, (NO_STORE, ("Location", asked.way_in)), meaning="sign_in")
    said = json.dumps({"error": "sign_in", "message": PLEASE, "status": 401}).encode()
    return Reply("401 Unauthorized", (NO_STORE, JSON, SCHEME), said, meaning="sign_in")


_NO_KEY = {"error": "invalid_key", "message": "This key opens nothing here."}
NO_KEY = Reply(
    "401 Unauthorized",
    # RFC 6750 section 3.1.
    (NO_STORE, JSON, ("WWW-Authenticate", 'Bearer realm="otpapp", error="invalid_token"')),
    json.dumps(_NO_KEY).encode(),
    meaning="no_key",
)
REFUSED = Reply("403 Forbidden", (NO_STORE, TEXT), CLOSED.encode())
UNCLEAR = Reply("400 Bad Request", (NO_STORE, TEXT), CLOSED.encode(), meaning="unclear")
BROKEN = Reply(
    "503 Service Unavailable",
    (NO_STORE, TEXT, ("Retry-After", "5")),
    CLOSED.encode(),
    meaning="broken",
)
