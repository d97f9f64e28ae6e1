"""flask events"""

from collections.abc import Iterable

import click

from otpapp.commands.database import with_database
from otpapp.commands.users.reading import as_json, settings
from otpapp.rules.people import seeking, telling, trail
from otpapp.rules.people.seeking import Typed
from otpapp.web import lines


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
    found = seeking.read(Typed(**sought), settings())
    if isinstance(found, list):
        raise click.ClickException(lines.unread(found[0], settings()))
    page = trail.page(found, before, limit)
    if as_json:
        text = telling.as_json(page)
    elif as_csv:
        text = telling.HEADER + telling.as_csv(page)
    else:
        shown = [telling.fields(line, page.names) for line in page.lines]
        text = "".join(_words(one) + "\n" for one in shown)
    click.echo(text, nl=False)
    if page.before:
        click.echo(f"There are more: --before {page.before}", err=True)


def _words(one: dict[str, str | int]) -> str:
    who = one["who"] or one["user"]
    subject = one["subject"] if one["subject"] != who else ""
    said: Iterable[str | int] = (one["id"], str(one["at"])[:19].replace("T", " "), one["kind"])
    more = (one["verdict"], who, subject, one["ip"], one["browser"], one["detail"])
    return "  ".join(str(part) for part in (*said, *filter(None, more)))
