"""flask setup"""

import os
import secrets
from pathlib import Path
from shlex import quote
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import User
from otpapp.rules import identifiers, roles, users
from otpapp.rules.identifiers import Address
from otpapp.settings import BadSettings, Settings, from_env
from otpapp.settings.model import ROOT
from otpapp.settings.safety import is_loopback
from otpapp.transaction import execute, transaction

SECRET_BYTES = 48
_ANYBODY = select(User.id).limit(1)
USED = "There is a site in this database already: flask db upgrade brings it up to date."
NEXT = """
{admin} is the first admin, and {file} holds the settings and the secret key.
Keep a copy of that file apart from the backups: without it nobody's key can be opened.

    set -a; . {file}; set +a
    {bin}/flask doctor
    {bin}/flask send-test {admin}
    {bin}/granian --interface wsgi --no-ws --workers 2 --blocking-threads 1 --port 8000 wsgi:app

What stands in front of it: deploy/nginx/otpapp.conf. As a service: deploy/systemd/."""


@click.command("setup")
@click.option("--public-url", prompt="Where people open this site", metavar="URL")
@click.option("--site-name", prompt="Its name", default="otpapp", metavar="NAME")
@click.option("--admin", prompt="Your email address", metavar="ADDRESS")
@click.option("--mail-server", prompt="The mail server", metavar="HOST")
@click.option("--mail-sender", prompt="The address that codes come from", metavar="ADDRESS")
@click.option("--mail-port", type=int, metavar="PORT", help="Unless it is the usual one.")
@click.option("--mail-security", type=click.Choice(["starttls", "tls", "none"]))
@click.option("--mail-username", metavar="NAME", help="Asks for the password, and shows none.")
@click.option("--mail-password-file", type=click.Path(exists=True), help="In place of asking.")
@click.option("--database-url", default=f"sqlite:///{ROOT}/instance/otpapp.sqlite3", metavar="URL")
@click.option("--proxies", default=1, metavar="NUMBER", help="That stand in front; 1 unless told.")
@click.option("--env-file", type=click.Path(path_type=Path), default=ROOT / "instance/otpapp.env")
@with_appcontext
def setup(env_file: Path, admin: str, **given: Any) -> None:
    """Make a new site: a file of settings, fresh secrets, a database, and its first admin.

    Asks for what is not told. Nothing that is there already is changed.

    \b
    Example:
      flask setup --public-url https://auth.example.org --admin you@example.org
    """
    environ = _environ(given)
    try:
        settings = from_env(environ)
    except BadSettings as error:
        raise click.ClickException("\n".join(["That cannot be:", *error.faults])) from error
    address = identifiers.parse(admin, settings)
    if not isinstance(address, Address):
        raise click.ClickException(f"{admin} is no address that can sign in.")
    file = env_file.absolute()
    _write(file, environ)
    try:
        _make(current_app.extensions["otpapp.factory"](settings), address, settings)
    except BaseException:
        file.unlink()  # no site was made with that secret
        raise
    click.echo(NEXT.format(admin=address.text, file=quote(str(file)), bin=".venv/bin"))


def _environ(given: dict[str, Any]) -> dict[str, str]:
    """Return the environment that a new site runs with."""
    server, is_https = given["mail_server"], urlsplit(given["public_url"]).scheme == "https"
    security = given["mail_security"] or ("none" if is_loopback(server) else "starttls")
    password, file = "", given["mail_password_file"]
    if given["mail_username"] and not file:
        password = click.prompt("The password of the mail server", hide_input=True)
    found = {
        "SECRET_KEY": secrets.token_urlsafe(SECRET_BYTES),
        "PUBLIC_URL": given["public_url"],
        "SITE_NAME": given["site_name"],
        "DATABASE_URL": given["database_url"],
        "TRUSTED_PROXIES": str(given["proxies"] if is_https else 0),
        "MAIL_SERVER": server,
        "MAIL_PORT": str(given["mail_port"] or ""),
        "MAIL_USE_TLS": "true" if security == "starttls" else "",
        "MAIL_USE_SSL": "true" if security == "tls" else "",
        "MAIL_USERNAME": given["mail_username"] or "",
        "MAIL_PASSWORD": password,
        "MAIL_PASSWORD_FILE": str(Path(file).absolute()) if file else "",
        "MAIL_DEFAULT_SENDER": given["mail_sender"],
    }
    return {f"OTPAPP_{name}": text for name, text in found.items() if text}


def _write(file: Path, environ: dict[str, str]) -> None:
    """Write the settings where nothing is yet, for systemd and shells alike, and for us alone."""
    lines = [f"{name}={quote(text)}\n" for name, text in environ.items()]
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise click.ClickException(f"{file} is there already, and stays as it is.") from error
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    with os.fdopen(handle, "w") as opened:
        opened.writelines(lines)
        opened.flush()
        os.fsync(handle)


def _make(app: Flask, admin: Address, settings: Settings) -> None:
    """Make the tables and the first admin, in a database where nothing is yet."""
    with app.app_context():
        try:
            if _has_users():
                raise click.ClickException(USED)
            upgrade()
            with transaction():
                owner = users.create(admin, settings, utc_now())
                assert owner  # noqa: S101 - there was nobody
                roles.give(owner.user_id, "admin", utc_now())
        except SQLAlchemyError as error:
            said = getattr(error, "orig", None) or error
            raise click.ClickException(f"The database cannot be used: {said}") from error


def _has_users() -> bool:
    has_table = inspect(db.engine).has_table(User.__tablename__)
    found = has_table and execute(_ANYBODY).first() is not None
    db.session.rollback()
    return found
