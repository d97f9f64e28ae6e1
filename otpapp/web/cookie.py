"""The only module that touches our cookies: which challenges and which session they name."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Response, after_this_request, current_app, request, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, Signer, TimestampSigner, URLSafeTimedSerializer
from werkzeug import Response as Answer

# Pairs of reference and handle, the newest last; a list, since the cookie sorts what is a dict.
CHALLENGES = "challenges"
SESSION = "session"
PENDING = "pending"
ADDING = "adding"
BROWSER = "browser"
NOTE, ADDRESS = "note", "address"  # what one page leaves for the next
KNOWN_FOR = timedelta(days=365)
MOST_CHALLENGES = 10  # one a tab; more than that is nobody's browser, and a cookie is 4 KiB


class Ageless(TimestampSigner):
    """Signs when, and never asks: how long something holds is for its row to say.

    X43: Flask's own takes a cookie for forged whose time has yet to come, so that a clock that is
    set back by a second signs everybody out.
    """

    def unsign(self, signed_value: Any, max_age: Any = None, return_timestamp: Any = False) -> Any:
        """Return what was signed, however long ago."""
        return super().unsign(signed_value, None, return_timestamp)


class Sessions(SecureCookieSessionInterface):
    """The cookie session of Flask, without an age."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookie."""
        found = super().get_signing_serializer(app)
        if found:
            found.signer = Ageless
        return found


def init_app(app: Flask) -> None:
    """Have Flask keep its session in our cookie."""
    app.session_interface = Sessions()


def remember_challenge(reference: str, handle: str) -> None:
    """Keep the handle of a challenge this browser asked for, under its reference letters."""
    held = [pair for pair in handles().items() if handle not in pair and reference not in pair]
    session[CHALLENGES] = [*held, (reference, handle)][-MOST_CHALLENGES:]


def forget_challenge(reference: str) -> None:
    """Let go of one challenge."""
    session[CHALLENGES] = [pair for pair in handles().items() if reference not in pair]


def handles() -> dict[str, str]:
    """Return the handles this browser holds, by reference, the newest last."""
    return dict(session.get(CHALLENGES, ()))


def handle(reference: str) -> str | None:
    """Return the handle under `reference`; without a reference, the newest one."""
    held = handles()
    return held.get(reference) if reference else next(reversed(held.values()), None)


def hold_adding(new_handle: str) -> None:
    """Keep the handle of the address that is being added in this browser; the one before goes."""
    session[ADDING] = new_handle


def adding() -> str:
    """Return the handle of the address that is being added in this browser, or nothing."""
    held = session.get(ADDING)
    return held if isinstance(held, str) else ""


def browser_secret() -> str:
    """Return a random value that this browser alone holds, made when first asked for."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(16)
    return str(session[BROWSER])


def token() -> str:
    """Return the token of the user session this browser holds, or nothing."""
    held = session.get(SESSION)
    return held if isinstance(held, str) else ""


def pending_token() -> str:
    """Return the token of the sign-in under way in this browser, or nothing."""
    held = session.get(PENDING)
    return held if isinstance(held, str) else ""


def hold_pending(new_token: str) -> None:
    """Start from an empty cookie that holds only a sign-in under way (X07)."""
    session.clear()
    session[PENDING] = new_token


def renew(new_token: str, *, keep: bool) -> None:
    """Start from an empty cookie that holds only `new_token`.

    X07: nothing from before the sign-in is carried over, the CSRF token included.
    """
    session.clear()
    session[SESSION] = new_token
    session.permanent = keep


def clear() -> None:
    """Empty the cookie."""
    session.clear()


def known_browser() -> tuple[str, ...]:
    """Return the tokens of a browser that signed people in before, if the cookie is ours."""
    held = request.cookies.get(_name("known"), "")
    try:
        return tuple(_signer().unsign(held).decode().split("."))
    except BadSignature:
        return ()


def keep_known_browser(tokens: tuple[str, ...]) -> None:
    """Let this browser be known for a year from now on, whoever signs out of it meanwhile."""

    @after_this_request
    def keep(answer: Response) -> Response:
        value = _signer().sign(".".join(tokens)).decode()
        answer.set_cookie(_name("known"), value, max_age=KNOWN_FOR, **_attributes())
        return answer


def leave_note(name: str, kind: str = NOTE) -> None:
    """Keep one word for the next page to say, or the address that it shall fill in.

    It has a cookie of its own: a page that takes it while another tab signs in must not put the
    signed cookie back to what it was before.
    """

    @after_this_request
    def keep(answer: Response) -> Response:
        answer.set_cookie(_name(kind), name, **_attributes())
        return answer


def take_note(kind: str = NOTE) -> str:
    """Return the word, or the address, that was left for this page, once."""
    name = request.cookies.get(_name(kind), "")

    @after_this_request
    def forget(answer: Response) -> Response:
        if name:
            answer.delete_cookie(_name(kind), **_attributes())
        return answer

    return name


def kept(kind: str) -> str:
    """Return what was kept in a cookie of its own, and leave it there."""
    return request.cookies.get(_name(kind), "")


def share(answer: Answer, token: str, domain: str) -> None:
    """Let `token` be sent to all hosts of `domain`: our one cookie that leaves this host."""
    answer.set_cookie("otpapp-gate", token, domain=domain, **_attributes())


def _name(kind: str) -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-{kind}"


def _signer() -> Signer:
    newest_first = current_app.extensions["otpapp.settings"].secrets
    return Signer([*reversed(newest_first)], salt="known browser", digest_method=hashlib.sha256)


def _attributes() -> dict[str, Any]:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    return {"secure": secure, "httponly": True, "samesite": "Lax"}
