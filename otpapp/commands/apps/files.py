"""flask apps export, import"""

from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

import click

from otpapp.clock import utc_now
from otpapp.commands.apps.reading import settings
from otpapp.commands.database import with_database
from otpapp.rules.gate import apps, files
from otpapp.rules.gate.apps import Plan
from otpapp.transaction import transaction


@click.command("export")
@with_database
def export() -> None:
    """Write all apps and their rules as TOML; guests and groups stay here.

    \b
    Example:
      flask apps export > apps.toml
    """
    click.echo(files.write([apps.plan_of(one) for one in apps.every()]), nl=False)


@click.command("import")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@with_database
def import_(file: TextIO, dry_run: bool) -> None:
    """Add and change apps as FILE says: all of them, or none where one is wrong.

    Apps that the file does not name stay as they are. To do it twice changes nothing.

    \b
    Examples:
      flask apps import apps.toml --dry-run
      flask apps import apps.toml
    """
    try:
        found = files.read(file.read(), settings())
    except UnicodeDecodeError as error:
        raise click.ClickException("The file is no UTF-8 text.") from error
    if found.faults:
        raise click.ClickException("Nothing was changed.\n" + "\n".join(found.faults))
    done: dict[str, str] = {}
    with suppress(_OnlyLooked), transaction():
        done = _keep(found.plans)
        if dry_run:
            raise _OnlyLooked
    would = "would be " if dry_run else ""
    for name, what in done.items():
        click.echo(f"{name}: {'stays the same' if what == 'same' else would + what}")


class _OnlyLooked(Exception):
    """Nothing is to be kept."""


def _keep(plans: Sequence[Plan]) -> dict[str, str]:
    done = apps.keep_all(plans, utc_now())
    for plan in plans:
        if done[plan.name] is None:
            raise click.ClickException(
                f"Nothing was changed. The host of {plan.origin}, of {plan.name}, has another app."
            )
    return {name: what for name, what in done.items() if what}
