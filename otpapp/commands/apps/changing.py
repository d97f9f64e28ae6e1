"""flask apps add, rule, remove"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import click

from otpapp.clock import utc_now
from otpapp.commands.apps.reading import app_of, check, rule_of
from otpapp.commands.database import with_database
from otpapp.rules.gate import apps, rules
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.wanted import canonical_origin
from otpapp.transaction import transaction

Command = TypeVar("Command", bound=Callable[..., None])


def _asking(command: Command) -> Command:
    for option in (
        click.option("--fresh", type=click.IntRange(1, 43200), help="Proved so many minutes ago."),
        click.option("--proofs", type=click.Choice(rules.PROOFS), default="one", show_default=True),
        click.option("--allow", multiple=True, help="anyone, everyone, group:NAME or an address."),
    ):
        command = option(command)
    return command


@click.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--title", default="", help="As people read it; the name, unless it is given.")
@_asking
@with_database
def add(
    name: str, url: str, title: str, allow: tuple[str, ...], proofs: str, fresh: int | None
) -> None:
    """Put the site at URL behind the gate, under NAME.

    Everyone who is signed in may open all of it, unless --allow says who. For parts of it say more
    with `flask apps rule`.

    \b
    Examples:
      flask apps add wiki https://wiki.example.org --title "Our wiki"
      flask apps add books https://books.example.org --allow group:office --proofs two
    """
    rule = rule_of("/", allow or (rules.EVERYONE,), proofs, fresh)
    plan = Plan(name, title or name, canonical_origin(url.rstrip("/")) or url, (rule,))
    check(plan)
    with transaction():
        if apps.find(name):
            raise click.ClickException(f"There is an app {name} already; see flask apps show.")
        done = apps.keep(plan, utc_now())
    if done is None:
        raise click.ClickException(f"The host of {plan.origin} has another app.")
    click.echo(f"{name} is behind the gate, once nginx asks it for {plan.origin}.")


@click.command("rule")
@click.argument("name")
@click.argument("path")
@_asking
@click.option("--remove", "is_over", is_flag=True, help="Have the rule for PATH no more.")
@with_database
def rule(
    name: str, path: str, allow: tuple[str, ...], proofs: str, fresh: int | None, is_over: bool
) -> None:
    """Say who may open PATH of an app, and all below it.

    The rule with the longest path decides. What is open to anyone needs no sign-in.

    \b
    Examples:
      flask apps rule wiki /admin --allow group:admins --proofs two
      flask apps rule wiki /public --allow anyone
      flask apps rule wiki /public --remove
    """
    if bool(allow) is is_over:
        raise click.ClickException("Say whom it allows with --allow, or --remove.")
    new = rule_of(path, allow, proofs, fresh)
    with transaction():
        before = apps.plan_of(apps.lock(name) or app_of(name))
        others = tuple(one for one in before.rules if one.path != new.path)
        if is_over and others == before.rules:
            raise click.ClickException(f"{name} has no rule for {new.path}.")
        plan = replace(before, rules=others if is_over else (*others, new))
        check(plan)
        apps.keep(plan, utc_now())
    click.echo(f"{name} has {len(plan.rules)} rule{'s' * (len(plan.rules) != 1)} now.")


@click.command("remove")
@click.argument("name")
@click.confirmation_option(prompt="Have the gate let nobody through to it any more?")
@with_database
def remove(name: str) -> None:
    """Have the gate let nobody through to an app, and forget its rules and guests.

    \b
    Example:
      flask apps remove wiki --yes
    """
    with transaction():
        app_of(name)
        apps.remove(name, utc_now())
    click.echo(f"{name} is removed. Whoever asks for it is refused from now on.")
