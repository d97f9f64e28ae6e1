"""What a proxy must be told so that it asks the gate for an app, written out for that app."""

import re
from dataclasses import dataclass
from itertools import chain, product
from urllib.parse import urlsplit

from flask import render_template

from otpapp.models import App
from otpapp.rules.gate import keys
from otpapp.settings import Settings
from otpapp.web.gate import cookies, examining, identity

KINDS = {
    "nginx": "snippets/nginx.txt",
    "traefik": "snippets/traefik.txt",
    "caddy": "snippets/caddy.txt",
}
# What the check reads of a request, but for what the proxy itself says of it.
ASKED_BY = (
    *("Accept", "Authorization", "Cookie", "Referer"),
    *("Sec-Fetch-Mode", "Sec-WebSocket-Key", "X-Requested-With"),
)
# What the gate's own pages read of it.
SHOWN_BY = (
    *("Accept", "Accept-Encoding", "Accept-Language", "User-Agent"),
    *("If-Modified-Since", "If-None-Match", examining.HEADER),
)
# What apps go by, besides who somebody is.
OF_PROXY = (
    *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Uri"),
    *("X-Original-URL", "X-Rewrite-URL"),
)
_FOLDER = re.compile(r"(/[\w.@+-]+)+/?")
_PATH = re.compile(r"(/[\w.~-]+)+/?")
_TO = re.compile(r"https?://[\w.\[\]:-]+(/[\w./~-]*)?")
_AT = re.compile(r"[\w.\[\]:-]+:\d{1,5}|unix:(/[\w.@+-]+)+")


@dataclass(frozen=True)
class Site:
    """An app as a proxy serves it: from `root`, a folder, or from `to`, an address.

    `at` is where otpapp itself is served; `certificate` a folder with that of the app.
    """

    name: str
    title: str
    origin: str
    portal: str
    at: str
    to: str = ""
    root: str = ""
    public: tuple[str, ...] = ()
    certificate: str = ""
    cache_seconds: int = 0

    @property
    def id(self) -> str:
        """What stands before each name of its own, so that many apps can live in one proxy."""
        return id_of(self.name)

    @property
    def is_https(self) -> bool:
        """Whether people open it over TLS."""
        return self.origin.startswith("https:")

    @property
    def scheme(self) -> str:
        """How people open it."""
        return urlsplit(self.origin).scheme

    @property
    def netloc(self) -> str:
        """Its host, and its port where that is not the usual one."""
        return urlsplit(self.origin).netloc

    @property
    def host(self) -> str:
        """Its host alone."""
        return self.netloc.rpartition(":")[0] if urlsplit(self.origin).port else self.netloc

    @property
    def port(self) -> int:
        """Its port."""
        return urlsplit(self.origin).port or (443 if self.is_https else 80)

    @property
    def portal_host(self) -> str:
        """The host of the sign-in."""
        return urlsplit(self.portal).netloc

    @property
    def to_origin(self) -> str:
        """Where the app itself is served, without a path."""
        return self.to.removesuffix(urlsplit(self.to).path)

    @property
    def to_path(self) -> str:
        """The path below which it is served there; nothing for all of it."""
        return urlsplit(self.to).path.rstrip("/")

    @property
    def public_pattern(self) -> str:
        """What the paths that are open to anyone begin with, as a regular expression."""
        found = (re.escape(one) + ("" if one.endswith("/") else "$") for one in self.public)
        return f"^({'|'.join(found)})"


def id_of(name: str) -> str:
    """Return what stands before each name that is of the app `name` in a proxy."""
    return f"otpapp_{name.replace('-', '_')}"


def site_of(app: App, settings: Settings, **more: str | tuple[str, ...]) -> Site:
    """Return the site of an app; `more` is what an operator said of it."""
    here = settings.public
    usual = {"at": "127.0.0.1:8000" if settings.is_production else here.netloc}
    return Site(
        app.name,
        app.title,
        app.origin,
        settings.public_url,
        cache_seconds=settings.gate_cache_seconds,
        **usual | {name: said for name, said in more.items() if said},  # type: ignore[arg-type]
    )


def faults(site: Site, kind: str) -> list[str]:
    """Return one sentence for each reason not to write such a site for one of KINDS."""
    checks = [
        (bool(site.to) is bool(site.root), "say --to an address, or --root with a folder"),
        (
            site.to and not _TO.fullmatch(site.to),
            f"{site.to} is no address like http://127.0.0.1:3000",
        ),
        (
            site.root and not _FOLDER.fullmatch(site.root),
            f"{site.root} is no folder like /srv/wiki",
        ),
        (not _AT.fullmatch(site.at), f"{site.at} is no address like 127.0.0.1:8000"),
        (
            site.certificate and not _FOLDER.fullmatch(site.certificate),
            f"{site.certificate} is no folder",
        ),
        (
            kind == "nginx" and site.to_path,
            "nginx would write the paths of requests anew: say --to without a path",
        ),
        (
            kind == "traefik" and (site.root or site.at.startswith("unix:")),
            "Traefik serves no folder and asks no socket: say --to and --at as addresses",
        ),
        (
            # X26: it cannot be told which spellings of a path to refuse.
            kind == "traefik" and site.public,
            "with Traefik the gate is asked about every path: say with flask apps rule which of "
            "them --allow anyone",
        ),
    ]
    paths = [
        (not _PATH.fullmatch(path), f"{path} is no path like /public/") for path in site.public
    ]
    return [sentence for is_wrong, sentence in [*checks, *paths] if is_wrong]


def write(kind: str, site: Site) -> str:
    """Return the configuration of one of KINDS for a site without faults."""
    names = (*identity.NAMES, identity.SIGNED)
    return render_template(
        KINDS[kind],
        site=site,
        identity=names,
        look_alikes=[each for one in (*names, *OF_PROXY) for each in look_alikes(one)],
        asked_by=ASKED_BY,
        shown_by=SHOWN_BY,
        key=keys.PREFIX,
        ours=cookies.OURS_AS_PATTERN,
    )


def look_alikes(name: str) -> list[str]:
    """Return what many servers take for this name of a header: an underscore for any dash."""
    first, *rest = name.split("-")
    spelled = (zip(dashes, rest, strict=True) for dashes in product("-_", repeat=len(rest)))
    return [first + "".join(chain(*each)) for each in spelled][1:]
