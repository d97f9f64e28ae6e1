"""flask doctor: looks through the real proxy at each app, and says which line to change."""

import json
from collections.abc import Callable, Iterator

import click
from flask import current_app
from flask.cli import with_appcontext

from otpapp.clock import utc_now
from otpapp.commands.apps.reading import app_of, settings
from otpapp.commands.doctor import here, inside, kept, outside, server
from otpapp.commands.doctor.findings import Finding, Wrong
from otpapp.commands.doctor.line import Line, NotReachedError
from otpapp.commands.doctor.look import Look
from otpapp.extensions import db
from otpapp.models import App
from otpapp.rules.gate import apps
from otpapp.settings.advice import advice

SITE = (
    ("the settings are those that this database was made with", here.database),
    ("the database takes what is written", server.writable),
    ("the database has room to grow", server.room),
    ("nobody waits for a write of somebody else", server.journal),
    ("nobody else on this machine reads the database", server.private),
    ("messages go out as they come", server.queue),
    ("the mail server takes mail from here", server.mail),
    ("the SMS gateway is reached from here", server.gateway),
    ("nothing was taken away from anybody", here.warned),
    ("the database has the same time", here.clock),
    ("nothing is from the future", server.set_back),
    ("browsers take the cookie that opens apps", here.cookie_domain),
)
Checks = tuple[tuple[str, Callable[[Look], Iterator[Wrong]]], ...]
# Where one of these is wrong, the others could not tell.
FIRST: Checks = (
    ("the proxy asks the gate", outside.asks_the_gate),
    ("no refusal is kept", kept.refusal),
)
OF_APP: Checks = (
    ("the proxy has the same time", outside.clock),
    ("what needs a sign-in leads to it", outside.is_closed),
    ("a form that comes too late is told from a page", outside.tells_forms),
    ("no spelling of a path gets around a rule", outside.spellings),
    ("the gate is told what is asked for", inside.asked),
    ("who somebody is, an app hears from the gate alone", inside.identity),
    ("no look-alike of a header gets through", inside.underscores),
    ("scheme and host arrive as people open them", inside.address),
    ("visitors are told apart by their address", inside.visitor),
    ("what is answered to one browser is for that one", kept.yes),
)
NEEDS_ECHO = (inside.identity, inside.underscores, kept.yes)


@click.command("doctor")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--connect", default="", metavar="HOST:PORT", help="Where the proxy is.")
@click.option("--ca", type=click.Path(exists=True), help="A certificate authority of your own.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
@with_appcontext
def doctor(
    context: click.Context, names: tuple[str, ...], connect: str, ca: str | None, as_json: bool
) -> None:
    """Look at this site and at each app through the proxy in front of it, and say what to change.

    At the settings, the database, the queue, the mail server and the SMS gateway, to which nothing
    is sent, and the clock; then at all apps, unless NAMEs are given. It sends requests as visitors
    do, some of them forged; what it finds wrong it says in words, and then ends with 1.

    \b
    Examples:
      flask doctor
      flask doctor wiki --connect 127.0.0.1:443
    """
    found: dict[str, list[Finding]] = {"this site": []}
    try:
        _examine(names, connect, ca, found)
    finally:
        db.session.rollback()
    if as_json:
        said = {name: [one.as_json() for one in group] for name, group in found.items()}
        click.echo(json.dumps(said, indent=2))
    else:
        click.echo("\n".join(_lines(found)))
    if not all(one.is_well for group in found.values() for one in group):
        context.exit(1)


def _examine(
    names: tuple[str, ...], connect: str, ca: str | None, found: dict[str, list[Finding]]
) -> None:
    site = found["this site"]
    notes = advice(settings(), current_app.extensions["otpapp.environ"])
    site.append(Finding("the settings are those of a server that starts", notes=tuple(notes)))
    for about, check in SITE:
        site.append(Finding(about, tuple(check(settings()))))
        if check is here.database and not site[-1].is_well:
            return
    site.append(Finding("what else there is to know", notes=tuple(server.told(settings()))))
    public = Line(settings().public_url, connect if settings().is_https else "", ca)
    hidden = tuple(here.hidden(settings(), public))
    site.append(Finding("nobody asks the gate but proxies", hidden))
    for app in [app_of(name) for name in names] or apps.every():
        line = Line(app.origin, connect, ca)
        found[f"{app.name}, {app.origin}"] = list(_of_app(app, line))


def _of_app(app: App, line: Line) -> Iterator[Finding]:
    look = Look(apps.plan_of(app), line, settings(), utc_now())
    try:
        for about, check in FIRST:
            found = Finding(about, tuple(check(look)))
            yield found
            if not found.is_well:
                return
        for about, check in OF_APP:
            if check not in NEEDS_ECHO or (look.is_asked and look.as_app.echo()):
                yield Finding(about, tuple(check(look)))
    except NotReachedError as error:
        yield Finding("it answers", (Wrong(str(error), error.fix),))


def _lines(found: dict[str, list[Finding]]) -> Iterator[str]:
    for name, group in found.items():
        yield name
        for one in group:
            yield from one.lines()
    count = sum(len(one.wrong) for group in found.values() for one in group)
    yield f"{count} to put right." if count else "All is well."
