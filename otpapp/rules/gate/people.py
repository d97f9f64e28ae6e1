"""Who somebody is at the gate, and what is open to them, read for pages and commands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from otpapp.extensions import db
from otpapp.models import App, Proof, User
from otpapp.rules import groups, users
from otpapp.rules.gate import apps, deciding, guests, wanted
from otpapp.rules.gate.deciding import Answer, Somebody
from otpapp.settings import Settings


@dataclass(frozen=True)
class Opening:
    """An app that somebody may open, and where; `asks_more` where they must prove more first."""

    title: str
    url: str
    asks_more: bool


def somebody(user_id: UUID, app: App, given: tuple[Proof, ...], now: datetime) -> Somebody | None:
    """Return the user as the rules of `app` see them; nobody, if there is none or disabled."""
    return next(iter(_at_each(user_id, [app], given, now).values()), None)


def openings(
    user_id: UUID, given: tuple[Proof, ...], settings: Settings, now: datetime
) -> list[Opening]:
    """Return the apps that a user may open, each at the first path that is open to them."""
    every = apps.every()
    if not every:
        return []
    at_each = _at_each(user_id, every, given, now)
    found = (_opening(app, at_each.get(app.id), settings, now) for app in every)
    return [one for one in found if one]


def _at_each(
    user_id: UUID, every: Iterable[App], given: tuple[Proof, ...], now: datetime
) -> dict[int, Somebody]:
    """Return the user at each app.

    Only verified identifiers count: of the others nobody has shown that they are this user's.
    """
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at:
        return {}
    keys = tuple(one.key for one in users.addresses_of(user_id) if one.verified_at)
    who = Somebody(user_id, user.role, keys, groups.of(user_id), given)
    invited = guests.paths_of(keys, now)
    return {app.id: replace(who, guest_of=invited.get(app.id, ())) for app in every}


def _opening(app: App, who: Somebody | None, settings: Settings, now: datetime) -> Opening | None:
    rules = apps.plan_of(app).rules
    for path in sorted(rule.path for rule in rules):
        place = wanted.read(app.origin + quote(path))
        assert place  # noqa: S101 - of what is kept every server makes the same
        answer = deciding.decide(rules, place, who, settings, now).answer
        if answer in (Answer.ENTER, Answer.PROVE):
            return Opening(app.title, place.url, answer is Answer.PROVE)
    return None
