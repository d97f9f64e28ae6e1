"""Where the present request comes from, in words of our own."""

import ipaddress
import re

from flask import Request, request

from otpapp.rules.visitor import Visitor
from otpapp.web import cookie

UNKNOWN = "an unknown browser"
# The first match counts: Edge and Opera call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python-requests", "a Python program"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
LONGEST_HEADER = 300


def current_visitor() -> Visitor:
    """Return the visitor of the present request."""
    known = () if request.blueprint == "api" else cookie.known_browser()
    return Visitor(ip_of(request), browser_words(request.headers.get("User-Agent", "")), known)


def ip_of(asked: Request) -> str:
    """Return the client's address: what trusted proxies say, if it is one, else the socket's.

    X24: a header that is no address never becomes a key of any limit.
    """
    before_proxies = asked.environ.get("werkzeug.proxy_fix.orig", {}).get("REMOTE_ADDR", "")
    for text in (asked.remote_addr or "", before_proxies):
        try:
            return str(ipaddress.ip_address(re.sub(r"%.*", "", text)))
        except ValueError:
            continue
    return ""


def browser_words(user_agent: str) -> str:
    """Return "Firefox on Linux" and its like.

    Only words of our own come out, so that no visitor can write into a mail or a page.
    """
    seen = user_agent[:LONGEST_HEADER]
    browser = next((name for mark, name in BROWSERS if mark in seen), "")
    system = next((name for mark, name in SYSTEMS if mark in seen), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"a browser on {system}" if system else UNKNOWN)
