"""What a visitor of the gate wants to open: an address, read so that it has one meaning."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes, urlsplit

LONGEST = 8000  # characters; nginx passes no longer request line than a buffer of 8 KiB
PORTS = {"https": 443, "http": 80}
_URL = re.compile(r"(?P<origin>[A-Za-z]{4,5}://[^/?#\\@\s]+)(?P<path>/[\x21-\x22\x24-\x7e]*)?")
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*"
)
_IPV6 = re.compile(r"\[[0-9a-f:.]{2,45}\]")
# X26: what one server takes for a way up, a slash or an end, and another for a letter.
_AMBIGUOUS = re.compile(
    r"//|/([. ]|%2e|%20)+(?=/|$)|[;\\]|%(2f|5c|25|3b|00)|%(?![0-9a-f]{2})",
    re.IGNORECASE,
)
# What some servers leave out: all from a "?" or "#" that was encoded, dots and blanks at an end.
_LEFT_OUT = re.compile(r"[?#].*|[. ]+(?=/|$)", re.DOTALL)


@dataclass(frozen=True)
class Wanted:
    """One address: `origin` is scheme, host and a port that is not the usual one.

    `path` is what a server would make of the path: decoded, and without what comes after a "?".
    `rest` is path and query as they were sent.
    """

    origin: str
    path: str
    rest: str
    is_ambiguous: bool = False

    @property
    def url(self) -> str:
        """The whole address, as it can be gone back to."""
        return self.origin + self.rest


def read(url: str) -> Wanted | None:
    """Return what `url` names; None if it is no http address that every server reads alike.

    No user, no fragment, no blank, no letter beyond ASCII; hosts in lower case, IDNA-encoded.
    """
    found = _URL.fullmatch(url) if len(url) <= LONGEST else None
    origin = canonical_origin(found["origin"]) if found else None
    if not (found and origin):
        return None
    rest = found["path"] or "/"
    raw = rest.partition("?")[0]
    try:
        path = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return Wanted(origin, raw, rest, is_ambiguous=True)
    # A header that came twice reads like one address after the other.
    is_one = is_plain(raw) and path.isprintable() and f",{found['origin']}" not in rest
    return Wanted(origin, path, rest, is_ambiguous=not is_one)


@lru_cache(maxsize=256)
def canonical_origin(origin: str) -> str | None:
    """Return `scheme://host[:port]` as every spelling of it is compared; None if it is none."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").removesuffix(".")
    if "[" in parts.netloc:
        host = f"[{host}]"
    if scheme not in PORTS or not (_HOST.fullmatch(host) or _IPV6.fullmatch(host)):
        return None
    if parts.username is not None or parts.path or parts.query or parts.fragment or port == 0:
        return None
    return f"{scheme}://{host}" if port in (None, PORTS[scheme]) else f"{scheme}://{host}:{port}"


def host_of(origin: str) -> str:
    """Return the host of a canonical origin, which is all that cookies know of it."""
    return urlsplit(origin).hostname or ""


def is_within(origin: str, domain: str) -> bool:
    """Say whether the host of a canonical origin is `domain` or below it."""
    return f".{host_of(origin)}".endswith(f".{domain}")


def is_plain(path: str) -> bool:
    """Say whether every server reads this path alike: no way up, no empty part, nothing hidden."""
    return path.isprintable() and not _AMBIGUOUS.search(path)


def folded(path: str) -> str:
    """Return what a path is to servers that know neither case nor forms of letters (UAX 15).

    Two paths that any of them takes for one are one here (X26).
    """
    one = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
    return _LEFT_OUT.sub("", one) or "/"


def covers(prefix: str, path: str) -> bool:
    """Say whether `path` is `prefix` or below it: /admin covers /admin/x, not /administrator."""
    return path == prefix or path.startswith(prefix if prefix.endswith("/") else prefix + "/")
