"""flask events"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from uuid import UUID

import click

from otpapp.commands.addresses import address_of
from otpapp.commands.database import with_database
from otpapp.commands.users.reading import as_json, is_id
from otpapp.models import Event
from otpapp.rules.gate import reading
from otpapp.rules.people import picture, sheets, trail
from otpapp.rules.people.trail import Sought

FIELDS = ("id", "at", "kind", "verdict", "user", "who", "subject", "ip", "browser", "detail")


@click.command("events")
@click.option("--person", default="", help="An address, or an id; also of who is deleted.")
@click.option("--kind", default="", help="As session.started.")
@click.option("--ip", default="", help="The address it came from.")
@click.option("--since", default="", help="A day, as 2026-12-24, or an instant; UTC.")
@click.option("--until", default="", help="The last day, or an instant before which; UTC.")
@click.option(
    "--before", type=click.IntRange(0, 10**15), default=0, help="Go on before this number."
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=trail.PAGE, show_default=True)
@as_json
@click.option("--csv", "as_csv", is_flag=True, help="For spreadsheets.")
@with_database
def events(before: int, limit: int, as_json: bool, as_csv: bool, **sought: str) -> None:
    """List what happened, the newest first.

    Each line has its number, the instant in UTC, what happened and how it came out, whose it was,
    from where and by which browser, and what else there is to say. --json writes a line each.

    \b
    Examples:
      flask events
      flask events --person alice@example.org --since 2026-12-01
      flask events --ip 192.0.2.7 --kind code.answered --csv
      flask events --before 4711
    """
    page = trail.page(_sought(**sought), before, limit)
    found = [_fields(line, page.names) for line in page.lines]
    if as_csv:
        text = sheets.write([FIELDS, *([*map(str, one.values())] for one in found)])
    else:
        text = "".join((json.dumps(one) if as_json else _words(one)) + "\n" for one in found)
    click.echo(text, nl=False)
    if page.before:
        click.echo(f"There are more: --before {page.before}", err=True)


def _sought(person: str, kind: str, ip: str, since: str, until: str) -> Sought:
    return replace(
        _about(person),
        kind=kind,
        ip=_ip(ip) if ip else "",
        since=_instant(since) if since else None,
        until=_end(until) if until else None,
    )


def _about(person: str) -> Sought:
    if not person:
        return Sought()
    if is_id(person):
        return trail.about(UUID(person))
    address = address_of(person)
    user_id = picture.whose(address)
    return trail.about(user_id) if user_id else Sought(subjects=(address.key,))


def _ip(typed: str) -> str:
    try:
        return str(ip_address(typed))
    except ValueError as error:
        raise click.ClickException(f"{typed} is no IP address.") from error


def _instant(typed: str) -> datetime:
    try:
        found = datetime.fromisoformat(typed)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise click.ClickException(
            f"{typed} is neither a day nor an instant; write it as 2026-12-24 or 2026-12-24T18:30."
        ) from error


def _end(typed: str) -> datetime:
    return reading.end_of(typed) or _instant(typed)


def _fields(line: Event, names: dict[UUID, str]) -> dict[str, str | int]:
    user = str(line.user_id or "")
    who = names.get(line.user_id, "") if line.user_id else ""
    rest = {name: getattr(line, name) for name in FIELDS[6:]}
    at = {"id": line.id, "at": line.at.isoformat()}
    return {**at, "kind": line.kind, "verdict": line.verdict, "user": user, "who": who, **rest}


def _words(one: dict[str, str | int]) -> str:
    who = one["who"] or one["user"]
    subject = one["subject"] if one["subject"] != who else ""
    said: Iterable[str | int] = (one["id"], str(one["at"])[:19].replace("T", " "), one["kind"])
    more = (one["verdict"], who, subject, one["ip"], one["browser"], one["detail"])
    return "  ".join(str(part) for part in (*said, *filter(None, more)))
