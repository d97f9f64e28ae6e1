"""Where a request comes from, by what its browser says of that."""

from urllib.parse import urlsplit

from flask import request

from otpapp.web.current import settings

HERE = "same-origin"


def comes_from_elsewhere() -> bool:
    """Say whether a page of another site or host is behind this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in (HERE, "none")
    return bool(_said()) and not _is_ours(_said())


def comes_from_here() -> bool:
    """Say whether a page of ours is behind this request, and its browser says so."""
    site = request.headers.get("Sec-Fetch-Site")
    return site == HERE if site is not None else _is_ours(_said())


def referring() -> str:
    """Return the origin of the page before; null where its address is none."""
    return _origin(request.headers.get("Referer", ""))


def _said() -> str:
    return request.headers.get("Origin") or referring()


def _is_ours(origin: str) -> bool:
    return origin in (settings().public_url, request.host_url.rstrip("/"))


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "null"
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
