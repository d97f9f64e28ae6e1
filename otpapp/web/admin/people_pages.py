"""What the pages about people show."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from otpapp.delivery.notices import THINGS
from otpapp.models import Event
from otpapp.rules import events, roles
from otpapp.rules.people import picture, trail
from otpapp.rules.people.directory import Standing, Wanted
from otpapp.rules.people.outcomes import Outcome
from otpapp.rules.people.picture import Picture
from otpapp.rules.people.trail import Page
from otpapp.web import cookie
from otpapp.web.admin import pages, trail_words, words
from otpapp.web.current import now, settings

NEWEST = 5  # lines of the trail beside a person


def person_or_gone(number: UUID) -> Picture:
    """Return the person of this id, or end the request."""
    return picture.of(number, settings(), now()) or abort(404, words.GONE_PERSON)


def one(found: Picture) -> Response:
    """Return all there is to know of a person."""
    newest = trail.page(trail.about(found.user.id), most=NEWEST)
    return pages.page(
        "admin/person.html",
        standing=words.STANDINGS[found.standing],
        kinds=THINGS,
        lines=told(newest),
        **_about(found),
    )


def ask(
    template: str, form: FlaskForm, found: Picture, faults: list[str] | None = None, **shown: Any
) -> Response:
    """Return a page that asks before something is done to a person, with what was in the way."""
    return pages.form(template, form, faults or [], **shown, **_about(found))


def answer(outcome: Outcome, note: str, number: UUID) -> ResponseReturnValue | str:
    """Lead to the person once something is done, or is so already; else return why it is not."""
    if outcome is Outcome.GONE:
        abort(404, words.GONE_PERSON)
    if outcome in words.REFUSED:
        return words.REFUSED[outcome]
    cookie.leave_note("as_before" if outcome is Outcome.SAME else note)
    return redirect(url_for("admin_people.show", number=number), 303)


def told(page: Page) -> list[dict[str, Any]]:
    """Return lines of the trail as tables show them."""
    return [_line(one, page.names) for one in page.lines]


def asked(name: str) -> str:
    """Return a field of the query, without what is no text (NUL ends no search by a 500)."""
    return "".join(filter(str.isprintable, request.args.get(name, ""))).strip()


def wanted() -> Wanted:
    """Return whom the query asks for; what it cannot mean asks for nothing."""
    role, standing = asked("role"), asked("standing")
    return Wanted(
        part=asked("part"),
        role=role if role in roles.ROLES else "",
        group=asked("group"),
        standing=Standing(standing) if standing in set(Standing) else None,
    )


def narrowed(by: Any) -> dict[str, str]:
    """Return the fields of a query that asks for the same once more."""
    return {name: value for name, value in asdict(by).items() if value}


def _about(found: Picture) -> dict[str, Any]:
    first = found.identifiers[0] if found.identifiers else None
    who = first.address if first else str(found.user.id)
    return {"person": found, "who": who, "is_me": found.user.id == pages.me()}


def _line(line: Event, names: dict[UUID, str]) -> dict[str, Any]:
    _, admin = events.doer(line)
    who = names.get(line.user_id, "") if line.user_id else ""
    return {
        "at": line.at,
        "said": trail_words.said(line, who or "Somebody"),
        "kind": trail_words.kind(line),
        "user_id": line.user_id,
        "who": who,
        "subject": line.subject,
        "admin": admin,
        "by": names.get(admin, "") if admin else "",
        "whence": ", ".join(filter(None, (line.browser, line.ip))),
    }
