"""The cookies that browsers hold at the hosts of apps, read from and taken out of raw headers.

`cookie.py` is of this site's own; these are set under other hosts, and checks read them before
there is a Flask request.
"""

from datetime import datetime

from otpapp.prepared import Prepared
from otpapp.rules.gate import checking
from otpapp.rules.gate.checking import Seen
from otpapp.rules.gate.wanted import is_within
from otpapp.settings import Settings

FOR_BROWSER, FOR_GATE, FOR_LOOP = "otpapp-browser", "otpapp-gate", "otpapp-again"
OURS = ("otpapp", "__Host-otpapp")
OURS_AS_PATTERN = "(?:__Host-)?otpapp"  # the same, for proxies


def name_of(kind: str, origin: str, settings: Settings) -> str:
    """Return what a cookie is called at the app of `origin`.

    X09: no sibling host can plant one whose name begins with __Host-. The one that all apps share
    cannot have such a name.
    """
    is_own = kind != FOR_GATE or not is_shared(origin, settings)
    return f"__Host-{kind}" if origin.startswith("https:") and is_own else kind


def is_shared(origin: str, settings: Settings) -> bool:
    """Say whether the app of `origin` is opened by the one cookie that apps share."""
    domain = settings.gate_cookie_domain
    return bool(domain) and is_within(origin, domain)


def look(
    looking: Prepared, origin: str, header: str, settings: Settings, now: datetime
) -> Seen | None:
    """Return what the rows say of the app at `origin` and of who sends this Cookie header there."""
    token = value_of(name_of(FOR_GATE, origin, settings), header)
    return checking.look(looking, origin, token, now, is_shared=is_shared(origin, settings))


def value_of(name: str, header: str) -> str:
    """Return the value of the cookie of this name; nothing where there are two of it, or none."""
    found = [value for key, value in _pairs(header) if key == name]
    return found[0] if len(found) == 1 else ""


def is_twice(name: str, header: str) -> bool:
    """Say whether a browser sends two cookies of this name: then none of them counts (X09)."""
    return [key for key, _ in _pairs(header)].count(name) > 1


def without_ours(header: str) -> str:
    """Return a Cookie header as an app shall see it: what opens the gate stays here (X28)."""
    pairs = (f"{key}={value}" for key, value in _pairs(header) if not key.startswith(OURS))
    return "; ".join(pairs)


def _pairs(header: str) -> list[tuple[str, str]]:
    parts = (part.strip().partition("=") for part in header.split(";") if part.strip())
    return [(key.strip(), value.strip()) for key, _, value in parts]
