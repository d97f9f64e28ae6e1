"""flask check-config"""

import json
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext

from otpapp.settings import BadSettings, from_env
from otpapp.settings.advice import advice


@click.command("check-config")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
@with_appcontext
def check_config(context: click.Context, as_json: bool) -> None:
    """Read the settings, and say all that is wrong, unsafe or unfinished in them.

    Nothing is started, and no database asked; no secret is shown. It ends with 1 where a server
    would not start with these.

    \b
    Example:
      flask check-config
    """
    environ, faults, warnings = current_app.extensions["otpapp.environ"], [], []
    try:
        warnings = advice(from_env(environ), environ)
    except BadSettings as error:
        faults = error.faults
    if as_json:
        click.echo(json.dumps({"faults": faults, "warnings": warnings}, indent=2))
    else:
        click.echo("\n".join(_lines(faults, warnings)))
    if faults:
        context.exit(1)


def _lines(faults: list[str], warnings: list[str]) -> Iterator[str]:
    for said in faults:
        yield f"WRONG    {said}"
    for said in warnings:
        yield f"warning  {said}"
    if faults:
        yield f"{len(faults)} to put right; otpapp does not start so."
    else:
        yield "otpapp starts with these settings. What is behind them: flask doctor"
