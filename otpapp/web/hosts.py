"""Under which hosts this site answers: its own, and those of apps for the gate's pages there."""

from flask import abort, g, request

from otpapp.models import App
from otpapp.rules.gate import apps
from otpapp.rules.gate.wanted import canonical_origin
from otpapp.web.current import settings
from otpapp.web.gate import examining

AT_APPS = "/.otpapp/"  # what nginx passes on to us from the hosts of apps
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def known_host() -> None:
    """Answer only under the public host (X22); off production also under loopback names.

    The paths of the gate at apps are answered under the hosts of apps, and nowhere else.
    """
    if request.blueprint == "health":
        return  # a supervisor asks by whichever address it has; nothing there follows from the host
    if request.path.startswith(AT_APPS):
        g.app_here = _app_here() or _app_examined()
        if g.app_here is None:
            abort(400, "There is no app at this address. Whoever runs it: see flask apps list.")
        return
    host, ours = request.host.lower(), settings().public
    if request.scheme not in ("http", "https"):
        abort(400)  # a proxy passed on what a client wrote
    if host == ours.netloc:
        return
    if not settings().is_production and host.rpartition(":")[0] in LOOPBACK:
        return
    abort(400, f"This site answers only at {settings().public_url}.")


def _app_here() -> App | None:
    """Return the app of this host: by the scheme that proxies told, or the one that there is."""
    for scheme in dict.fromkeys((request.scheme, "https", "http")):
        origin = canonical_origin(f"{scheme}://{request.headers.get('Host', '')}")
        found = apps.at(origin) if origin else None
        if found:
            return found
    return None


def _app_examined() -> App | None:
    """Return the app that flask doctor looks at, whatever address its proxy has us believe."""
    if request.path not in examining.ECHOES:
        return None
    return apps.at(examining.app_of(request.headers, settings()))
