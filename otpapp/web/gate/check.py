"""The check, answered before Flask: may whoever sent this request open what it asks for?

It is asked for every picture and script of every app, so it pays for no page; what is decided is
decided by the rules that the pages use.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask

from otpapp import metrics
from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.rules import sessions
from otpapp.rules.gate import assertions, checking, deciding, keys
from otpapp.rules.gate.checking import Seen
from otpapp.rules.gate.deciding import Answer
from otpapp.settings import Settings
from otpapp.transaction import transaction
from otpapp.web.errors import DATABASE_FAULTS
from otpapp.web.gate import answers, asked, cookies, examining, identity
from otpapp.web.gate.answers import Reply
from otpapp.web.gate.asked import Asked

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
log = logging.getLogger("otpapp.gate")
REFUSED_PAGE = "/.otpapp/refused"
TOUCH_WAITS = 100  # milliseconds


@dataclass(frozen=True)
class Habit:
    """How one kind of proxy asks, and what it can make use of."""

    read: Callable[[Environ], Asked | None]
    sign_in: Callable[[Asked], Reply]
    unclear: Reply
    broken: Reply
    shows_pages: bool


HABITS = {
    # nginx shows anything but 200, 401 and 403 as a bare 500.
    "/gate/nginx": Habit(
        asked.by_nginx,
        answers.sign_in_by_nginx,
        unclear=replace(answers.REFUSED, meaning="unclear"),
        broken=replace(answers.REFUSED, meaning="broken"),
        shows_pages=False,
    ),
    "/gate/forward": Habit(
        asked.by_forward,
        answers.sign_in_by_forward,
        unclear=answers.UNCLEAR,
        broken=answers.BROKEN,
        shows_pages=True,
    ),
}


class Gate:
    """A layer around the app that answers the paths of checks, and leaves all others alone."""

    def __init__(self, app: Flask, inner: Wsgi, settings: Settings) -> None:
        self._app, self._inner, self._settings = app, inner, settings
        networks = [ip_network(one) for one in settings.gate_peers]
        self._is_peer = lru_cache(maxsize=256)(lambda address: _is_in(address, networks))
        with app.app_context():
            self._looking = checking.prepare(db.engine)
            app.extensions["otpapp.looking"] = self._looking
            self._looking_for_keys = keys.prepare(db.engine)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request. Whatever goes wrong, nobody is let through (X27)."""
        habit = HABITS.get(environ.get("PATH_INFO", ""))
        if habit is None:
            return self._inner(environ, start_response)
        try:
            reply = self._reply(habit, environ)
        except DATABASE_FAULTS as error:
            log.error("the database did not answer a check: %s", error.orig)
            reply = habit.broken
        except Exception:
            log.exception("a fault in a check")
            reply = habit.broken
        if isinstance(reply, Asked):
            metrics.count_check(answers.REFUSED.meaning)
            return self._inner(_for_page(environ, reply), start_response)
        metrics.count_check(reply.meaning)
        start_response(reply.status, [*reply.headers, ("Content-Length", str(len(reply.body)))])
        return [reply.body]

    def _reply(self, habit: Habit, environ: Environ) -> Reply | Asked:
        """Return the answer; where the page of a refusal shall follow, what was asked for."""
        found = habit.read(environ) if self._is_peer(environ.get("REMOTE_ADDR", "")) else None
        examined = examining.answer(environ, found, self._settings)
        if examined:
            return examined
        if found is None:
            log.warning("a check was not asked as it must be; flask doctor says what is wrong")
            return habit.unclear
        now = utc_now()
        if found.key:
            return self._reply_to_program(found, now)
        origin = found.wanted.origin
        seen = cookies.look(self._looking, origin, found.cookie, self._settings, now)
        if seen is None:
            return answers.REFUSED
        decision = deciding.decide(seen.rules, found.wanted, seen.who, self._settings, now)
        match decision.answer:
            case Answer.ENTER:
                return self._passed(found, seen, now)
            case Answer.REFUSED:
                return found if habit.shows_pages else answers.REFUSED
        return habit.sign_in(found)

    def _reply_to_program(self, found: Asked, now: datetime) -> Reply:
        program = keys.look(self._looking_for_keys, found.wanted.origin, found.key, now)
        if program is None:
            return answers.NO_KEY
        if keys.decide(program, found.wanted) is Answer.REFUSED:
            return answers.REFUSED
        if program.due:
            self._note(lambda: keys.use(program, now))
        return self._let_in(found, identity.headers_of_program(program.name))

    def _passed(self, found: Asked, seen: Seen, now: datetime) -> Reply:
        due = seen.due
        if due:
            self._note(lambda: sessions.touch(due, now))
        headers = identity.headers_of(seen.who)
        if self._settings.gate_signed_header and seen.who:
            headers[identity.SIGNED] = assertions.sign(
                seen.who, found.wanted.origin, self._settings, now
            )
        return self._let_in(found, headers)

    def _let_in(self, found: Asked, headers: dict[str, str]) -> Reply:
        headers["Cookie"] = cookies.without_ours(found.cookie)
        is_ours = keys.PREFIX in found.authorization  # however it is spelled
        headers["Authorization"] = "" if is_ours else found.authorization
        return answers.passed(headers, self._settings.gate_cache_seconds)

    def _note(self, work: Callable[[], None]) -> None:
        """Write down that something was used; where that cannot be now, the next check does."""
        with suppress(*DATABASE_FAULTS), self._app.app_context(), transaction(TOUCH_WAITS):
            work()


def _for_page(environ: Environ, found: Asked) -> Environ:
    scheme, _, host = found.wanted.origin.partition("://")
    return environ | {
        "PATH_INFO": REFUSED_PAGE,
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "",
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "0",
        "wsgi.input": BytesIO(),
        "HTTP_HOST": host,
        "HTTP_X_ORIGINAL_URL": found.wanted.url,
        "HTTP_X_FORWARDED_PROTO": scheme,
        "wsgi.url_scheme": scheme,
    }


def _is_in(address: str, networks: list[Any]) -> bool:
    """Say whether checks are taken from `address`; a unix socket has none."""
    if not address:
        return True
    try:
        return any(ip_address(address) in network for network in networks)
    except ValueError:
        return False
