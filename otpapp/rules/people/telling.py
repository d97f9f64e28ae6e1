"""Lines of the trail as programs and spreadsheets read them."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from otpapp.models import Event
from otpapp.rules import events
from otpapp.rules.people import sheets, trail
from otpapp.rules.people.trail import Page, Sought

FIELDS = ("id", "at", "kind", "verdict", "user", "who", "subject", "ip", "browser", "detail")
HEADER = sheets.write([FIELDS])
AT_A_TIME = 500  # lines


def fields(line: Event, names: dict[UUID, str]) -> dict[str, str | int]:
    """Return what there is to say of a line, under the names of FIELDS; its instant is ISO 8601."""
    user = str(line.user_id or "")
    who = names.get(line.user_id, "") if line.user_id else ""
    rest = {name: getattr(line, name) for name in FIELDS[6:]}
    at = {"id": line.id, "at": line.at.isoformat()}
    return {**at, "kind": line.kind, "verdict": line.verdict, "user": user, "who": who, **rest}


def as_json(page: Page) -> str:
    """Return the lines of a page as JSON, a line each."""
    return "".join(json.dumps(fields(line, page.names)) + "\n" for line in page.lines)


def as_csv(page: Page) -> str:
    """Return the lines of a page as CSV without a header; no cell of it is a formula."""
    return sheets.write(_cells(fields(line, page.names).values()) for line in page.lines)


def pages(sought: Sought, most: int) -> Iterator[Page]:
    """Yield what is sought, the newest first, some lines at a time, until there were `most`."""
    before, left = 0, most
    while left:
        page = trail.page(sought, before, min(AT_A_TIME, left))
        yield page
        before, left = page.before, (left - len(page.lines)) if page.before else 0


def record_exported(kind: str, now: datetime, by: UUID) -> None:
    """Tell the trail that an admin has it as a file of this kind."""
    events.record("events.exported", now, user_id=by, detail=kind)


def _cells(values: Iterable[str | int]) -> list[str]:
    return [str(one) for one in values]
