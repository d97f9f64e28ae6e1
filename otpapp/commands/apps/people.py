"""flask apps guest, why"""

import json

import click

from otpapp.clock import utc_now
from otpapp.commands.addresses import address_of, owner_of
from otpapp.commands.apps.reading import app_of, end_of, settings
from otpapp.commands.database import with_database
from otpapp.rules.gate import apps, deciding, guests, people, rules, wanted
from otpapp.transaction import transaction
from otpapp.web import reasons


@click.command("guest")
@click.argument("name")
@click.argument("identifier")
@click.option("--until", default="", help="The last day, as 2026-12-24 (UTC).")
@click.option("--path", default="/", show_default=True, help="Of the rule that lets them in.")
@click.option("--end", is_flag=True, help="Let them in no more, at no path.")
@with_database
def guest(name: str, identifier: str, until: str, path: str, end: bool) -> None:
    """Let the person of IDENTIFIER open an app until a day, or no more.

    A guest passes one rule: that of the whole app, unless --path names another. They need to be a
    user, as everybody: where nobody can sign up, see flask users create.

    \b
    Examples:
      flask apps guest wiki bob@client.example --until 2026-12-24
      flask apps guest wiki bob@client.example --end
    """
    address, now = address_of(identifier), utc_now()
    kept = rules.canonical_path(path) or path
    if bool(until) is end:
        raise click.ClickException("Say until when with --until, or --end.")
    last = now if end else end_of(until)
    if last < now:
        raise click.ClickException(f"{until} is over.")
    with transaction():
        app = app_of(name)
        if end and not guests.end(app, address.key, now):
            raise click.ClickException(f"{address.text} is no guest of {name}.")
        if not end and not guests.let_in(app, kept, address.key, last, now):
            paths = ", ".join(rule.path for rule in apps.plan_of(app).rules)
            raise click.ClickException(f"{name} has no rule for {path}. It has: {paths}.")
    done = "no guest any more" if end else f"a guest of {name} until {last:%Y-%m-%d %H:%M} UTC"
    click.echo(f"{address.text} is {done}.")


@click.command("why")
@click.argument("identifier")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_database
def why(identifier: str, url: str, as_json: bool) -> None:
    """Say whether the person of IDENTIFIER may open URL, and by which rule.

    \b
    Example:
      flask apps why alice@example.org https://wiki.example.org/admin
    """
    found = wanted.read(url)
    app = apps.at(found.origin) if found else None
    if found is None or app is None:
        raise click.ClickException(f"{url} is of no app behind the gate; see flask apps list.")
    now, user_id = utc_now(), owner_of(address_of(identifier)).user_id
    who = people.somebody(user_id, app, (), now)
    decision = deciding.decide(apps.plan_of(app).rules, found, who, settings(), now)
    said = reasons.why(app, found, decision, who, settings())
    if as_json:
        rule = decision.rule.as_row() if decision.rule else None
        may = decision.answer in (deciding.Answer.ENTER, deciding.Answer.PROVE)
        click.echo(json.dumps({"app": app.name, "may": may, "rule": rule, "why": said}))
        return
    click.echo(said)
