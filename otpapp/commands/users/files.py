"""flask users import and export"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TextIO

import click

from otpapp.clock import utc_now
from otpapp.commands.database import with_database
from otpapp.commands.users import shapes
from otpapp.commands.users.reading import as_json, plural, settings
from otpapp.rules.people import directory, importing, reading, sheets
from otpapp.rules.people.directory import Person, Standing, Wanted
from otpapp.rules.people.importing import Done, Step
from otpapp.rules.people.reading import Fault
from otpapp.transaction import transaction
from otpapp.web import lines

AT_A_TIME = 500  # people
CAN_SIGN_IN = (Standing.ACTIVE, Standing.CLOSED)


@click.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@as_json
@with_database
def import_(file: TextIO, dry_run: bool, as_json: bool) -> None:
    """Add and change people as FILE says, a CSV with the columns email, phone, groups and role.

    Its first line names them, in any order. Several groups stand with blanks between, several
    addresses of a kind with ; between. An empty cell leaves what there is, groups that are named
    are all of that person's. People whom the file does not name stay as they are, and to do it
    twice changes nothing. Lines that are wrong are named, the others are done; the exit code is 1
    then.

    \b
    Examples:
      flask users import people.csv --dry-run
      flask users import people.csv
    """
    try:
        read = reading.read(file.read(), settings())
    except UnicodeDecodeError as error:
        raise click.ClickException("The file is no UTF-8 text.") from error
    seen = importing.preview(read.rows)
    done = seen if dry_run else _apply(seen)
    faults = sorted([*read.faults, *_faults(done)], key=lambda one: one.line)
    counts = Counter(one.done for one in done if isinstance(one, Step))
    _say(counts, faults, dry_run, as_json)
    if faults:
        raise SystemExit(1)


@click.command("export")
@click.option("--all", "is_all", is_flag=True, help="Also who is disabled or frozen.")
@as_json
@with_database
def export(is_all: bool, as_json: bool) -> None:
    """Write all who can sign in as CSV that flask users import reads; with --json a line each.

    Who is disabled or frozen is left out, since to import them elsewhere would let them in there.

    \b
    Example:
      flask users export > people.csv
    """
    if not as_json:
        click.echo(sheets.write([reading.COLUMNS]), nl=False)
    for page in _pages():
        found = [one for one in page if is_all or one.standing in CAN_SIGN_IN]
        if as_json:
            click.echo("".join(json.dumps(shapes.person(one)) + "\n" for one in found), nl=False)
        else:
            click.echo(sheets.write(map(_cells, found)), nl=False)


def _apply(seen: Sequence[Step | Fault]) -> list[Step | Fault]:
    """Do what there is to do, some at a time; return what every line came to."""
    is_news = [isinstance(one, Step) and one.done is not Done.SAME for one in seen]
    rows = [
        one.row for one, news in zip(seen, is_news, strict=True) if news and isinstance(one, Step)
    ]
    done = [one for one, news in zip(seen, is_news, strict=True) if not news]
    for batch in importing.batches(rows):
        with transaction():
            done += importing.apply(batch, settings(), utc_now())
    return done


def _faults(done: Sequence[Step | Fault]) -> list[Fault]:
    return [one for one in done if isinstance(one, Fault)]


def _say(counts: Counter[Done], faults: list[Fault], dry_run: bool, as_json: bool) -> None:
    said = [lines.fault(one, settings()) for one in faults]
    if as_json:
        found = [
            {"line": one.line, "cause": one.cause, "says": words}
            for one, words in zip(faults, said, strict=True)
        ]
        click.echo(json.dumps({**{one: counts[one] for one in Done}, "faults": found}, indent=2))
        return
    for words in said:
        click.echo(words, err=True)
    would = " would be" * dry_run
    click.echo(
        f"{counts[Done.NEW]}{would} new, {counts[Done.CHANGED]}{would} changed, "
        f"{counts[Done.SAME]} the same. {plural(len(faults), 'line')} wrong."
    )


def _pages() -> Iterator[Sequence[Person]]:
    page = directory.page(Wanted(), settings(), most=AT_A_TIME)
    yield page.people
    while page.after:
        page = directory.page(Wanted(), settings(), page.after, AT_A_TIME)
        yield page.people


def _cells(one: Person) -> list[str]:
    emails = ";".join(key for key in one.keys if "@" in key)
    phones = ";".join(key for key in one.keys if "@" not in key)
    return [emails, phones, " ".join(one.groups), one.role]
